"""The tests in Rego that stand beside the policies."""

from __future__ import annotations

from importlib.resources import files

import pytest

import cdk_stream_policies
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.trial import Trial, run_tests

FILES = {
    file.name: file.read_text(encoding="utf-8")
    for file in files(cdk_stream_policies).iterdir()
    if file.name.endswith("_test.rego")
}
TRIALS = run_tests(tuple(cdk_stream_policies.register_policies()), FILES, Regorus())


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_rule(trial: Trial) -> None:
    assert trial.passed, f"{trial.location}: {trial.why}"


def test_every_policy_is_tested() -> None:
    (bundle,) = cdk_stream_policies.register_policies()
    judged = {f"{name.rpartition('/')[2][:-5]}_test.rego" for name in bundle.modules}
    assert judged == FILES.keys()
