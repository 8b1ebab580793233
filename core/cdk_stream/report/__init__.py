"""How a verdict is shown: one renderer per format."""
