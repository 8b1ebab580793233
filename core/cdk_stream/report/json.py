"""A verdict for programs: the document that docs/verdict.md describes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import orjson

from cdk_stream.problems import Location, Problem
from cdk_stream.report.frame import Frame
from cdk_stream.results.change import Change
from cdk_stream.results.verdict import LocatedDecision, Verdict

FORMAT = "cdk-stream/verdict@1"
OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE

Json = dict[str, Any]


def render(verdict: Verdict, frame: Frame) -> str:
    """The verdict as JSON; what is not there is left out, paths are relative to the project."""
    return orjson.dumps(document(verdict, frame), option=OPTIONS).decode()


def document(verdict: Verdict, frame: Frame) -> Json:
    """The verdict as plain data."""
    return _kept(
        {
            "format": FORMAT,
            "project": verdict.project,
            "outcome": verdict.outcome(frame.strict),
            "passed": verdict.passed(frame.strict),
            "strict": frame.strict,
            "head": verdict.head,
            "base": verdict.base or None,
            "approvers": verdict.approvers,
            "counts": plain_data(verdict.counts),
            "policies": verdict.policies,
            "problems": [problem_document(problem) for problem in verdict.problems],
            "decisions": [_decision(located) for located in verdict.decisions],
            "changes": [_change(change) for change in verdict.changes] if verdict.base else None,
            "impacts": plain_data(verdict.impacts) if verdict.base else None,
            "spared": plain_data(verdict.spared) if verdict.base else None,
        }
    )


def problem_document(problem: Problem) -> Json:
    """A problem as plain data."""
    return _kept(
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "message": problem.message,
            "mend": problem.mend or None,
            "node": problem.node or None,
            "location": _location(problem.location),
        }
    )


def _decision(located: LocatedDecision) -> Json:
    data: Json = plain_data(located.decision)
    return {**data, "location": _location(located.location)}


def _change(change: Change) -> Json:
    data: Json = plain_data(change)
    return {**data, "inherited": change.inherited}


def _location(location: Location) -> Json:
    return _kept(
        {
            "path": _text(location.path),
            "line": location.line or None,
            "column": location.column or None,
        }
    )


def plain_data(value: Any) -> Any:
    """Dataclasses as mappings without their empty texts; text that no encoding has, escaped."""
    if isinstance(value, str):
        return _text(str(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain_data(found)
            for field in fields(value)
            if (found := getattr(value, field.name)) not in ("", None)
        }
    if isinstance(value, dict):
        return {plain_data(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    return value


def _kept(data: Json) -> Json:
    return {key: plain_data(value) for key, value in data.items() if value is not None}


def _text(text: str) -> str:
    """Names of files may hold bytes that are no text; JSON has no place for them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
