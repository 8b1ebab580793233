"""Every file of golden/ is a query, a line of dashes, and all that is known of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.results.relation import OutputColumn
from cdk_stream.sql.analysis import Analysis

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.sql"))
_LINE = "\n-----\n"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_query_is_known_through_and_through(path: Path, look: Callable[[str], Analysis]) -> None:
    sql, _, expected = path.read_text().partition(_LINE)
    told = _told(look(sql))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(f"{sql}{_LINE}{told}")
    assert told == expected


def test_there_are_golden_queries() -> None:
    assert len(GOLDEN) > 30


def _told(analysis: Analysis) -> str:
    lines = [_column(column) for column in analysis.columns]
    lines += [
        f"{'+'.join(sorted(kinds))} {'.'.join(origin)}"
        for origin, kinds in sorted(analysis.influences.items())
    ]
    mode: str = analysis.changelog
    if analysis.key:
        mode += f" by {', '.join(analysis.key)}"
    if analysis.event_time:
        mode += f", time {analysis.event_time}"
    if analysis.open:
        mode += ", open"
    lines += [mode, " ".join(["features", *sorted(analysis.features)])]
    lines += [f"window {window}" for window in analysis.windows]
    lines += [f"filter {condition}" for condition in analysis.filters]
    lines += [f"calls {name}" for name in sorted(analysis.functions)]
    lines += [f"writes {splice.text}" for splice in analysis.splices]
    lines += [
        f"{finding.severity} {finding.line}:{finding.column} {finding.code} {finding.message}"
        for finding in analysis.findings
    ]
    return "\n".join(lines) + "\n"


def _column(column: OutputColumn) -> str:
    null = "" if column.nullable else " NOT NULL"
    edges = ", ".join(f"{'.'.join(origin)} {kind}" for origin, kind in sorted(column.edges.items()))
    text = f"{column.name} {column.type or '?'}{null}"
    if edges:
        text += f" <- {edges}"
    if column.ceiling:
        text += f" ceiling {column.ceiling}"
    return text if column.exact else text + " (assumed)"
