"""Rows of a violations topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that does not hold what a continuous test says."""

    test: str
    assertion: str
    model: str
    key: str
    """The row's key as JSON; '' for windows, and for keys that may not be told."""
    values: str
    """What was wrong as JSON; '' where it may not be told."""
    at: str
    """When it was found, or when its window closed: ISO 8601."""

    @classmethod
    def read(cls, row: Any) -> Violation | None:
        """The violation of a decoded row; None when it is something else."""
        if not isinstance(row, Mapping) or not _is_text(row, "test", "assertion", "model", "at"):
            return None
        key, values = (str(row.get(name) or "") for name in ("key", "values"))
        return cls(row["test"], row["assertion"], row["model"], key, values, row["at"])

    @property
    def seconds(self) -> float:
        """`at` since 1970; 0 for what is no time."""
        try:
            found = datetime.fromisoformat(self.at.replace(" ", "T"))
        except ValueError:
            return 0.0
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _is_text(row: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(row.get(name), str) for name in names)


class Violations(Protocol):
    """A topic of violations, read on from where it was committed. All raise `SystemFailed`."""

    def read(self) -> list[Violation]:
        """What has come since, up to the end; some of it when there is much."""
        ...

    def since(self, seconds: float) -> list[Violation]:
        """What has come since that time, without reading on."""
        ...

    def commit(self) -> None:
        """What was read is done with."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
