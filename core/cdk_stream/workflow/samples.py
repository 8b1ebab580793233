"""Where the rows of a run come from: files under samples/, or made up from the schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cdk_stream.results.stream import Stream
from cdk_stream.run.generate import Wanted, made_rows
from cdk_stream.run.rows import Records
from cdk_stream.run.samples import read_samples
from cdk_stream.workflow.compile import Compiled

_LISTED = re.compile(r"\b(\w+)`?\s+IN\s*\(\s*('[^()]*')\s*\)", re.IGNORECASE)
_EQUAL = re.compile(r"\b(\w+)`?\s*(?:=|==)\s*['\"]([^'\"]*)['\"]")
_TEXT = re.compile(r"'([^']*)'")


def sampled(compiled: Compiled, root: Path, names: Iterable[str]) -> dict[str, Records]:
    """Node id -> rows, for the sources among `names` that have a file.

    Raises Refused (CS856) for a file that cannot be read.
    """
    found: dict[str, Records] = {}
    for node_id in names:
        if node_id.startswith("source."):
            rows = read_samples(root, node_id.partition(".")[2])
            if rows is not None:
                found[node_id] = rows
    return found


def generated(
    compiled: Compiled, names: Iterable[str], count: int, seed: int
) -> dict[str, Records]:
    """Node id -> `count` rows made up for every source among `names`."""
    streams = [
        compiled.bench.input(node_id)
        for node_id in compiled.compilation.entries
        if node_id.startswith("source.")
    ]
    values = _values(compiled)
    wanted = set(names)
    return {
        stream.id: made_rows(_wanted(stream, streams, values), count, seed)
        for stream in streams
        if stream.id in wanted
    }


def _wanted(stream: Stream, streams: list[Stream], values: Mapping[str, list[Any]]) -> Wanted:
    others = {name for other in streams if other.id != stream.id for name in other.columns}
    keys = {name for each in streams for name in each.key}
    told = {name: list(column.enum[1:]) for name, column in stream.columns.items() if column.enum}
    return Wanted(
        stream.name,
        {name: (column.type, column.nullable) for name, column in stream.columns.items()},
        stream.key,
        stream.event_time,
        stream.watermark_ms,
        {**{name: held for name, held in values.items() if name in stream.columns}, **told},
        frozenset(
            name for name in others & stream.columns.keys() if name in keys or name.endswith("_id")
        ),
        stream.changelog != "append",
    )


def _values(compiled: Compiled) -> dict[str, list[Any]]:
    """Column name -> values that the project names: in tests, and where SQL or CEL compares it."""
    found: dict[str, list[Any]] = {}
    for node_id in compiled.compilation.entries:
        resource = compiled.bench.declaration(node_id).resource
        if node_id.startswith("test."):
            for assertion in getattr(resource, "assertions", ()):
                if assertion.kind in ("allowed_values", "accepted_values"):
                    _more(found, assertion.arguments.column, assertion.arguments.values)
        elif node_id.startswith("model."):
            text = compiled.bench.declaration(node_id).sql or resource.cel or ""
            for column, listed in _LISTED.findall(text):
                _more(found, column, [*_TEXT.findall(listed), "OTHER"])
            for column, value in _EQUAL.findall(text):
                _more(found, column, [value, "OTHER"])
    return found


def _more(found: dict[str, list[Any]], column: str, values: Iterable[Any]) -> None:
    known = found.setdefault(column, [])
    known += [value for value in values if value not in known]
