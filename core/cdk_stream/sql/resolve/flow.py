"""How rows change over time: appended, updated by key, or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cdk_stream.results.relation import Changelog
from cdk_stream.sql.resolve.scope import Rows
from cdk_stream.sql.resolve.value import Value


class Flow(NamedTuple):
    """The rows at one point of a query."""

    changelog: Changelog = "append"
    key: tuple[str, ...] = ()
    """The spellings that identify a row of an updating flow; () for none."""
    others: tuple[tuple[str, ...], ...] = ()
    """Keys that do so as well."""

    @property
    def updating(self) -> bool:
        return self.changelog != "append"

    def keys_with(self, parts: Iterable[str]) -> list[tuple[str, ...]]:
        """The keys that `parts` belong to: rows that are moved by these stay in order."""
        wanted = set(parts)
        keys = (self.key, *self.others) if self.key else ()
        return [key for key in keys if wanted <= set(key)]

    def is_unique(self, parts: Iterable[str]) -> bool:
        """Whether no two rows have the same `parts`."""
        known = set(parts)
        return any(set(key) <= known for key in self.keys_with(()))


APPEND = Flow()
RETRACT = Flow("retract")


def of(rows: Rows) -> Flow:
    """The flow of one table."""
    if rows.changelog == "append":
        return APPEND
    return keyed(tuple(f"{rows.tag}.{name}" for name in rows.key))


def keyed(*keys: tuple[str, ...]) -> Flow:
    """Updates by each of `keys`, or without one, rows that are taken back."""
    told = tuple(dict.fromkeys(key for key in keys if key))
    return Flow("upsert", told[0], told[1:]) if told else RETRACT


def joined(left: Flow, right: Flow, side: str, equal: Sequence[tuple[str, str]]) -> Flow:
    """A regular join by pairs of `equal` spellings.

    A key survives only with all columns joined by: rows are moved by these, and those of one key
    would overtake each other when its other columns change.
    """
    if not side and not left.updating and not right.updating:
        return APPEND
    of_left, of_right = ([pair[index] for pair in equal] for index in (0, 1))
    lefts, rights = left.keys_with(of_left), right.keys_with(of_right)
    keys: list[tuple[str, ...]] = []
    if side in ("", "LEFT") and right.is_unique(of_right):
        keys += lefts
    if side in ("", "RIGHT") and left.is_unique(of_left):
        keys += rights
    if side == "":
        keys += [one + other for one in lefts for other in rights]
    return keyed(*keys)


def projected(flow: Flow, columns: dict[str, Value]) -> tuple[Changelog, tuple[str, ...]]:
    """The changelog mode and key once only `columns` are left."""
    if not flow.updating:
        return "append", ()
    names = {value.spelling: name for name, value in reversed(columns.items())}
    if flow.changelog == "upsert":
        for key in (flow.key, *flow.others):
            if all(part in names for part in key):
                return "upsert", tuple(names[part] for part in key)
    return "retract", ()
