"""Pull request -> who must approve it, who did, and whether it may go in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cdk_stream.git import Repository, find_repository
from cdk_stream.git.merge import is_ancestor, merged_tree, tree_id
from cdk_stream.plugin.forge import Fetching, Forge, ForgeError, PullRequest, PullRequestFacts
from cdk_stream.problems import Usage
from cdk_stream.results.approval import Approvals
from cdk_stream.results.review import Reviewed, Subject
from cdk_stream.stages.approve import Hold, gate
from cdk_stream.workflow.case import Case, judge_trees
from cdk_stream.workflow.check import NOBODY, Operator
from cdk_stream.workflow.evidence import record
from cdk_stream.workflow.sticky import Sticky
from cdk_stream.workflow.votes import Poll

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def review(
    root: Path,
    forge: Forge,
    pull_request: PullRequest,
    base: str = "",
    head: str = "",
    *,
    now: datetime | None = None,
    operator: Operator = NOBODY,
) -> Reviewed:
    """Judge a pull request from Git objects and what the forge says; nothing is written.

    What is judged is the tree that the base branch becomes by merging, by the rules of its tip.
    `base` and `head` are the commits that the caller knows of; left out, the forge's. What cannot
    be known is never an approval: the gate is then `error`, with the reason. With an
    `operator`, its bundles are required as well, and live consumers that nobody declares are told.
    Raises `Usage` for a repository that lacks the commits.
    """
    facts = pull_request.facts
    repository = fetched(find_repository(root), forge, facts)
    _hold(repository, facts)
    found = [*_moved(repository, facts, base, head), *_unready(facts), *_siblings(forge, facts)]
    tree = merged_tree(repository, facts.base, facts.head)
    if not tree:
        mend = f"merge {facts.base_ref} into the branch and resolve the conflicts"
        found.append(Hold("failure", f"it conflicts with {facts.base_ref}", mend, hard=True))
        tree = tree_id(repository, facts.head)
    case = judge_trees(root, repository, facts.base, tree, f"commit {facts.head[:7]}", operator)
    moment = now or datetime.now(UTC)
    sticky = Sticky(root, repository, facts.base, case, tree)
    poll = Poll(pull_request, repository, facts.base, facts.head, moment, sticky.holds)
    approvals = poll.count(case, found, asking=not facts.draft and facts.state == "open")
    approvals = _settled(pull_request, facts, approvals, case)
    return conclude(forge, facts, case, approvals, tree, moment)


def conclude(
    forge: Forge,
    facts: PullRequestFacts,
    case: Case,
    approvals: Approvals,
    tree: str,
    now: datetime,
    merged: str = "",
) -> Reviewed:
    """Everything together, with its record."""
    subject = Subject(
        repository=forge.repository,
        number=facts.number,
        url=facts.url,
        title=facts.title,
        author=facts.author.login if facts.author else "",
        base_ref=facts.base_ref,
        base=facts.base,
        head=facts.head,
        tree=tree,
        draft=facts.draft,
        merged=merged,
    )
    verdict = replace(case.verdict, head=f"commit {facts.head[:7]}")
    return Reviewed(subject, verdict, approvals, record(subject, case, approvals, now))


def request_reviews(pull_request: PullRequest, approvals: Approvals) -> Mapping[str, str]:
    """Ask those who are missing, once; who cannot be asked -> why. No gate depends on it."""
    if not approvals.ask:
        return {}
    try:
        return pull_request.request_reviews(approvals.ask)
    except ForgeError as error:
        return dict.fromkeys(approvals.ask, str(error))


def set_gate(pull_request: PullRequest, reviewed: Reviewed, url: str) -> None:
    """Tell the status; the last thing that is written. Raises `ForgeError`."""
    answer = reviewed.approvals.gate
    context = reviewed.subject.context
    pull_request.set_status(context, answer.state, answer.description, url)


def fetched(repository: Repository, forge: Forge, *facts: PullRequestFacts) -> Repository:
    """The repository with the commits of pull requests, where the forge can bring them."""
    if not isinstance(forge, Fetching) or not facts:
        return repository
    wanted = [commit for one in facts for commit in (one.base, one.head, one.merge_commit)]
    forge.fetch(repository.directory, [commit for commit in wanted if commit])
    return find_repository(Path(repository.directory))  # it may not be shallow any more


def _hold(repository: Repository, facts: PullRequestFacts) -> None:
    """Both commits must be here, and be ids: a name could stand for anything."""
    for what, commit in (("base", facts.base), ("head", facts.head)):
        if not _COMMIT.fullmatch(commit):
            raise Usage(f"the forge says that the {what} is {commit!r}, which is no commit")
        try:
            repository.resolve(commit)
        except Usage:
            mend = f"fetch the {what} of the pull request, and run again"
            raise Usage(
                f"commit {commit[:7]} of pull request {facts.number} is not here\n    {mend}"
            ) from None


def _moved(repository: Repository, facts: PullRequestFacts, base: str, head: str) -> Iterator[Hold]:
    """What the caller knows may be old: then a newer event judges, and this one says no."""
    if head and head != facts.head:
        told = f"there is a newer commit than {head[:7]}: {facts.head[:7]}"
        yield Hold("pending", told, "wait for its own run", hard=True)
    if base and base != facts.base and not is_ancestor(repository, base, facts.base):
        told = f"commit {base[:7]} is not in the history of {facts.base_ref}"
        yield Hold("pending", told, "wait for the run of the new base branch", hard=True)


def _unready(facts: PullRequestFacts) -> Iterator[Hold]:
    if facts.state != "open":
        yield Hold("pending", f"the pull request is {facts.state}", hard=True)
    elif facts.draft:
        yield Hold("pending", "it is a draft", "mark it as ready for review", hard=True)


def _siblings(forge: Forge, facts: PullRequestFacts) -> Iterator[Hold]:
    """A status belongs to a commit: approvals of one pull request must not open another."""
    try:
        others = [
            one.facts.number
            for one in forge.open_with_head(facts.head)
            if one.facts.number != facts.number and one.facts.base_ref == facts.base_ref
        ]
    except ForgeError as error:
        yield Hold("error", str(error), error.mend, hard=True)
        return
    if others:
        names = ", ".join(f"#{number}" for number in sorted(others))
        told = f"{names} would bring the same commit into {facts.base_ref}"
        yield Hold("pending", told, "close all but one of them", hard=True)


def _settled(
    pull_request: PullRequest, facts: PullRequestFacts, approvals: Approvals, case: Case
) -> Approvals:
    """Nothing succeeds that changed while it was judged."""
    try:
        now = pull_request.refresh()
    except ForgeError as error:
        hold = Hold("error", str(error), error.mend, hard=True)
    else:
        fields = ("head", "base_ref", "state", "draft")
        moved = [name for name in fields if getattr(now, name) != getattr(facts, name)]
        if not moved:
            return approvals
        told = f"it changed while it was judged: {', '.join(moved)}"
        hold = Hold("pending", told, "wait for its own run", hard=True)
    held = gate([hold], approvals.standings, len(case.verdict.impacts))
    reasons = (*held.reasons, *approvals.gate.reasons)
    mends = (*held.mends, *approvals.gate.mends)
    return replace(
        approvals, gate=replace(held, reasons=reasons, mends=mends), ask=(), broken_glass=None
    )
