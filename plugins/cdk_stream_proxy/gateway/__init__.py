"""Conduktor Gateway as a live system: groups, interceptors, rights of a virtual cluster."""
