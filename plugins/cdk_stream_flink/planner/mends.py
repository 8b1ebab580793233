"""What the planner says -> how an author mends it, and where in the query it is about."""

from __future__ import annotations

import re
from typing import NamedTuple


class Mend(NamedTuple):
    """`about` finds the words of the query that a text without a place means; it may use groups."""

    words: str
    pointer: str = "/sql"
    about: str = ""


_WINDOWS = r"\b(?:TUMBLE|HOP|CUMULATE|SESSION)\s*\("
_TIME = (
    "give the source an `event_time:`, and select that column as it is on the way here:"
    " casts, GROUP BY and joins without a bound in time lose it"
)
_UPDATES = (
    "rows that are updated later cannot be taken here: read an input that only appends,"
    " or join `FOR SYSTEM_TIME AS OF`"
)
_BUG = "the script is ours: tell the authors of cdk-stream"

_KNOWN: tuple[tuple[str, Mend], ...] = (
    (r"no plan can be written", Mend(
        "name a folder that Flink's SQL Gateway can write under `flink: plan_folder:`", ""
    )),
    (r"Unknown field '\*'", Mend("write the columns out: `F(p.a, p.b)`", about=r"\w+\.\*")),
    (r"(?:over a time attribute column|timecol is a time attribute)", Mend(_TIME, about=_WINDOWS)),
    (r"requires the timecol to be TIMESTAMP", Mend(_TIME, about=_WINDOWS)),
    (
        r"Sort on a non-time-attribute field",
        Mend("sort by the event time, add LIMIT, or take ORDER BY away", about=r"\bORDER\s+BY\b"),
    ),
    (r"(?:No match found for function signature|Invalid function call:)\s*(?P<name>\w+)", Mend(
        "declare it under the project's `functions:`; mind the number and types of its arguments",
        about=r"\b{name}\s*\(",
    )),
    (r"Cannot apply '", Mend("CAST the arguments to a form that is supported")),
    (r"Column '.*' not found|Object '.*' not found", Mend(
        "names are told apart by case; select the column in the models on the way here"
    )),
    (r"Encountered \"", Mend("put a name that is a reserved word in back-quotes")),
    (r"IntervalJoin doesn't support consuming", Mend(_UPDATES, about=r"\bJOIN\b")),
    (r"OverAggregate doesn't support consuming", Mend(_UPDATES, about=r"\bOVER\b")),
    (r"Match Recognize doesn't support consuming", Mend(_UPDATES, about=r"\bMATCH_RECOGNIZE\b")),
    (r"doesn't support consuming", Mend(_UPDATES)),
    (r"Temporal Table Join requires primary key", Mend(
        "give the input after FOR SYSTEM_TIME a `key:`", about=r"\bFOR\s+SYSTEM_TIME\b"
    )),
    (r"Temporal table join currently only supports|Event-Time Temporal Table Join requires", Mend(
        "compare the whole key of the input in ON, and give it an `event_time:`",
        about=r"\bFOR\s+SYSTEM_TIME\b",
    )),
    (r"following hints cannot match", Mend(
        "a hint names an input by the alias it has in FROM", about=r"/\*\+"
    )),
    (r"Different number of columns|Number of columns must match", Mend(_BUG)),
    (r"Column types of query result and sink", Mend(
        "CAST the column to the type that is expected; if it is none of yours, tell the authors"
        " of cdk-stream"
    )),
    (r"upsert key that differs from the primary key", Mend(
        "use the query's own key, or make rows unique by yours", "/key"
    )),
    (r"determinism requirement", Mend(
        "take functions such as CURRENT_TIMESTAMP, UUID and RAND out of rows that are updated"
    )),
    (r"there is no class '", Mend(
        "name the class in full, and its jar, under the project's `functions:`", ""
    )),
    (r"Cannot instantiate user-defined function", Mend(
        "the class needs to be public, with a constructor without arguments", ""
    )),
    (r"file system implementation for scheme|FileNotFound|No such file|does not exist", Mend(
        "put the jar where Flink's SQL Gateway can read it, with the plugin of that file system", ""
    )),
    (r"any factory for identifier '(?:upsert-)?kafka'", Mend(
        "put the jar of flink-sql-connector-kafka into the lib folder of Flink and its gateway", ""
    )),
    (r"any factory for identifier", Mend(
        "put the jar of this format into the lib folder of Flink and its gateway", ""
    )),
    (r"Unsupported options found", Mend(
        "see whether `version:` of the cluster's Flink is the one that runs", ""
    )),
)  # fmt: skip
_PATTERNS = tuple((re.compile(text), mend) for text, mend in _KNOWN)
_UNKNOWN = Mend("")


def mend_of(message: str) -> Mend:
    """The first that knows the text; an empty one when none does."""
    for pattern, mend in _PATTERNS:
        found = pattern.search(message)
        if found:
            return mend._replace(about=mend.about.format(**found.groupdict()))
    return _UNKNOWN


def place_of(mend: Mend, sql: str) -> tuple[int, int]:
    """The line and column of what the text is about; (0, 0) when it may be several things."""
    found = [match.start() for match in re.finditer(mend.about, sql, re.I)] if mend.about else []
    if len(found) != 1:
        return 0, 0
    return sql.count("\n", 0, found[0]) + 1, found[0] - sql.rfind("\n", 0, found[0])
