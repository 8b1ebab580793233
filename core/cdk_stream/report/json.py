"""A verdict for programs: the document that docs/verdict.md describes."""

from __future__ import annotations

from typing import Any

import orjson

from cdk_stream.report.data import kept, location_document, plain_data, problem_document
from cdk_stream.report.frame import Frame
from cdk_stream.results.change import Change
from cdk_stream.results.verdict import LocatedDecision, Verdict
from cdk_stream.results.waiver import Waived

FORMAT = "cdk-stream/verdict@1"
OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE

Json = dict[str, Any]


def render(verdict: Verdict, frame: Frame) -> str:
    """The verdict as JSON; what is not there is left out, paths are relative to the project."""
    return orjson.dumps(document(verdict, frame), option=OPTIONS).decode()


def document(verdict: Verdict, frame: Frame) -> Json:
    """The verdict as plain data."""
    return kept(
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
            "waived": [_waived(one) for one in verdict.waived],
            "changes": [_change(change) for change in verdict.changes] if verdict.base else None,
            "impacts": plain_data(verdict.impacts) if verdict.base else None,
            "spared": plain_data(verdict.spared) if verdict.base else None,
            "affected": plain_data(verdict.affected) if verdict.base else None,
            "migrations": plain_data(verdict.migrations) if verdict.base else None,
            "undeclared": plain_data(verdict.undeclared) if verdict.consumers_from else None,
            "consumers_from": verdict.consumers_from or None,
        }
    )


def _decision(located: LocatedDecision) -> Json:
    data: Json = plain_data(located.decision)
    return {**data, "location": location_document(located.location)}


def _waived(one: Waived) -> Json:
    data: Json = plain_data(one)
    decision = data.pop("decision")
    return {**decision, **data, "location": location_document(one.location)}


def _change(change: Change) -> Json:
    data: Json = plain_data(change)
    return {**data, "inherited": change.inherited}
