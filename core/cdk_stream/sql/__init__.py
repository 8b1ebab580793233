"""Flink SQL and CEL: reading, typing and tracing what an author wrote."""
