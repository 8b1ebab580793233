"""Policies that were found in order are taken on trust, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.glance import cache_base
from cdk_stream.policy.bundle import project_bundle
from cdk_stream.policy.check import load_policies
from cdk_stream.policy.engine import EntryPoint
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.remembered import recalled
from cdk_stream.problems import Refused
from cdk_stream_policies import register_policies

from .test_check import GOOD as NAMING

GOOD = NAMING.replace("naming", "acme_names")
BUNDLES = [*register_policies(), project_bundle({"policies/a.rego": GOOD})]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))


def test_they_are_the_same_and_answer_the_same(tmp_path: Path) -> None:
    fresh, first, second = Regorus(), Regorus(), Regorus()
    policies = load_policies(BUNDLES, fresh)
    assert recalled(BUNDLES, first, tmp_path) == policies
    assert recalled(BUNDLES, second, tmp_path) == policies
    assert second.modules() == fresh.modules()
    entries = [entry for policy in policies for entry in policy.entries]
    document = b'{"nodes":{"model.a":{"kind":"model","name":"x","columns":{"c":{"edges":[]}}}}}'
    data = {"params": {policy.metadata.id: policy.metadata.params for policy in policies}}
    assert second.evaluate(document, data, entries) == fresh.evaluate(document, data, entries)


def test_what_is_remembered_is_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recalled(BUNDLES, Regorus(), tmp_path)
    monkeypatch.setattr("cdk_stream.policy.remembered.load_policies", None)
    assert recalled(BUNDLES, Regorus(), tmp_path / "another-project")


def test_another_text_is_checked(tmp_path: Path) -> None:
    recalled(BUNDLES, Regorus(), tmp_path)
    wrong = GOOD.replace("node.name", "node.nmae")
    with pytest.raises(Refused, match="CS714"):
        recalled([BUNDLES[0], project_bundle({"policies/a.rego": wrong})], Regorus(), tmp_path)
    with pytest.raises(Refused, match="CS714"):
        recalled([BUNDLES[0], project_bundle({"policies/a.rego": wrong})], Regorus(), tmp_path)


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(34):
        text = f"# {number}\n" if number < 33 else "# 0\n"
        recalled([project_bundle({"policies/a.rego": GOOD + text})], Regorus(), tmp_path)
    assert len(list((Path(cache_base()) / "policies").iterdir())) == 32


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"key": 1}'])
def test_what_cannot_be_read_is_not_remembered(content: bytes, tmp_path: Path) -> None:
    recalled(BUNDLES, Regorus(), tmp_path)
    (remembered,) = (Path(cache_base()) / "policies").iterdir()
    remembered.write_bytes(content)
    assert recalled(BUNDLES, Regorus(), tmp_path)


def test_a_folder_that_cannot_be_written_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "file"))
    assert recalled(BUNDLES, Regorus(), tmp_path)


def test_heads_are_bound_when_remembered_too(tmp_path: Path) -> None:
    rule = "\nown contains node.owner if some node in input.nodes\n"
    bundles = [project_bundle({"policies/a.rego": GOOD + rule})]
    document = b'{"nodes":{"model.a":{"name":"acme","owner":"x"},"model.b":{"name":"acme"}}}'
    for _ in range(2):
        engine = Regorus()
        recalled(bundles, engine, tmp_path)
        own = EntryPoint(("stream", "rules", "acme_names"), "own")
        data = {"params": {"acme_names": {"prefix": "acme"}}}
        assert engine.evaluate(document, data, [own]) == [["x"]]
