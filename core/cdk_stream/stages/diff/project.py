"""What differs in the project file: people, places and names that nodes only refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.results.change import Aspect
from cdk_stream.stages.diff.codes import aspect

_COSMETIC = ("version",)


def project_aspects(base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Aspect]:
    """One aspect for each entry of a section that differs: `owners.team-fraud`."""
    for section in sorted(base.keys() | head.keys()):
        old, new = base.get(section), head.get(section)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for name in sorted(old.keys() | new.keys()):
                if old.get(name) != new.get(name):
                    yield _entry(f"{section}.{name}", name in old, name in new)
        else:
            yield _entry(section, old is not None, new is not None)


def _entry(place: str, before: bool, after: bool) -> Aspect:
    verb = "changes" if before and after else "is added" if after else "is removed"
    category = "safe" if place in _COSMETIC else "risky"
    return aspect("PROJECT_CHANGED", category, f"'{place}' of the project file {verb}")  # type: ignore[arg-type]
