"""Runs models on rows, with the meaning that Flink gives them once all time has passed."""
