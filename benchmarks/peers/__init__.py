"""The benchmark's shape as projects of other tools."""
