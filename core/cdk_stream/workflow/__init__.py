"""The whole way, in order: compile, then check."""
