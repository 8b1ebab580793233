"""What a bundle lays down for projects: levels, parameters, and what none of them may loosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALL = "all"


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one `bundle.yml` about policies; `ALL` stands for those it brings or sets."""

    file: str = ""
    """Where it stands, for messages."""
    required: Sequence[str] = ()
    """Ids of policies that no project may loosen."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Policy id -> `deny`, `warn` or `off`."""
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Policy id -> parameters."""
    overridable: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Policy id -> parameters that projects may set although it is required."""
    unwaivable: Sequence[str] = ()
    """Ids of policies that no waiver may be about."""

    def means(self, named: Sequence[str], brought: Sequence[str]) -> set[str]:
        """The ids that a list of ids or `ALL` stands for; `brought` are those of the bundle."""
        found = set(named)
        if ALL in found:
            found = (found - {ALL}) | {*brought, *self.levels, *self.params}
        return found


NO_TERMS = Terms()
