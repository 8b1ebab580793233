"""Continuous tests as queries that give their violations."""
