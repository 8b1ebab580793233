"""dbt for streaming, governed by Git."""

__version__ = "0.1.0"
