"""The schema registry as a live system."""
