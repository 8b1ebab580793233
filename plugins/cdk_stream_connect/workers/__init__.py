"""Kafka Connect as a live system: connectors and their tasks."""
