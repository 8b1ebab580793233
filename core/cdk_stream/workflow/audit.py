"""Records and a question -> who approved what, by which rules, for which data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cdk_stream.workflow.records import Kept


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; what is empty asks for everything. Names are whole, logins of any case."""

    exposure: str = ""
    """With or without `exposure.` before it."""
    column: str = ""
    """`model.clean.status`, or the bare name of a column."""
    classification: str = ""
    person: str = ""
    owner: str = ""
    since: str = ""
    """The first day: `2026-01-31`."""
    until: str = ""
    """The last day."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One owner who was asked in one decision."""

    kept: Kept
    data: dict[str, Any]
    """Why they were asked, and for which data."""
    votes: tuple[dict[str, Any], ...]
    """Their approvals that counted."""


def audit(kept: Iterable[Kept], question: Question) -> tuple[Finding, ...]:
    """The decisions that answer a question, oldest first."""
    return tuple(
        finding
        for one in kept
        if _in_time(one.record.body["time"], question)
        for finding in _findings(one)
        if _meant(finding, question)
    )


def _findings(kept: Kept) -> Iterator[Finding]:
    body = kept.record.body
    standings = {one["requirement"]["owner"]: one for one in body["approvals"]["standings"]}
    for data in body["data"]:
        votes = standings.get(data["owner"], {}).get("approvals", [])
        yield Finding(kept, data, tuple(votes))
    if not body["data"]:
        nobody = {"owner": "", "node": "", "columns": [], "classifications": [], "ground": ""}
        yield Finding(kept, nobody, ())


def _in_time(time: str, question: Question) -> bool:
    day = time[:10]
    return question.since <= day and (not question.until or day <= question.until)


def _meant(finding: Finding, question: Question) -> bool:
    data = finding.data
    glass = finding.kept.record.body["approvals"].get("broken_glass") or {}
    people = {str(one["login"]).casefold() for one in (*finding.votes, *([glass] if glass else []))}
    exposure = f"exposure.{question.exposure.removeprefix('exposure.')}"
    return (
        (not question.exposure or data["node"] == exposure)
        and (not question.column or any(_is(one, question.column) for one in data["columns"]))
        and (not question.classification or question.classification in data["classifications"])
        and (not question.owner or data["owner"] == question.owner)
        and (not question.person or question.person.removeprefix("@").casefold() in people)
    )


def _is(column: str, asked: str) -> bool:
    return column == asked or column.rpartition(".")[2] == asked
