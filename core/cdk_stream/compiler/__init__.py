"""Tree -> compilation: every stage in order, for the nodes that changed since the last time."""
