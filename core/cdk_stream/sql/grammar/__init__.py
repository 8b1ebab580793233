"""Reads Flink SQL: from text to sqlglot's tree."""
