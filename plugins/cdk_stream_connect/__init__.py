"""Sinks, and sources that a connector fills, as Kafka Connect connectors."""
