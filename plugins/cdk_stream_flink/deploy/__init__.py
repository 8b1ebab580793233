"""Jobs on a live Flink: seen, upgraded from savepoints, judged, and put back."""
