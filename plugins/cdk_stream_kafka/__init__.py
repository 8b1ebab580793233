"""Kafka itself: topics, schema subjects and access rights."""
