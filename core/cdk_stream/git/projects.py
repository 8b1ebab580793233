"""Which folders of a repository are projects: a repository may hold several."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.git.repository import find_repository, git_index
from cdk_stream.problems import Usage
from cdk_stream.tree import PROJECT_FILE


@dataclass(frozen=True, slots=True)
class Holdings:
    """The files of a whole repository, staged or at a commit."""

    top: Path
    """Its folder."""
    files: tuple[str, ...]
    """Paths from the top."""

    def projects(self) -> tuple[str, ...]:
        """The folders with a project file, sorted: "" for the top itself, "teams/fraud"."""
        tail = f"/{PROJECT_FILE}"
        found = (f"/{path}" for path in self.files)
        return tuple(sorted(path.removesuffix(tail)[1:] for path in found if path.endswith(tail)))

    def under(self, project: str) -> tuple[str, ...]:
        """The files below a project's folder."""
        start = f"{project}/" if project else ""
        return tuple(path for path in self.files if path.startswith(start))


def staged_holdings(folder: Path) -> Holdings:
    """What is staged in the repository around `folder`; Usage when there is none."""
    top, git_directory = _top(folder)
    listing = run_git(str(top), "ls-files", "-z", index=git_index(git_directory))
    return _holdings(top, listing)


def holdings_at(folder: Path, reference: str) -> Holdings:
    """What a commit of the repository around `folder` holds; Usage when there is no such."""
    top, _ = _top(folder)
    commit = find_repository(top).resolve(reference)
    listing = run_git(str(top), "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
    return _holdings(top, listing)


def _holdings(top: Path, listing: bytes) -> Holdings:
    return Holdings(top, tuple(dict.fromkeys(os.fsdecode(listing).split("\0")[:-1])))


def _top(folder: Path) -> tuple[Path, str]:
    try:
        answers = run_git(str(folder), "rev-parse", "--show-toplevel", "--absolute-git-dir")
    except GitFailed as failure:
        find_repository(folder)  # says what is wrong with it
        raise Usage(f"git cannot tell where this repository begins\n    {failure}") from None
    top, git_directory = os.fsdecode(answers).split("\n")[:2]
    return Path(top), git_directory
