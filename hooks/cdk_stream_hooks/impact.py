"""Before a push: what the commits change, and whom that hits."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cdk_stream.git import Repository, find_repository
from cdk_stream.git.projects import holdings_at
from cdk_stream.problems import Usage
from cdk_stream_hooks.hook import each, hook, projects_of


def main(argv: Sequence[str] | None = None) -> int:
    """1 when a project that changes is refused; `argv` goes to `cdk-stream check`."""
    return hook(_impact, argv)


def _impact(arguments: list[str]) -> int:
    pushed = os.environ.get("PRE_COMMIT_TO_REF") or "HEAD"
    holdings = holdings_at(Path.cwd(), pushed)
    repository = find_repository(holdings.top)
    projects = projects_of(holdings)
    base = _base(repository)
    if base is None:
        print(
            "nothing to compare with: no branch of a remote is known here",
            file=sys.stderr,
        )
        return each("check", holdings.top, projects, arguments, "--commit", pushed)
    left = repository.merge_base(base, pushed)
    changed = [one for one in projects if repository.differs(left, pushed, one)]
    if not changed:
        print("no project changes")
        return 0
    return each("check", holdings.top, changed, arguments, "--commit", pushed, "--base", base)


def _base(repository: Repository) -> str | None:
    """What the remote has: as pre-commit says, else the remote's own default branch."""
    for reference in _candidates():
        try:
            repository.resolve(reference)
        except Usage:
            continue
        return reference
    return None


def _candidates() -> Iterator[str]:
    if given := os.environ.get("PRE_COMMIT_FROM_REF"):
        yield given
    remote = os.environ.get("PRE_COMMIT_REMOTE_NAME") or "origin"
    yield from (f"{remote}/{branch}" for branch in ("HEAD", "main", "master"))
