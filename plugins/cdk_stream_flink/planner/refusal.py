"""What the planner refuses -> a remark at the author's own text."""

from __future__ import annotations

import re

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity
from cdk_stream.results.stream import Stream
from cdk_stream_flink.planner.mends import mend_of, place_of
from cdk_stream_flink.planner.planner import PlannerRefusal
from cdk_stream_flink.stack_trace import Failure

_LONGEST = 400
_CREATES = re.compile(r"CREATE TEMPORARY (?:SYSTEM )?(FUNCTION|TABLE|VIEW) `((?:[^`]|``)+)`")
_PLACES = re.compile(  # of the script; the author's own are told instead
    r"^SQL (?:validation|parse) failed\. "
    r"|\b(?:From|At) line \d+, column \d+(?: to line \d+, column \d+)?: "
    r"|,? at line \d+, column \d+"
)
_SETS = re.compile(r"SET '([^']+)'")


def refused_insert(refusal: PlannerRefusal, stream: Stream, version: str) -> Remark:
    """For the INSERT, whose text after its first line is the query."""
    failure = refusal.failure
    mend = mend_of(failure.message)
    line, column = _in_query(failure, stream.sql)
    pointer = "/sql" if line else mend.pointer
    if not line and pointer == "/sql":
        line, column = place_of(mend, stream.sql)
    message = f"Flink {version} refuses it: {told(failure.message)}"
    return Remark("CS660", message, mend.words, Severity.ERROR, pointer, line, column)


def refused_before(refusal: PlannerRefusal, stream: Stream, version: str) -> Remark:
    """For the statements that set up what the query needs."""
    what, line, column = _concerns(refusal.statement, stream)
    mend = mend_of(refusal.failure.message)
    message = f"Flink {version} refuses {what}: {told(refusal.failure.message)}"
    pointer = "/sql" if line else ""
    return Remark("CS660", message, mend.words, Severity.ERROR, pointer, line, column)


def told(text: str) -> str:
    """On one line, of a bearable length, without a full stop and places in the script."""
    line = " ".join(_PLACES.sub("", text).split()).removesuffix(".")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _in_query(failure: Failure, sql: str) -> tuple[int, int]:
    """A place in the INSERT -> the place in the query below its first line."""
    line = failure.line - 1
    return (line, failure.column) if 0 < line <= len(sql.splitlines()) else (0, 0)


def _concerns(statement: str, stream: Stream) -> tuple[str, int, int]:
    made = _CREATES.match(statement)
    if made is None:
        setting = _SETS.match(statement)
        return (f"the setting '{setting[1]}'" if setting else "the script"), 0, 0
    name = made[2].replace("``", "`")
    is_function = made[1] == "FUNCTION"
    found = re.search(rf"`?\b{re.escape(name)}\b`?", stream.sql, re.I if is_function else 0)
    what = f"the {'function' if is_function else 'table'} '{name}'"
    if found is None or name == stream.name:
        return what, 0, 0
    offset = found.start()
    line = stream.sql.count("\n", 0, offset) + 1
    return what, line, offset - stream.sql.rfind("\n", 0, offset)
