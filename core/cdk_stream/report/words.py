"""Counts in words; imports next to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream.report.plain import plain

_PLURALS = {"analysis": "analyses", "policy": "policies"}


def plural(count: int, noun: str) -> str:
    """`1 model`, `2 models`."""
    return f"{count} {noun if count == 1 else _PLURALS.get(noun, noun + 's')}"


def compiled_words(counts: Mapping[str, Any]) -> str:
    """The same for counts as plain data: `models` maps backends to numbers."""
    by_backend = sorted(counts["models"].items(), key=lambda item: (-item[1], item[0]))
    models = plural(sum(counts["models"].values()), "model")
    if by_backend:
        models += f" ({', '.join(f'{count} {plain(name)}' for name, count in by_backend)})"
    return ", ".join(
        (
            plural(counts["sources"], "source"),
            models,
            plural(counts["tests"], "test"),
            plural(counts["exposures"], "exposure"),
        )
    )
