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
