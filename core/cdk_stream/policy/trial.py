"""Runs the tests that stand beside policies: every rule `test_...` of the `*_test.rego` files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import load_policies, read
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.policy.level import parameters
from cdk_stream.policy.lint.trials import idle
from cdk_stream.policy.module import Head, Module
from cdk_stream.problems import Location, refuse_errors
from cdk_stream.resources.project import PolicySettings


@dataclass(frozen=True, slots=True)
class Trial:
    """One test rule and whether it held; `why` is the engine's word when it broke off."""

    name: str
    """`classification_test.test_inherited_gap`."""
    location: Location
    passed: bool
    why: str = ""


def run_tests(
    bundles: Sequence[PolicyBundle],
    tests: Mapping[str, str],
    engine: RegoEngine,
    fixtures: Mapping[str, Any] | None = None,
) -> tuple[Trial, ...]:
    """Judge the policies of `bundles` by `tests` (file name -> Rego), in the order written.

    Policies see the parameters of their METADATA; a test says others `with data.params.ID as`.
    Tests read `fixtures` as `data.fixtures.NAME`. Raises `Refused` when a policy or a test file
    cannot be read.
    """
    policies = load_policies(bundles, engine)
    read([PolicyBundle("tests", dict(tests))], engine)
    refuse_errors(
        problem for text in engine.texts() if text.path in tests for problem in idle(text)
    )
    data = {"params": parameters(policies, PolicySettings()), "fixtures": dict(fixtures or {})}
    asked = [(module, head) for module in engine.modules() for head in _heads(module, tests)]
    entries = [EntryPoint(module.package, head.name) for module, head in asked]
    results = _held(entries, data, engine)
    return tuple(
        Trial(f"{module.package[-1]}.{head.name}", module.at(head.line, head.column), passed, why)
        for (module, head), (passed, why) in zip(asked, results, strict=True)
    )


def _heads(module: Module, tests: Mapping[str, str]) -> Iterator[Head]:
    """The tests of a file; several rules of one name are one test."""
    seen: set[str] = set()
    for head in module.heads if module.path in tests else ():
        if head.name.startswith("test_") and head.name not in seen:
            seen.add(head.name)
            yield head


def _held(
    entries: Sequence[EntryPoint], data: Mapping[str, Any], engine: RegoEngine
) -> list[tuple[bool, str]]:
    """Whether each holds, and why not. All are asked at once; those that fail, ever fewer."""
    if not entries:
        return []
    try:
        answers = engine.evaluate(b"{}", data, entries)
        return [(answer is True, "") for answer in answers]
    except EngineError as error:
        if len(entries) == 1:
            return [(False, "" if "undefined" in error.message else error.message)]
    half = len(entries) // 2
    return _held(entries[:half], data, engine) + _held(entries[half:], data, engine)
