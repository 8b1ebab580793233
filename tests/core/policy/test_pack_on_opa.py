"""The bundled policies on a real OPA: the same verdicts, the same tests, and in even time."""

from __future__ import annotations

import resource
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from cdk_stream.policy.check import Policy, load_policies
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import RegoEngine
from cdk_stream.policy.level import parameters
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.trial import run_tests
from cdk_stream.resources.engine import Opa
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide
from cdk_stream.stages.trace import trace
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.compile import compile_tree
from cdk_stream.workflow.facts import change_facts
from cdk_stream.workflow.judgement import document
from cdk_stream.workflow.policies import folder_shelf, project_shelf
from cdk_stream_policies import register_policies
from tests.core.compiler.test_reuse import Held
from tests.policies.manifests import manifest
from tests.policies.test_mutants import MUTANTS, Mutant, files, green

ROOT = Path(__file__).parents[3]
BUNDLES = tuple(register_policies())
NOW = "2026-06-01T12:00:00Z"
EVERY = 3
"""Of the mutants, which lie sorted by policy, one in so many."""


def on(path: str) -> RegoEngine:
    return engine_for(Opa(opa=path, timeout="2 minutes"), ROOT)


@cache
def loaded(path: str) -> tuple[RegoEngine, tuple[Policy, ...]]:
    """An OPA that has read the pack, or with no path the embedded engine."""
    engine = on(path) if path else Regorus()
    return engine, load_policies(BUNDLES, engine)


def answers(path: str, text: bytes, settings: PolicySettings) -> list[Any]:
    """What every rule of the pack finds."""
    engine, policies = loaded(path)
    data = {"params": parameters(policies, settings)}
    entries = [entry for policy in policies for entry in policy.entries]
    return engine.evaluate(text, data, entries)


def mutated(mutant: Mutant) -> tuple[bytes, PolicySettings]:
    given = files()
    given[mutant.path] = given[mutant.path].replace(mutant.old, mutant.new)
    project = compile_tree(Held(given), green().compilation)
    found = {**orjson.loads(project.manifest.document()), "now": NOW}
    if mutant.against_base:
        changes = changes_between(green(), project)
        found |= change_facts(changes, trace(changes, green().manifest, project.manifest))
    return orjson.dumps(found), project.project.policies


@pytest.mark.parametrize("mutant", MUTANTS[::EVERY], ids=lambda m: f"{m.policy}: {m.path}: {m.new}")
def test_a_fault_is_judged_alike(mutant: Mutant, opa_path: str) -> None:
    text, settings = mutated(mutant)
    found = answers(opa_path, text, settings)
    assert found == answers("", text, settings)
    assert any(found)


@pytest.mark.parametrize(
    "project", ["examples/fraud", "tests/projects/fraud", "tests/projects/payments"]
)
def test_a_project_is_judged_alike(project: str, tmp_path: Path, opa_path: str) -> None:
    copy = shutil.copytree(ROOT / project, tmp_path / "project")
    text, settings = document(copy, None, NOW).text, project_shelf(copy).settings
    assert answers(opa_path, text, settings) == answers("", text, settings)


def test_the_tests_hold_on_opa(opa_path: str) -> None:
    shelf = folder_shelf(ROOT / "policies" / "cdk_stream_policies")
    assert len(shelf.bundles) == 1  # the folder is the bundle itself
    trials = run_tests(shelf.bundles, shelf.tests, on(opa_path), shelf.fixtures)
    assert [trial for trial in trials if not trial.passed] == []
    assert len(trials) > 50


def test_no_policy_is_quadratic_on_opa(opa_path: str) -> None:
    settings = PolicySettings(engine=Opa(opa=opa_path, timeout="2 minutes"))

    def cost(models: int) -> float:
        text = manifest(models).document()
        before = _children()
        decide(text, BUNDLES, settings, {"now": NOW})
        return _children() - before

    empty = cost(1)
    small, large = cost(400) - empty, cost(1600) - empty
    assert large < 8 * small  # four times as much is in order, sixteen times is not


def _children() -> float:
    """CPU seconds of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
