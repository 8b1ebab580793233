"""The tests of a shelf's policies in one engine, and how much of the policies they evaluate."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.policy.bundle import OWN
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.trial import Trial, run_tests
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.engine import Engine
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.policies import Shelf


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a policy tests evaluate, by line."""

    path: str
    covered: int
    missed: tuple[int, ...]

    @property
    def percent(self) -> float:
        lines = self.covered + len(self.missed)
        return 100 * self.covered / lines if lines else 100.0


@dataclass(frozen=True, slots=True)
class Session:
    """All tests in one engine."""

    engine: str
    """Its name and version."""
    trials: tuple[Trial, ...]
    coverage: list[Coverage] | None = None
    """Of each policy and library that stands beside tests; None where no engine tells."""


def run_session(shelf: Shelf, chosen: Engine, *, cover: bool = False) -> Session:
    """Run every test of `shelf`; raises `Refused` for faulty files and a failing engine."""
    try:
        engine = engine_for(chosen, shelf.root)
        name = f"{engine.name} {engine.version}"
        measured = isinstance(engine, Regorus) and cover
        if isinstance(engine, Regorus) and cover:
            engine.cover()
        trials = run_tests(shelf.bundles, shelf.tests, engine, shelf.fixtures)
        coverage = _coverage(engine, shelf) if measured and isinstance(engine, Regorus) else None
    except EngineError as error:
        where = Location(error.path or PROJECT_FILE, error.line, error.column)
        raise Refused([Problem(where, "CS710", error.message)]) from error
    return Session(name, trials, coverage)


def _coverage(engine: Regorus, shelf: Shelf) -> list[Coverage]:
    """Of the files that the tests stand beside: those of the project's or folder's own bundle."""
    own = {path for bundle in shelf.bundles if bundle.name == OWN for path in bundle.modules}
    return [
        Coverage(path, len(covered), tuple(missed))
        for path, (covered, missed) in sorted(engine.covered().items())
        if path in own
    ]
