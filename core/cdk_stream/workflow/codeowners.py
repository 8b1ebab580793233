"""The owners of the rules -> their block of CODEOWNERS."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.project import Project
from cdk_stream.stages.approve.people import voters
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE, WorkTree
from cdk_stream.workflow.governed import REPOSITORY_FILES, project_files

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, first one first."""


@dataclass(frozen=True, slots=True)
class Codeowners:
    """A CODEOWNERS file: as it is, as it should be, and what speaks against lines around it."""

    path: Path
    text: str
    wanted: str
    overriding: tuple[int, ...] = ()
    """The numbers of lines below the block: the last line that fits a file wins."""

    @property
    def fine(self) -> bool:
        """Whether there is nothing to do."""
        return self.text == self.wanted and not self.overriding


def codeowners(root: Path, prefix: str) -> Codeowners:
    """What CODEOWNERS should say; the lines of others stay as they are, ours come last.

    Raises `Refused` (CS905) when the project names nobody who owns its rules.
    """
    project = Loader(WorkTree(root)).project()
    top = Path(os.path.realpath(root))
    for _ in Path(prefix).parts:
        top = top.parent
    found = next((top / place for place in PLACES if (top / place).is_file()), top / PLACES[0])
    text = found.read_text(encoding="utf-8") if found.is_file() else ""
    begin, end = f"# cdk-stream: begin {project.name}", f"# cdk-stream: end {project.name}"
    block = "\n".join([begin, *_lines(project, prefix), end]) + "\n"
    before, after = _around(text, begin, end)
    kept = before.rstrip("\n") + ("\n\n" if before.strip() else "")
    below = "".join(f"\n{line}" for line in after) + ("\n" if after else "")
    overriding = tuple(
        len((kept + block).splitlines()) + 2 + number
        for number, line in enumerate(after)
        if line.strip() and not line.startswith("#") and not _of_ours(after, number)
    )
    return Codeowners(found, text, kept.lstrip("\n") + block + below, overriding)


def _around(text: str, begin: str, end: str) -> tuple[str, list[str]]:
    """What stands above and below the block; all above when there is none."""
    lines = text.split("\n")
    if begin not in lines or end not in lines[lines.index(begin) :]:
        return text, []
    first = lines.index(begin)
    last = lines.index(end, first)
    after = "\n".join(lines[last + 1 :]).strip("\n")
    return "\n".join(lines[:first]), after.split("\n") if after else []


def _of_ours(lines: list[str], number: int) -> bool:
    """Whether a line stands in the block of another project."""
    marks = [line for line in lines[:number] if line.startswith("# cdk-stream: ")]
    return bool(marks) and marks[-1].startswith("# cdk-stream: begin")


def _lines(project: Project, prefix: str) -> list[str]:
    names = _names(project)
    top = f"/{prefix}".rstrip("/")
    patterns = (
        *REPOSITORY_FILES,
        *(top + pattern for pattern in project_files(project)),
        *project.governance.files,
    )
    return [f"{pattern.replace(' ', chr(92) + ' ')} {names}" for pattern in patterns]


def _names(project: Project) -> str:
    found: list[str] = []
    for owner in project.governance.owners:
        people, teams, problem = voters(owner, project.owners)
        if problem:
            raise _refused(problem)
        found += [*people, *teams]
    if not found:
        raise _refused("nobody owns the rules of the project")
    return " ".join(f"@{name}" for name in dict.fromkeys(found))


def _refused(message: str) -> Refused:
    mend = "name owners under `governance: owners:` and tie them to GitHub under `owners:`"
    return Refused([Problem(Location(PROJECT_FILE), "CS905", message, mend)])
