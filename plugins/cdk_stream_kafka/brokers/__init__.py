"""The brokers as a live system: topics and rights."""
