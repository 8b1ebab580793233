"""Models as Flink SQL jobs."""
