"""What Flink's own planner says of the generated scripts."""
