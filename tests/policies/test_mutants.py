"""A green project, and one-line faults that one policy denies and no other does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from cdk_stream import yaml
from cdk_stream.policy.answer import decisions
from cdk_stream.policy.check import Policy, load_policies
from cdk_stream.policy.level import parameters
from cdk_stream.policy.regorus import Regorus
from cdk_stream.problems import Problem
from cdk_stream.results.decision import Decision
from cdk_stream.stages.trace import trace
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.compile import Compiled, compile_tree
from cdk_stream.workflow.facts import change_facts
from cdk_stream_policies import register_policies
from tests.core.compiler.test_reuse import Files, Held, example

FOLDER = Path(__file__).parent / "mutants"
BUNDLES = tuple(register_policies())
NOW = "2026-06-01T12:00:00Z"
"""The deprecation dates of the mutants lie before it."""
FEWEST = 10


class Mutant(NamedTuple):
    """A fault in one line of the green project, and the policy that must see it."""

    policy: str
    path: str
    old: str
    new: str
    against_base: bool


def _mutants() -> Iterator[Mutant]:
    written = yaml.load((FOLDER / "mutants.yml").read_bytes(), "mutants.yml")
    for section, policies in written.items():
        for policy, files in policies.items():
            for path, pairs in files.items():
                for pair in pairs:
                    old, new = (text.replace("|", "\n") for text in pair)
                    yield Mutant(policy, path, old, new, section == "against_base")


MUTANTS = tuple(_mutants())


def files() -> Files:
    more = (FOLDER / "green").rglob("*.yml")
    return example() | {
        path.relative_to(FOLDER / "green").as_posix(): path.read_text(encoding="utf-8")
        for path in more
    }


@cache
def green() -> Compiled:
    return compile_tree(Held(files()))


@cache
def pack() -> tuple[Regorus, tuple[Policy, ...]]:
    """Loaded once for all: reading policies takes longer than judging so small a project."""
    engine = Regorus()
    return engine, load_policies(BUNDLES, engine)


def judge(project: Compiled, base: Compiled | None = None) -> set[tuple[str, str]]:
    """Policy and effect of what the pack says of a project, and of what it changes."""
    manifest = project.manifest
    document = {**orjson.loads(manifest.document()), "now": NOW}
    if base is not None:
        changes = changes_between(base, project)
        document |= change_facts(changes, trace(changes, base.manifest, manifest))
    engine, policies = pack()
    entries = [(policy, entry) for policy in policies for entry in policy.entries]
    data = {"params": parameters(policies, project.project.policies)}
    answers = engine.evaluate(orjson.dumps(document), data, [entry for _, entry in entries])
    problems: list[Problem] = []
    found: set[Decision] = set()
    for (policy, entry), answer in zip(entries, answers, strict=True):
        found |= set(decisions(policy, entry.rule, answer, "deny", problems))
    assert not problems
    return {(decision.policy, decision.effect) for decision in found}


def test_the_project_is_green() -> None:
    assert green().compilation.ok
    assert judge(green()) == set()
    assert judge(green(), green()) == set()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.policy}: {m.path}: {m.new}")
def test_the_fault_is_denied_by_its_policy_and_no_other(mutant: Mutant) -> None:
    given = files()
    assert given[mutant.path].count(mutant.old) == 1
    assert abs(mutant.old.count("\n") - mutant.new.count("\n")) <= 1
    given[mutant.path] = given[mutant.path].replace(mutant.old, mutant.new)
    mutated = compile_tree(Held(given), green().compilation)
    assert mutated.compilation.ok, mutated.compilation.problems
    found = judge(mutated, green() if mutant.against_base else None)
    assert {policy for policy, effect in found if effect == "deny"} == {mutant.policy}


def test_every_policy_has_enough_of_them() -> None:
    counted = Counter(mutant.policy for mutant in dict.fromkeys(MUTANTS))
    policies = {one.rpartition("/")[2][:-5] for one in BUNDLES[0].modules} - {"lib"}
    assert counted.keys() == policies
    assert min(counted.values()) >= FEWEST
