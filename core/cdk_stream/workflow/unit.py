"""Unit tests: found in the files, and run on the rows that they give."""

from __future__ import annotations

import re
import time
from pathlib import Path

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.outcome import Outcome
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.sight import Seen, seen_by
from cdk_stream.workflow.unit_trial import Trial

_MENTIONED = re.compile(rb"\b(?:unit|given|expect)\b")


def unit_tests(compiled: Compiled) -> dict[str, Declaration]:
    """Id (`test.NAME`) -> unit test, by file and place.

    Raises Refused (CS130) for a name that another test has.
    """
    loader = compiled.loader
    files = loader.declaring_files()
    loader.preload(files)
    found: dict[str, Declaration] = {}
    problems = []
    for path in files:
        if not _MENTIONED.search(loader.content(path)):
            continue
        for one in loader.unit_tests(path):
            if one.id in found or one.id in compiled.compilation.entries:
                place = loader.locate(one.path, f"{one.pointer}/name")
                message = f"another test is named '{one.name}'"
                problems.append(Problem(place, "CS130", message, "rename one of the two"))
            found.setdefault(one.id, one)
    if problems:
        raise Refused(problems)
    return found


class UnitRunner:
    """Runs unit tests of a compiled project, one by one."""

    def __init__(self, compiled: Compiled, root: Path) -> None:
        self._compiled = compiled
        self._root = root
        self._seen: dict[str, dict[str, Seen]] = {}

    def run(self, declaration: Declaration) -> Outcome:
        """What comes of one."""
        began = time.process_time()
        trial = Trial(self._compiled, self._root, declaration)
        seen = self._role(trial.test.as_)
        trial.go(seen)
        passed = trial.passed
        return Outcome(
            declaration.id,
            declaration.name,
            "unit",
            trial.node,
            Location(declaration.path) if passed else trial.reading.place(),
            "passed" if passed else "refused" if trial.reading.problems else "failed",
            trial.message,
            difference=trial.difference,
            problems=tuple(trial.reading.problems),
            seconds=time.process_time() - began,
        )

    def _role(self, role: str | None) -> dict[str, Seen] | None:
        """What a role sees of the project; None for everything, or for a role that is not there."""
        if role is None or role not in self._compiled.project.roles:
            return None
        if role not in self._seen:
            self._seen[role] = seen_by(self._compiled.manifest, role)
        return self._seen[role]
