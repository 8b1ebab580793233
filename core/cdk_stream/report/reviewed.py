"""A judged pull request for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from cdk_stream.report.data import Json, plain_data
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.json import document as verdict_document
from cdk_stream.report.plain import plain
from cdk_stream.results.approval import Standing
from cdk_stream.results.review import Reviewed

FORMAT = "cdk-stream/review@1"


def render(reviewed: Reviewed, frame: Frame) -> str:
    """The answer as JSON."""
    return orjson.dumps(document(reviewed, frame), option=OPTIONS).decode()


def document(reviewed: Reviewed, frame: Frame) -> Json:
    """The answer as plain data; docs/review.md says every key."""
    approvals = reviewed.approvals
    return {
        "format": FORMAT,
        "state": approvals.gate.state,
        "subject": {**plain_data(reviewed.subject), "context": reviewed.subject.context},
        "approvals": {
            **plain_data(approvals),
            "standings": [
                {**plain_data(one), "state": one.state, "missing": one.missing}
                for one in approvals.standings
            ],
        },
        "verdict": verdict_document(reviewed.verdict, frame),
        "record": reviewed.record.digest,
    }


def render_text(reviewed: Reviewed) -> str:
    """The answer for a terminal: the gate, why, and how far each owner is."""
    return "\n".join(_lines(reviewed)) + "\n"


def _lines(reviewed: Reviewed) -> Iterator[str]:
    subject, approvals = reviewed.subject, reviewed.approvals
    gate = approvals.gate
    what = f"commit {subject.merged[:7]}, " if subject.merged else ""
    yield (
        f"{what}pull request #{subject.number} ({subject.head[:7]} into {plain(subject.base_ref)} "
        f"at {subject.base[:7]}): {gate.state}, {plain(gate.description)}"
    )
    if gate.reasons:
        yield ""
        yield from (plain(reason) for reason in gate.reasons)
    yield from (f"    {plain(mend)}" for mend in gate.mends)
    if approvals.standings:
        yield f"\nowners ({len(approvals.standings)})"
    for standing in approvals.standings:
        yield from _standing(standing)
    for vote in approvals.outsiders:
        yield f"not counted: {plain(vote.login)} {vote.state} ({vote.why_not})"
    yield f"\nrecord sha256:{reviewed.record.digest}"


def _standing(standing: Standing) -> Iterator[str]:
    requirement = standing.requirement
    told = f"{standing.state:<9} {plain(requirement.owner)}"
    if requirement.min_approvals > 1:
        told += f" ({len(standing.approvals)} of {requirement.min_approvals})"
    yield told + (" (optional)" if requirement.optional else "")
    yield from (f"    {plain(reason.message)}" for reason in requirement.reasons)
    for vote in standing.approvals:
        held = ", nothing that reaches it changed since" if vote.held_by else ""
        yield (
            f"    approved by {plain(vote.login)}: review {vote.review} of {vote.commit[:7]}, "
            f"{vote.submitted}{held}"
        )
    for vote in standing.blocked_by:
        yield f"    changes asked for by {plain(vote.login)}: review {vote.review}"
    for vote in standing.discounted:
        yield f"    not counted: {plain(vote.login)}'s review {vote.review}: {plain(vote.why_not)}"
