"""How rows change over time: appended, updated by key, or taken back."""

from __future__ import annotations

from typing import NamedTuple

from cdk_stream.results.relation import Changelog
from cdk_stream.sql.resolve.scope import Rows
from cdk_stream.sql.resolve.value import Value


class Flow(NamedTuple):
    """The rows at one point of a query."""

    changelog: Changelog = "append"
    key: tuple[str, ...] = ()
    """The spellings that identify a row of an updating flow; () for none."""

    @property
    def updating(self) -> bool:
        return self.changelog != "append"


APPEND = Flow()
RETRACT = Flow("retract")


def of(rows: Rows) -> Flow:
    """The flow of one table."""
    if rows.changelog == "append":
        return APPEND
    return keyed(tuple(f"{rows.tag}.{name}" for name in rows.key))


def keyed(key: tuple[str, ...]) -> Flow:
    """Updates by `key`, or without one, rows that are taken back."""
    return Flow("upsert", key) if key else RETRACT


def joined(left: Flow, right: Flow, side: str, unique_left: bool, unique_right: bool) -> Flow:
    """A regular join; `unique_right`: each left row meets at most one row of the right."""
    if not side and not left.updating and not right.updating:
        return APPEND
    if side in ("", "LEFT") and unique_right and left.key:
        return keyed(left.key)
    if side in ("", "RIGHT") and unique_left and right.key:
        return keyed(right.key)
    if side == "" and left.key and right.key:
        return keyed(left.key + right.key)
    return RETRACT


def projected(flow: Flow, columns: dict[str, Value]) -> tuple[Changelog, tuple[str, ...]]:
    """The changelog mode and key once only `columns` are left."""
    if not flow.updating:
        return "append", ()
    names = {value.spelling: name for name, value in reversed(columns.items())}
    key = tuple(names[part] for part in flow.key if part in names)
    if flow.changelog == "upsert" and len(key) == len(flow.key):
        return "upsert", key
    return "retract", ()
