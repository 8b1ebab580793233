"""Follows every column, type and time attribute through a query, in one pass over its tree."""
