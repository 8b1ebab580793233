"""Whether a commit comes after the deployed one."""

from __future__ import annotations

from pathlib import Path

from cdk_stream.git import find_repository
from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.tree import PROJECT_FILE

_MEND = "to go back on purpose: cdk-stream rollback"


def refuse_older(root: Path, deployed: str, commit: str, *, strict: bool) -> None:
    """Raise `Refused` (CS834) when `commit` lies before the deployed one.

    With `strict`, also when it lies beside it, or when Git does not know. Of a working tree nobody
    can tell.
    """
    if not deployed or not commit or deployed == commit:
        return
    if is_ancestor(root, deployed, commit):
        return
    if is_ancestor(root, commit, deployed):
        raise _refusal(
            f"commit {commit[:7]} is older than {deployed[:7]}, which is deployed", _MEND
        )
    if strict:
        message = f"commit {commit[:7]} does not come after {deployed[:7]}, which is deployed"
        mend = f"{_MEND}; if the clone is shallow: git fetch --unshallow"
        raise _refusal(message, mend)


def is_ancestor(root: Path, older: str, newer: str) -> bool:
    """Whether `newer` holds all that `older` does; False when Git does not know one of them."""
    try:
        run_git(find_repository(root).directory, "merge-base", "--is-ancestor", older, newer)
    except GitFailed:
        return False
    return True


def _refusal(message: str, mend: str) -> Refused:
    return Refused([Problem(Location(PROJECT_FILE), "CS834", message, mend)])
