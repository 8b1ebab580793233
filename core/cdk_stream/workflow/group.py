"""Merge group -> whether it may go in: each pull request approved, and the whole as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.git import find_repository
from cdk_stream.git.merge import tree_id
from cdk_stream.plugin.workflow_run import Event, WorkflowRun
from cdk_stream.results.approval import Gate
from cdk_stream.results.review import Reviewed
from cdk_stream.stages.approve import Hold, gate
from cdk_stream.workflow.case import Case, judge_trees
from cdk_stream.workflow.check import NOBODY, Operator


@dataclass(frozen=True, slots=True)
class Group:
    """A merge group, judged."""

    context: str
    """The name of the status, the same as that of its pull requests."""
    case: Case
    gate: Gate


def judge_group(
    root: Path,
    run: WorkflowRun,
    event: Event,
    reviews: Sequence[Reviewed | None],
    operator: Operator = NOBODY,
) -> Group:
    """Judge the commit of a group against its base; None stands for a review that failed.

    Two changes that are fine alone may not be together: what the group as a whole hits must have
    been approved in one of its pull requests. A queue waits for an answer, so nothing is pending.
    """
    repository = find_repository(root)
    run.fetch(repository.directory, [event.base, event.commit])
    repository = find_repository(root)
    base, commit = repository.resolve(event.base), repository.resolve(event.commit)
    name = f"merge group {commit[:7]}"
    case = judge_trees(root, repository, base, tree_id(repository, commit), name, operator)
    found = [*case.holds, *_unapproved(reviews), *_unasked(case, reviews)]
    answer = gate(found, (), len(case.verdict.impacts))
    return Group(f"cdk-stream/approval ({event.base_ref})", case, answer)


def _unapproved(reviews: Sequence[Reviewed | None]) -> Iterator[Hold]:
    if not reviews or None in reviews:
        yield Hold("error", "a pull request of the group could not be judged", hard=True)
    for one in reviews:
        if one is not None and not one.passed:
            told = f"#{one.subject.number} is not approved: {one.approvals.gate.description}"
            yield Hold("failure", told, "take it out of the queue", hard=True)


def _unasked(case: Case, reviews: Sequence[Reviewed | None]) -> Iterator[Hold]:
    """Owners whom only the changes together reach."""
    settled = {owner for one in reviews if one is not None for owner in _settled(one)}
    for requirement in case.requirements():
        if requirement.owner not in settled and not requirement.optional:
            told = (
                f"the group as a whole needs owner '{requirement.owner}', who approved none of it"
            )
            yield Hold("failure", told, "merge its pull requests one after the other", hard=True)


def _settled(review: Reviewed) -> Iterator[str]:
    """Owners who agreed, or without whom one pull request goes in: its glass opens no other."""
    broken = review.approvals.broken_glass is not None
    for standing in review.approvals.standings:
        if broken or standing.state == "approved":
            yield standing.requirement.owner
