"""Policies come from pull requests: whatever stands in them, they are judged or refused."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream.policy.bundle import project_bundle
from cdk_stream.problems import Refused
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide

from .test_check import GOOD, load

PARTS = [*GOOD, "{", "}", "[", "]", "(", '"', "`", "#", "\t", "\n", "deny", "input", "data.x", "é"]


def judge(text: str) -> None:
    manifest = b'{"nodes":{"model.a":{"name":"a"}}}'
    try:
        decide(manifest, [project_bundle({"a.rego": text})], PolicySettings(), {})
    except Refused as refused:
        assert all(problem.code.startswith("CS7") for problem in refused.problems)


@settings(max_examples=300, deadline=2000)
@given(
    at=st.integers(0, len(GOOD)),
    gone=st.integers(0, 8),
    put=st.lists(st.sampled_from(PARTS), max_size=6).map("".join),
)
def test_damaged_policies(at: int, gone: int, put: str) -> None:
    judge(GOOD[:at] + put + GOOD[at + gone :])


@settings(max_examples=200, deadline=2000)
@given(st.text())
def test_any_text(text: str) -> None:
    judge(text)


@pytest.mark.parametrize(("left", "right"), ["[]", "{}", "()"])
def test_deep_brackets(left: str, right: str) -> None:
    started = time.process_time()
    nested = left * 40 + "1" + right * 40
    with pytest.raises(Refused, match=r"a\.rego:17:\d+: CS701 brackets are nested more than 12"):
        decide(
            b"{}",
            [project_bundle({"a.rego": f"{GOOD}x := {nested}\n"})],
            PolicySettings(),
            {},
        )
    assert time.process_time() - started < 1


def test_brackets_in_text_and_comments_do_not_count() -> None:
    assert load(a=GOOD + f'x := "{"[" * 40}\\"" # {"{" * 40}\ny := `{"(" * 40}`\n')


@pytest.mark.parametrize(
    "expression",
    [
        "1" + " + 1" * 3000,
        "input" + ".a" * 3000,
        "input" + "[0]" * 3000,
        "f(" * 11 + "1" + ")" * 11,
    ],
)
def test_long_expressions(expression: str) -> None:
    started = time.process_time()
    judge(f"{GOOD}x := {expression}\n")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "rules",
    [
        "f(x) := f(x)\ny := f(1)",
        "f(x) := g([x])\ng(x) := f({1: x})\ny := f(1)",
        "f.g(x) := f.g(x)\ny := f.g(1)",
        "a := b\nb := a",
        "a := data.stream.rules.naming.b\nb := data.stream.rules.naming.a",
        "f(x) := x if data.stream.rules.naming.f(x)\ny := f(1)",
        "a contains x if some x in b\nb contains x if some x in a",
    ],
)
def test_rules_that_need_themselves(rules: str) -> None:
    """They overflow the engine's stack, and end the process."""
    with pytest.raises(Refused, match=r"a\.rego:\d+:\d+: CS71[78]"):
        decide(b"{}", [project_bundle({"a.rego": f"{GOOD}{rules}\n"})], PolicySettings(), {})
