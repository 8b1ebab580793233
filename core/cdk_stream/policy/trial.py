"""Runs the tests that stand beside policies: every rule `test_...` of the `*_test.rego` files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import load_policies, read
from cdk_stream.policy.engine import EngineError, EntryPoint, RegoEngine
from cdk_stream.policy.level import parameters
from cdk_stream.policy.module import Module
from cdk_stream.problems import Location
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
    bundles: Sequence[PolicyBundle], tests: Mapping[str, str], engine: RegoEngine
) -> tuple[Trial, ...]:
    """Judge the policies of `bundles` by `tests` (file name -> Rego), in the order written.

    Policies see the parameters of their METADATA; a test says others `with data.params.ID as`.
    Raises `Refused` when a policy or a test file cannot be read.
    """
    policies = load_policies(bundles, engine)
    read([PolicyBundle("tests", dict(tests))], engine)
    data = {"params": parameters(policies, PolicySettings())}
    return tuple(
        trial
        for module in engine.modules()
        if module.path in tests
        for trial in _trials(module, data, engine)
    )


def _trials(module: Module, data: Mapping[str, Any], engine: RegoEngine) -> Iterator[Trial]:
    for head in module.heads:
        if head.name.startswith("test_"):
            entry = EntryPoint(module.package, head.name)
            passed, why = _run(entry, data, engine)
            where = module.at(head.line, head.column)
            yield Trial(f"{module.package[-1]}.{head.name}", where, passed, why)


def _run(entry: EntryPoint, data: Mapping[str, Any], engine: RegoEngine) -> tuple[bool, str]:
    try:
        return engine.evaluate(b"{}", data, [entry]) == [True], ""
    except EngineError as error:
        return False, error.message
