"""Declarations -> typed streams: columns, time, key, changelog mode and lineage."""
