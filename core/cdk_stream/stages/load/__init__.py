"""Files -> declarations, and the schemas they name."""
