"""One table for each family of connectors."""
