"""The pull requests of a merge group: none may slip through in the company of others."""

from __future__ import annotations

import re

from pydantic import Field

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import Answer, Commit
from cdk_stream_github.forge import GitHub
from cdk_stream_github.payload import Group

_HEAD_REF = re.compile(r"refs/heads/gh-readonly-queue/(.+)/pr-(\d+)-[0-9a-f]{40}", re.ASCII)
_SQUASHED = re.compile(r"\(#(\d+)\)$", re.ASCII)
_MERGED = re.compile(r"Merge pull request #(\d+) from ", re.ASCII)
_MOST = 250


class Between(Answer):
    """What GitHub's comparison of two commits tells."""

    status: str
    total_commits: int
    commits: list[Commit] = Field(max_length=_MOST)


def group_numbers(group: Group, base_ref: str, forge: GitHub) -> list[int]:
    """Their numbers, sorted. A commit that no pull request explains is an error."""
    named = _HEAD_REF.fullmatch(group.head_ref)
    if not named or named[1] != base_ref:
        raise ForgeError(f"the merge group's branch is not one of a queue: {group.head_ref!r}")
    numbers = {int(named[2])}
    for commit in _between(group, forge):
        numbers |= _of_commit(commit, base_ref, forge)
    return sorted(numbers)


def _between(group: Group, forge: GitHub) -> list[Commit]:
    told = forge.compare(Between, group.base_sha, group.head_sha)
    if told.status != "ahead" or len(told.commits) != told.total_commits:
        raise ForgeError(
            f"GitHub lists {len(told.commits)} of {told.total_commits} commits of the merge group,"
            f" which is '{told.status}' of its base",
            "let fewer pull requests into one group, with fewer commits",
        )
    return told.commits


def _of_commit(commit: Commit, base_ref: str, forge: GitHub) -> set[int]:
    """The commits that the queue makes itself are told by their titles, which GitHub writes."""
    pulls = [pull.facts for pull in forge.with_commit(commit.sha)]
    numbers = {pull.number for pull in pulls if pull.state == "open" and pull.base_ref == base_ref}
    if numbers:
        return numbers
    title = commit.commit.message.partition("\n")[0]
    by_queue = commit.committer is not None and commit.committer.login == "web-flow"
    found = (_SQUASHED.search(title) or _MERGED.match(title)) if by_queue else None
    if found is None:
        raise ForgeError(f"commit {commit.sha[:7]} of the merge group is of no pull request")
    return {int(found[1])}
