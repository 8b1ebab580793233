"""A query -> the steps that run it."""
