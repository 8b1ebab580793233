"""Where a project lies in its repository, and what a reference of the user's stands for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.git.trees import CommitTree, IndexTree
from cdk_stream.problems import Usage, near
from cdk_stream.tree import PROJECT_FILE

_DEEPEN = "fetch the history: git fetch --unshallow, or 'fetch-depth: 0' for actions/checkout"


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository seen from a project's folder inside it."""

    directory: str
    """The project's folder, or the nearest above it that is there."""
    prefix: str
    """The same, relative to the top of the repository: "" or "projects/fraud/"."""
    git_directory: str
    shallow: bool
    missing: str = ""
    """The end of `prefix` that only Git has: the files may lie in another commit, not here."""

    def resolve(self, reference: str) -> str:
        """The full id of the commit that `reference` names; Usage when there is none."""
        if not reference or reference.startswith("-") or not reference.isprintable():
            raise Usage(f"{reference!r} is not the name of a commit")
        commit = self._commit_id(reference)
        if not commit:
            raise Usage(_told(f"no commit '{reference}' in this repository", self._near(reference)))
        return commit

    def merge_base(self, reference: str, head: str = "HEAD") -> str:
        """The id of the commit where `head` left `reference`; Usage when there is none."""
        base, tip = self.resolve(reference), self.resolve(head)
        try:
            return run_git(self.directory, "merge-base", base, tip).decode().strip()
        except GitFailed:
            mend = _DEEPEN if self.shallow else "name a base that the branch was made from"
            message = f"'{reference}' and '{head}' have no commit in common here"
            raise Usage(_told(message, mend)) from None

    def at(self, reference: str) -> CommitTree | None:
        """The project at a commit; None when the commit has no project in this folder."""
        commit = self.resolve(reference)
        name = f"commit {commit[:7]}"
        if not commit.startswith(reference):
            name = f"'{reference}' ({commit[:7]})"
        try:
            tree = CommitTree(self.directory, commit, self.prefix, name)
        except GitFailed as failure:
            if self._has_folder(commit):
                raise Usage(f"git cannot read {name}: {failure}") from None
            return None
        return tree if PROJECT_FILE in tree.files() or PROJECT_FILE in tree.links() else None

    def differs(self, one: str, other: str, folder: str) -> bool:
        """Whether two commits hold different files in a folder of the repository."""
        trees = (f"{commit}:{folder}" for commit in (one, other))
        return len({self._tree_id(tree) for tree in trees}) > 1

    def _tree_id(self, tree: str) -> str:
        try:
            found = run_git(self.directory, "rev-parse", "--verify", "--quiet", tree)
        except GitFailed:
            return ""
        return found.decode().strip()

    def staged(self) -> IndexTree:
        """What is staged; inside a Git hook, in the index that Git is about to commit."""
        return IndexTree(self.directory, git_index(self.git_directory), self.missing)

    def _commit_id(self, reference: str) -> str:
        try:
            found = run_git(
                self.directory, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}"
            )
        except GitFailed:
            return ""
        return found.decode().strip()

    def _has_folder(self, commit: str) -> bool:
        """Whether the project's folder is a folder in the commit; True when Git cannot tell."""
        if not self.prefix:
            return True
        folder = self.prefix.rstrip("/")
        try:
            listing = run_git(self.directory, "ls-tree", "--full-tree", commit, "--", folder)
        except GitFailed:
            return True
        return listing.startswith(b"040000")

    def _near(self, reference: str) -> str:
        if self.shallow:
            return f"the clone is shallow; {_DEEPEN}"
        listing = run_git(
            self.directory, "for-each-ref", "--format=%(refname:short)",
            "refs/heads", "refs/remotes", "refs/tags",
        )  # fmt: skip
        names = listing.decode(errors="replace").split()
        remote = [name for name in names if name.endswith(f"/{reference}")]
        return f"did you mean '{remote[0]}'?" if remote else near(reference, names)


def git_index(git_directory: str) -> str:
    """The index that a Git hook was given for this repository; empty for the usual one."""
    index = os.environ.get("GIT_INDEX_FILE", "")
    if index and os.path.abspath(index).startswith(git_directory + os.sep):
        return os.path.abspath(index)
    return ""  # none, or of another repository


def find_repository(project: Path) -> Repository:
    """The repository that the folder `project` lies in; Usage when it lies in none."""
    wanted = directory = os.path.realpath(project)
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    missing = f"{os.path.relpath(wanted, directory)}/" if wanted != directory else ""
    questions = ("--show-prefix", "--absolute-git-dir", "--is-shallow-repository")
    try:
        answers = run_git(directory, "rev-parse", *questions)
    except GitFailed as failure:
        raise Usage(_refusal(directory, str(failure))) from None
    prefix, git_directory, shallow = os.fsdecode(answers).split("\n")[:3]
    return Repository(directory, prefix + missing, git_directory, shallow == "true", missing)


def _refusal(directory: str, failure: str) -> str:
    if "dubious ownership" in failure:
        mend = f"if you trust it: git config --global --add safe.directory '{directory}'"
        return _told("git refuses a repository that belongs to another user", mend)
    if "not a git repository" in failure:
        return _told("the project is not in a git repository", "git init, or leave --base out")
    return _told("git cannot read this repository", failure)


def _told(message: str, mend: str) -> str:
    return f"{message}\n    {mend}" if mend else message
