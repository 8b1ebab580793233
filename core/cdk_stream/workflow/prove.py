"""Merged commit -> its approval, proved again from the forge and from Git; no status is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cdk_stream.git import Repository, find_repository
from cdk_stream.git.merge import (
    commits_between,
    file_ids,
    first_parents,
    merged_tree,
    parents,
    tree_id,
)
from cdk_stream.plugin.forge import Forge, ForgeError, PullRequest, PullRequestFacts
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.review import Reviewed
from cdk_stream.stages.approve import Hold
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.case import Case, judge_trees
from cdk_stream.workflow.review import conclude, fetched
from cdk_stream.workflow.sticky import Sticky
from cdk_stream.workflow.votes import WHOLE, Poll


@dataclass(frozen=True, slots=True)
class _Landing:
    """How a pull request came into its branch: the commit before it, and whether it is that."""

    base: str
    same: bool
    """The tree that landed is exactly its head merged into `base`."""


def prove(
    root: Path, forge: Forge, commit: str, branch: str = "", *, now: datetime | None = None
) -> Reviewed:
    """Judge a merged commit again: who brought it, by which rules, and with whose approval.

    The rules are those of the branch before the merge, the votes those on the last head of the
    pull request. What landed must be what was approved: the head merged into the branch, file by
    file or at least in all that compiles. With `branch`, only what was merged into that branch
    counts: another one has other rules. Raises `Refused` (CS902, CS903) for a commit that no
    single merged pull request brought, or when the forge does not answer.
    """
    repository = find_repository(root)
    commit = repository.resolve(commit)
    pull_request = _brought_by(repository, forge, commit, branch)
    return _proved(root, repository, forge, pull_request, now or datetime.now(UTC))


def prove_since(
    root: Path,
    forge: Forge,
    since: str,
    commit: str,
    branch: str = "",
    *,
    now: datetime | None = None,
) -> tuple[Reviewed, ...]:
    """Prove every pull request that came into a branch after `since` up to `commit`, in order.

    A deploy carries all of them. Raises `Refused` as `prove` does, for the first that has none.
    """
    repository = find_repository(root)
    moment = now or datetime.now(UTC)
    since, commit = repository.resolve(since), repository.resolve(commit)
    found: dict[int, PullRequest] = {}
    for one in first_parents(repository, since, commit):
        pull_request = _brought_by(repository, forge, one, branch)
        found.setdefault(pull_request.facts.number, pull_request)
    return tuple(_proved(root, repository, forge, one, moment) for one in found.values())


def _brought_by(repository: Repository, forge: Forge, commit: str, branch: str) -> PullRequest:
    """The one merged pull request that a commit of a branch came with."""
    try:
        found = [one for one in forge.merged_as(commit) if one.facts.state == "merged"]
        fetched(repository, forge, *(one.facts for one in found))
    except ForgeError as error:
        raise Refused(
            [_problem("CS903", f"the forge does not say: {error}", error.mend)]
        ) from error
    ours = [one for one in found if commit in _landed(repository, one.facts)]
    if ours and branch and (other := ours[0].facts.base_ref) != branch:
        message = f"commit {commit[:7]} was merged into {other}, not into {branch}"
        raise Refused([_problem("CS902", message, f"bring it into {branch} by a pull request")])
    if not ours:
        message = f"no merged pull request brought commit {commit[:7]}: it was pushed directly"
        mend = "revert it, or bring the same change by a pull request that its owners approve"
        raise Refused([_problem("CS902", message, mend)])
    if len(ours) > 1:
        names = ", ".join(f"#{one.facts.number}" for one in ours)
        message = f"commit {commit[:7]} came with several pull requests: {names}"
        raise Refused([_problem("CS902", message, "bring one change by one pull request")])
    return ours[0]


def _landed(repository: Repository, facts: PullRequestFacts) -> tuple[str, ...]:
    """The commits of the branch that a pull request made: one, or each of its own once more."""
    landing = _landing(repository, facts)
    return first_parents(repository, landing.base, facts.merge_commit)


def _landing(repository: Repository, facts: PullRequestFacts) -> _Landing:
    """Find out how it was merged: the forge does not say it, the trees do."""
    landed = tree_id(repository, repository.resolve(facts.merge_commit))
    first = parents(repository, facts.merge_commit)[:1]
    before = first[0] if first else ""
    for base in _bases(repository, facts):
        if base and merged_tree(repository, base, facts.head) == landed:
            return _Landing(base, True)
    return _Landing(before, False)


def _bases(repository: Repository, facts: PullRequestFacts) -> Iterator[str]:
    """Where it may have started: one commit before for merges and squashes, some for a rebase."""
    chain = parents(repository, facts.merge_commit)
    if not chain:
        return
    yield chain[0]
    if len(chain) == 1:
        count = len(commits_between(repository, facts.merge_commit, facts.head, merges=False))
        walked = facts.merge_commit
        for _ in range(count):
            walked = next(iter(parents(repository, walked)), "")
            if not walked:
                return
        yield walked


def _proved(
    root: Path, repository: Repository, forge: Forge, pull_request: PullRequest, now: datetime
) -> Reviewed:
    facts = pull_request.facts
    landing = _landing(repository, facts)
    if not landing.base:
        raise Refused([_problem("CS902", f"commit {facts.merge_commit[:7]} has no parent", WHOLE)])
    tree = tree_id(repository, facts.merge_commit)
    facts = replace(facts, base=landing.base)
    case = judge_trees(root, repository, landing.base, tree, f"commit {facts.merge_commit[:7]}")
    found = [] if landing.same else _differs(root, repository, facts, case)
    sticky = Sticky(root, repository, landing.base, case, tree)
    poll = Poll(pull_request, repository, landing.base, facts.head, now, sticky.holds)
    approvals = poll.count(case, found, asking=False)
    return conclude(forge, facts, case, approvals, tree, now, merged=facts.merge_commit)


def _differs(root: Path, repository: Repository, facts: PullRequestFacts, case: Case) -> list[Hold]:
    """What landed is another tree than what was approved; all that compiles may still be equal."""
    approved = merged_tree(repository, facts.base, facts.head)
    if approved and case.after is not None and case.after.compilation.ok:
        other = judge_trees(root, repository, facts.base, approved, f"commit {facts.head[:7]}")
        if _same_rules(repository, facts, case, other, approved) and _same(case, other):
            return []
    message = (
        f"commit {facts.merge_commit[:7]} is not what commit {facts.head[:7]} gives by merging: "
        "something was changed on the way"
    )
    return [
        Hold("failure", message, "bring the difference by a pull request of its own", hard=True)
    ]


def _same_rules(
    repository: Repository, facts: PullRequestFacts, case: Case, other: Case, approved: str
) -> bool:
    files = sorted({*case.governed, *other.governed})
    if not files:
        return True
    landed = tree_id(repository, facts.merge_commit)
    return file_ids(repository, landed, files) == file_ids(repository, approved, files)


def _same(case: Case, other: Case) -> bool:
    """Whether both compile to the same, to the byte."""
    if not (case.after and other.after and other.after.compilation.ok):
        return False
    return case.after.manifest.document() == other.after.manifest.document()


def _problem(code: str, message: str, mend: str = "") -> Problem:
    return Problem(Location(PROJECT_FILE), code, message, mend)
