"""What a branch becomes by merging, which paths differ, and who had a hand in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.git.repository import Repository
from cdk_stream.git.trees import CommitTree
from cdk_stream.problems import Usage
from cdk_stream.tree import PROJECT_FILE

_TRAILER = re.compile(r"^\s*co-authored-by\s*:.*?<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Commit:
    """Who is named in a commit; addresses as they stand there."""

    id: str
    author: str
    committer: str
    co_authors: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of them."""
        return (self.author, self.committer, *self.co_authors)


def merged_tree(repository: Repository, base: str, head: str) -> str:
    """The id of the tree that `base` has once `head` is merged; empty when they conflict.

    Nothing is checked out. Raises `Usage` for histories that have nothing in common.
    """
    if repository.merge_base(base, head) == base:
        return tree_id(repository, head)
    try:
        told = run_git(repository.directory, "merge-tree", "--write-tree", base, head)
    except GitFailed as failure:
        if str(failure):
            raise Usage(f"git cannot merge {head[:7]} into {base[:7]}: {failure}") from None
        return ""
    return told.decode().split("\n", 1)[0]


def tree_id(repository: Repository, commit: str) -> str:
    """The id of a commit's whole tree."""
    return run_git(repository.directory, "rev-parse", "--verify", f"{commit}^{{tree}}").decode()[
        :-1
    ]


def parents(repository: Repository, commit: str) -> tuple[str, ...]:
    """The ids of a commit's parents, the branch that it was made on first."""
    told = run_git(repository.directory, "rev-list", "--no-walk", "--parents", commit)
    return tuple(told.decode().split()[1:])


def project_at(repository: Repository, tree: str, name: str) -> CommitTree | None:
    """The project in a whole tree; None when it is not there."""
    try:
        found = CommitTree(repository.directory, tree, repository.prefix, name)
    except GitFailed:
        return None
    return found if PROJECT_FILE in found.files() or PROJECT_FILE in found.links() else None


def changed_paths(repository: Repository, old: str, new: str) -> tuple[str, ...]:
    """Every path that differs between two trees, from the top of the repository."""
    told = run_git(
        repository.directory, "diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new
    )
    return tuple(os.fsdecode(told).split("\0")[:-1])


def file_ids(repository: Repository, tree: str, paths: Iterable[str]) -> dict[str, str]:
    """Path -> mode and id of those of `paths` that a whole tree has."""
    told = run_git(repository.directory, "ls-tree", "-r", "-z", "--full-tree", tree, "--", *paths)
    entries = (entry.partition("\t") for entry in os.fsdecode(told).split("\0")[:-1])
    return {path: head for head, _, path in entries}


def commits_between(
    repository: Repository, base: str, head: str, *, merges: bool = True
) -> tuple[Commit, ...]:
    """The commits that `head` has and `base` has not."""
    which = () if merges else ("--no-merges",)
    how = ("--no-show-signature", "--no-mailmap", "--encoding=UTF-8")
    form = "--format=%H%x00%ae%x00%ce%x00%B"
    told = run_git(repository.directory, "log", "-z", *which, *how, form, head, f"^{base}")
    return tuple(_commits(told.decode("utf-8", "replace")))


def first_parents(repository: Repository, since: str, commit: str) -> tuple[str, ...]:
    """The commits of a branch after `since` up to `commit`, oldest first, each merge as one."""
    told = run_git(
        repository.directory, "rev-list", "--first-parent", "--reverse", commit, f"^{since}"
    )
    return tuple(told.decode().split())


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether the history of `new` holds `old`."""
    try:
        run_git(repository.directory, "merge-base", "--is-ancestor", old, new)
    except GitFailed:
        return False
    return True


def _commits(text: str) -> Iterator[Commit]:
    fields = text.split("\0")
    for start in range(0, len(fields) - 3, 4):
        id_, author, committer, message = fields[start : start + 4]
        yield Commit(id_, author, committer, tuple(_TRAILER.findall(message)))
