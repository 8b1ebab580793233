"""Given rows as changes, and changes as the table that is there in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_stream.results.relation import Relation
from cdk_stream.run.rows import Change, Record, Row
from cdk_stream.run.times import BEGINNING, milliseconds
from cdk_stream.run.values import read_rows

_ENVELOPE = frozenset(("before", "after", "op"))


def arrived(relation: Relation, records: Sequence[Record]) -> list[Change]:
    """Rows as they come: each at the newest event time up to it, so that no input overtakes.

    Where the stream is updated, a row replaces the one with its key; a record with Debezium's
    `before`, `after` and `op` says itself what it does. Raises Unreadable.
    """
    types = {name: field.type for name, field in relation.columns.items()}
    signed: list[tuple[Row, int]]
    if relation.changelog == "append":
        signed = [(row, 1) for row in read_rows(types, records)]
    else:
        signed = list(_updates(relation, types, records))
    names = list(types)
    place = names.index(relation.event_time) if relation.event_time in names else -1
    return list(_timed(signed, place))


def _timed(signed: Iterable[tuple[Row, int]], place: int) -> Iterable[Change]:
    newest: float = BEGINNING
    for row, sign in signed:
        if place >= 0 and row[place] is not None:
            newest = max(newest, milliseconds(row[place]))
        yield Change(row, sign, newest)


def _updates(
    relation: Relation, types: dict[str, str], records: Sequence[Record]
) -> Iterable[tuple[Row, int]]:
    names = list(types)
    key = [names.index(name) for name in relation.key if name in names]
    current: dict[Row, Row] = {}
    for record in records:
        enveloped = "op" in record and record.keys() <= _ENVELOPE | {"source", "ts_ms"}
        deleted = enveloped and record["op"] == "d"
        content = record["before" if deleted else "after"] if enveloped else record
        (row,) = read_rows(types, [content])
        identity = tuple(row[place] for place in key) if key else row
        before = current.pop(identity, None)
        if before is not None:
            yield before, -1
        if not deleted:
            current[identity] = row
            yield row, 1


def table(changes: Iterable[Change]) -> list[Row]:
    """The rows that are there in the end, in the order in which they came."""
    counts: dict[Row, int] = {}
    for row, sign, _ in changes:
        count = counts.get(row, 0) + sign
        if count:
            counts[row] = count
        else:
            del counts[row]
    return [row for row, count in counts.items() for _ in range(count)]
