"""Merged commit -> its approval, proved again from the forge and from Git; no status is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cdk_stream.git import Repository, find_repository
from cdk_stream.git.merge import (
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
from cdk_stream.workflow.check import NOBODY, Operator
from cdk_stream.workflow.review import conclude, fetched
from cdk_stream.workflow.sticky import Sticky
from cdk_stream.workflow.votes import WHOLE, Poll

_MOST = 250
"""Commits of a rebase that are looked at; forges list no more of a pull request's."""


@dataclass(frozen=True, slots=True)
class _Landing:
    """How a pull request came into its branch."""

    pull_request: PullRequest
    base: str
    """The commit of the branch before it."""
    commits: tuple[str, ...]
    """What it made of the branch, newest first: one commit, or one for each of its own."""
    same: bool
    """The tree that landed is exactly its head merged into `base`."""


def prove(
    root: Path,
    forge: Forge,
    commit: str,
    branch: str = "",
    *,
    now: datetime | None = None,
    operator: Operator = NOBODY,
) -> Reviewed:
    """Judge a merged commit again: who brought it, by which rules, and with whose approval.

    The rules are those of the branch before the merge, the votes those on the last head of the
    pull request. What landed must be what was approved: the head merged into the branch, file by
    file or at least in all that compiles. With `branch`, only what was merged into that branch
    counts: another one has other rules. Raises `Refused` (CS902, CS903) for a commit that no
    single merged pull request brought, or when the forge does not answer. The `operator`'s
    bundles are required as well.
    """
    repository = find_repository(root)
    commit = repository.resolve(commit)
    landing = _brought_by(repository, forge, commit, branch)
    return _proved(root, forge, landing, now or datetime.now(UTC), operator)


def prove_since(
    root: Path,
    forge: Forge,
    since: str,
    commit: str,
    branch: str = "",
    *,
    now: datetime | None = None,
    operator: Operator = NOBODY,
) -> tuple[Reviewed, ...]:
    """Prove every pull request that came into a branch after `since` up to `commit`, in order.

    A deploy carries all of them. Raises `Refused` as `prove` does, for the first that has none.
    """
    repository = find_repository(root)
    moment = now or datetime.now(UTC)
    since, commit = repository.resolve(since), repository.resolve(commit)
    found: list[_Landing] = []
    known: set[str] = set()
    for one in first_parents(repository, since, commit)[::-1]:
        if one not in known:
            found.append(_brought_by(repository, forge, one, branch))
            known.update(found[-1].commits)
    found.reverse()
    return tuple(_proved(root, forge, one, moment, operator) for one in found)


def _brought_by(repository: Repository, forge: Forge, commit: str, branch: str) -> _Landing:
    """How the one merged pull request came in that a commit of a branch came with."""
    merged = _merged_as(forge, commit)
    try:
        repository = fetched(repository, forge, *(one.facts for one in merged))
    except ForgeError as error:
        raise Refused([_problem("CS903", str(error), error.mend)]) from error
    found = [_landing(repository, forge, one) for one in merged]
    ours = [one for one in found if commit in one.commits]
    if not ours:
        message = f"no merged pull request brought commit {commit[:7]}: it was pushed directly"
        mend = "revert it, or bring the same change by a pull request that its owners approve"
        raise Refused([_problem("CS902", message, mend)])
    if len(ours) > 1:
        names = ", ".join(f"#{one.pull_request.facts.number}" for one in ours)
        message = f"commit {commit[:7]} came with several pull requests: {names}"
        raise Refused([_problem("CS902", message, "bring one change by one pull request")])
    other = ours[0].pull_request.facts.base_ref
    if branch and other != branch:
        message = f"commit {commit[:7]} was merged into {other}, not into {branch}"
        raise Refused([_problem("CS902", message, f"bring it into {branch} by a pull request")])
    return ours[0]


def _merged_as(forge: Forge, commit: str) -> list[PullRequest]:
    try:
        return [one for one in forge.merged_as(commit) if one.facts.state == "merged"]
    except ForgeError as error:
        message = f"the forge does not say: {error}"
        raise Refused([_problem("CS903", message, error.mend)]) from error


def _landing(repository: Repository, forge: Forge, pull_request: PullRequest) -> _Landing:
    """Find out what it made on the branch: a merge, a squash, or each of its commits once more.

    A rebase is told by its commits, which the forge says came with the same pull request: taking
    one for a squash would leave all but the last of them unjudged.
    """
    facts = pull_request.facts
    commits = [repository.resolve(facts.merge_commit)]
    while True:
        before = parents(repository, commits[-1])
        if not before:
            raise Refused([_problem("CS902", f"commit {commits[-1][:7]} has no parent", WHOLE)])
        if len(before) > 1 or len(commits) > _MOST or not _of(forge, facts, before[0]):
            break
        commits.append(before[0])
    same = merged_tree(repository, before[0], facts.head) == tree_id(repository, commits[0])
    return _Landing(pull_request, before[0], tuple(commits), same)


def _of(forge: Forge, facts: PullRequestFacts, commit: str) -> bool:
    return any(one.facts.number == facts.number for one in _merged_as(forge, commit))


def _proved(
    root: Path, forge: Forge, landing: _Landing, now: datetime, operator: Operator
) -> Reviewed:
    repository = find_repository(root)
    pull_request = landing.pull_request
    facts = pull_request.facts
    tree = tree_id(repository, facts.merge_commit)
    facts = replace(facts, base=landing.base)
    name = f"commit {facts.merge_commit[:7]}"
    case = judge_trees(root, repository, landing.base, tree, name, operator)
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
