"""Schema snapshots of a registry, read as columns."""
