"""Bringing bundles from where they lie; the only part that uses the network."""
