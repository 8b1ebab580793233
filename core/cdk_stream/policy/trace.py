"""Which rule of a policy found what, and how long the policy took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_stream.policy.check import Policy
from cdk_stream.policy.engine import EntryPoint, RegoEngine
from cdk_stream.policy.module import ENTRIES
from cdk_stream.policy.text import Text, Tree, names_of, place


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One definition of `deny`, `warn` or `require_approval`, and its findings as they came."""

    rule: str
    line: int
    findings: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PolicyTrace:
    """What one policy did."""

    policy: Policy
    milliseconds: float
    """For all its rules together; what it shares with others is counted with each."""
    rules: tuple[RuleTrace, ...]


def trace(
    policies: Sequence[Policy],
    engine: RegoEngine,
    again: RegoEngine,
    document: bytes,
    data: Mapping[str, Any],
) -> list[PolicyTrace]:
    """Ask each policy by itself, rule by rule.

    `engine` has read the policies; `again` is another of its kind that has read nothing yet.
    Raises `EngineError`.
    """
    asked = {policy.path for policy in policies}
    rules: dict[str, list[tuple[str, int, str]]] = {}
    for text in engine.texts():
        found = list(_definitions(text)) if text.path in asked else []
        rules[text.path] = [(rule, line, name) for rule, line, name, _ in found]
        again.read(text.path, "".join([text.source.decode(), *(copy for *_, copy in found)]))
    again.evaluate(document, data, [])  # the reading of the document is nobody's time
    return [_traced(policy, rules[policy.path], again, document, data) for policy in policies]


def _traced(
    policy: Policy,
    rules: list[tuple[str, int, str]],
    engine: RegoEngine,
    document: bytes,
    data: Mapping[str, Any],
) -> PolicyTrace:
    started = time.perf_counter()
    engine.evaluate(document, data, policy.entries)
    took = (time.perf_counter() - started) * 1000
    package = policy.entries[0].package
    answers = engine.evaluate(document, data, [EntryPoint(package, name) for _, _, name in rules])
    found = zip(rules, answers, strict=True)
    traced = (RuleTrace(rule, line, tuple(said)) for (rule, line, _), said in found)
    return PolicyTrace(policy, took, tuple(traced))


def _definitions(text: Text) -> Iterator[tuple[str, int, str, str]]:
    """Rule, line, a name of its own, and a copy of the definition under that name."""
    for number, rule in enumerate(text.tree["rules"]):
        head: Tree = next(iter(rule.get("Spec", {}).get("head", {"": {}}).values()))
        name = names_of(head["refr"])[0][:1] if "refr" in head else ()
        if name and name[0] in ENTRIES:
            span = rule["Spec"]["span"]
            end = span["end"] + (text.source[span["end"] : span["end"] + 1] in (b'"', b"`"))
            rest = text.source[span["start"] + len(name[0]) : end].decode()
            own = f"cdk_stream_{name[0]}_{number}"
            yield name[0], place(head["refr"], text.source)[0], own, f"\n{own}{rest}\n"
