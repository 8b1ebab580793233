"""How much was compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cdk_stream.results.compilation import Compilation


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was compiled and judged, so that an empty project does not look like a good one."""

    sources: int = 0
    models: Mapping[str, int] = field(default_factory=dict)
    """Backend -> how many models it runs."""
    tests: int = 0
    exposures: int = 0
    artifacts: int = 0


def count(compilation: Compilation) -> Counts:
    """Count the nodes of a compilation."""
    kinds = Counter(node_id.partition(".")[0] for node_id in compilation.entries)
    return Counts(
        sources=kinds["source"],
        models=Counter(entry.backend for entry in compilation.entries.values() if entry.backend),
        tests=kinds["test"],
        exposures=kinds["exposure"],
        artifacts=sum(entry.artifacts for entry in compilation.entries.values()),
    )
