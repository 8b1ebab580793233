"""What is inferred offline, held against the planner's answer, aspect by aspect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cdk_stream.results.relation import Changelog, Field, Relation
from cdk_stream.sql.analysis import Analysis
from cdk_stream.sql.analyze import analyze
from tests.planner.answer import Answer
from tests.planner.corpus import FUNCTIONS, TABLES, Case

ASPECTS = ("verdict", "names", "types", "nullability", "time", "changelog", "key")
Verdict = Literal["same", "unknown", "wrong"]
_QUOTED = re.compile(r"`(\w+)`")
_MODES: dict[str, Changelog] = {"customers": "upsert", "accounts": "retract"}
"""How the topics of tables are written; the planner shows only what it makes of them."""


class Finding(NamedTuple):
    """`same`; `unknown` when less is known offline, which is safe; `wrong` when it misleads."""

    aspect: str
    verdict: Verdict
    offline: str = ""
    planner: str = ""


def infer(case: Case, relations: dict[str, Relation]) -> Analysis:
    tables = {("source", name): f"source.{name}" for name in TABLES}
    return analyze(case.model, tables, relations, FUNCTIONS)


def relations_of(answers: dict[str, Answer]) -> dict[str, Relation]:
    """The corpus's tables, as the planner describes them."""
    relations = {}
    for name in TABLES:
        table = answers[f"table: {name}"]
        columns = {column: Field(spelled(type_), null) for column, type_, null in table.columns}
        time = "".join(table.times[:1])
        mode = _MODES.get(name, "append")
        relations[f"source.{name}"] = Relation(
            columns, time, table.keys[0] if table.keys else (), mode
        )
    return relations


def spelled(type_: str) -> str:
    """The planner's spelling without back-quotes."""
    return _QUOTED.sub(r"\1", type_)


def compare(analysis: Analysis, answer: Answer) -> list[Finding]:
    """One finding for each aspect that both have an opinion on."""
    errors = [finding.message for finding in analysis.findings if finding.severity == "error"]
    if answer.refusal:
        found: Verdict = "same" if errors else "unknown"
        return [Finding("verdict", found, "; ".join(errors), answer.refusal)]
    if errors:
        return [Finding("verdict", "wrong", "; ".join(errors), "accepted")]
    return [Finding("verdict", "same"), *_columns(analysis, answer), *_rows(analysis, answer)]


def _columns(analysis: Analysis, answer: Answer) -> Iterator[Finding]:
    offline = [column.name for column in analysis.columns]
    planner = [name for name, _, _ in answer.columns]
    if offline != planner:
        verdict: Verdict = "unknown" if analysis.open else "wrong"
        yield Finding("names", verdict, ", ".join(offline), ", ".join(planner))
        return
    yield Finding("names", "same")
    yield _worst("types", [_type(*pair) for pair in _pairs(analysis, answer)])
    yield _worst("nullability", [_null(*pair) for pair in _pairs(analysis, answer)])


def _pairs(analysis: Analysis, answer: Answer) -> Iterator[tuple[str, Field, Field]]:
    for ours, (name, type_, nullable) in zip(analysis.columns, answer.columns, strict=True):
        yield name, Field(ours.type, ours.nullable), Field(spelled(type_), nullable)


def _type(name: str, offline: Field, planner: Field) -> Finding:
    if not offline.type:
        return Finding("types", "unknown", f"{name} ?", f"{name} {planner.type}")
    verdict: Verdict = "same" if _canonical(offline.type) == _canonical(planner.type) else "wrong"
    return Finding("types", verdict, f"{name} {offline.type}", f"{name} {planner.type}")


def _canonical(type_: str) -> str:
    return type_.replace(" NOT NULL", "").replace("VARCHAR(2147483647)", "STRING")


def _null(name: str, offline: Field, planner: Field) -> Finding:
    if offline.nullable == planner.nullable:
        return Finding("nullability", "same")
    words = {True: "nullable", False: "NOT NULL"}
    verdict: Verdict = "unknown" if offline.nullable else "wrong"
    shown = [f"{name} {words[field.nullable]}" for field in (offline, planner)]
    return Finding("nullability", verdict, *shown)


def _worst(aspect: str, findings: list[Finding]) -> Finding:
    bad = [finding for finding in findings if finding.verdict != "same"]
    if not bad:
        return Finding(aspect, "same")
    verdict: Verdict = "wrong" if any(one.verdict == "wrong" for one in bad) else "unknown"
    offline, planner = (", ".join(words) for words in zip(*(one[2:] for one in bad), strict=True))
    return Finding(aspect, verdict, offline, planner)


def _rows(analysis: Analysis, answer: Answer) -> Iterator[Finding]:
    yield _time(analysis, answer)
    appends = answer.changelog == "I"
    if (analysis.changelog == "append") == appends:
        yield Finding("changelog", "same")
    else:
        verdict: Verdict = "unknown" if appends else "wrong"
        yield Finding("changelog", verdict, analysis.changelog, answer.changelog)
    if not appends:
        yield _key(analysis, answer)


def _time(analysis: Analysis, answer: Answer) -> Finding:
    if analysis.event_time in answer.times or (not analysis.event_time and not answer.times):
        return Finding("time", "same")
    verdict: Verdict = "wrong" if analysis.event_time else "unknown"
    return Finding(
        "time", verdict, analysis.event_time or "none", ", ".join(answer.times) or "none"
    )


def _key(analysis: Analysis, answer: Answer) -> Finding:
    keys = [set(key) for key in answer.keys]
    if set() in keys or set(analysis.key) in (keys or [set()]):
        return Finding("key", "same")
    verdict: Verdict = "wrong" if analysis.key else "unknown"
    shown = " or ".join(", ".join(key) for key in answer.keys)
    return Finding("key", verdict, ", ".join(analysis.key), shown)
