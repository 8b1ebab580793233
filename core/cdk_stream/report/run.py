"""What a run made, as tables for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.report.colour import paint
from cdk_stream.report.data import problem_document
from cdk_stream.report.plain import plain
from cdk_stream.report.words import plural
from cdk_stream.run.rows import NodeRows

Json = dict[str, Any]
FORMAT = "cdk-stream/run@1"
_WIDEST = 32


def document(answers: Mapping[str, NodeRows], shown: Mapping[str, list[Json]]) -> Json:
    """The answer of `run --format json`; `shown` has the rows of each node as they are shown."""
    return {
        "format": FORMAT,
        "passed": all(answer.refusal is None for answer in answers.values()),
        "nodes": {node_id: _node(answers[node_id], rows) for node_id, rows in shown.items()},
        "problems": [
            problem_document(answer.refusal)
            for answer in answers.values()
            if answer.refusal is not None
        ],
    }


def _node(answer: NodeRows, rows: list[Json]) -> Json:
    return {
        "columns": answer.columns,
        "changelog": answer.changelog,
        "key": list(answer.key),
        "given": answer.given,
        "counts": {
            "read": answer.read,
            "written": answer.written,
            "changes": len(answer.changes),
            "filtered": answer.filtered,
            "late": answer.late,
        },
        "seconds": round(answer.seconds, 4),
        "rows": rows,
    }


def lines(answer: NodeRows, rows: list[Json], limit: int, note: str, colour: bool) -> Iterator[str]:
    """One node: its counts, then its first rows."""
    yield paint(plain(answer.node), "bold", colour) + f"  {_counts(answer)}{note}"
    if answer.refusal is not None:
        yield f"  {paint(answer.refusal.code, 'red', colour)} {plain(answer.refusal.message)}"
        return
    yield from _table(list(answer.columns), rows[:limit])
    if len(rows) > limit:
        yield f"  ... {len(rows) - limit} more"


def _counts(answer: NodeRows) -> str:
    if answer.refusal is not None:
        return "not run"
    told = plural(answer.written, "row")
    if answer.given:
        return f"{told} given"
    parts = [f"{told} of {answer.read} read", answer.changelog]
    if answer.filtered:
        parts.append(f"{answer.filtered} filtered")
    if answer.late:
        parts.append(f"{answer.late} late")
    return f"{', '.join(parts)}, {answer.seconds * 1000:.0f} ms"


def _table(columns: list[str], rows: list[Json]) -> Iterator[str]:
    cells = [[plain(name) for name in columns]]
    cells += [[_cell(row[name]) for name in columns] for row in rows]
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    for line in cells:
        padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        yield ("  " + "  ".join(padded)).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    text = plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
