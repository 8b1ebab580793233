"""The bundled policies over whole manifests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from cdk_stream.resources.project import PolicySettings
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.decide import decide
from cdk_stream_policies import register_policies
from tests.policies.manifests import manifest

BUNDLES = tuple(register_policies())
NODE = dict[str, Any]


def judge(project: Manifest, **extra: Any) -> list[tuple[str, str, str]]:
    found = decide(project.document(), BUNDLES, PolicySettings(), extra)
    return [(decision.policy, decision.effect, decision.node) for decision in found.decisions]


def changed(node_id: str, change: Callable[[NODE], Any]) -> Manifest:
    project = manifest(40)
    fragments = {name: project.nodes.fragment(name) for name in project.nodes}
    node = orjson.loads(fragments[node_id])
    change(node)
    fragments[node_id] = orjson.dumps(node)
    return Manifest(project.project, fragments, project.parents)


def test_a_project_in_order_is_green() -> None:
    assert judge(manifest(40)) == []


MUTANTS: list[tuple[str, str, Callable[[NODE], Any]]] = [
    ("classification", "source.s0", lambda node: node["columns"]["c0"].pop("classification")),
    ("classification", "model.m5", lambda node: node["columns"]["c0"].pop("classification")),
    ("classification", "model.m9", lambda node: node["columns"]["c9"].pop("classification")),
    ("residency", "source.s0", lambda node: node.update(region="US")),
    ("residency", "model.m3", lambda node: node.update(allowed_clusters=["prod-eu-2"])),
    ("residency", "model.m9", lambda node: node.update(forbidden_sinks=["snowflake"])),
    ("residency", "model.m9", lambda node: node["sink"].update(connector="gone")),
    ("fail_closed", "source.s1", lambda node: node.pop("owner")),
    ("fail_closed", "model.m5", lambda node: node.pop("owner")),
    ("fail_closed", "exposure.e0", lambda node: node.pop("owner")),
    ("fail_closed", "exposure.e0", lambda node: node.update(owner="ghost")),
    ("fail_closed", "model.m5", lambda node: node["columns"]["c4"].update(protections=[])),
    ("fail_closed", "model.m5", lambda node: node["columns"]["c0"].update(analysis="unknown")),
    ("fail_closed", "source.s0", lambda node: node.update(open=True)),
]


@pytest.mark.parametrize(("policy", "node", "change"), MUTANTS)
def test_one_fault_is_denied_by_one_policy(
    policy: str, node: str, change: Callable[[NODE], Any]
) -> None:
    found = judge(changed(node, change))
    assert {name for name, _, _ in found} == {policy}
    assert {effect for _, effect, _ in found} == {"deny"}
    assert node in {denied for _, _, denied in found}


def test_an_untested_model_that_is_read_is_denied() -> None:
    project = changed("test.t0", lambda node: node.update(assertions=[]))
    assert judge(project) == [("fail_closed", "deny", "model.m0")]


@pytest.mark.parametrize(
    ("owner", "effect"), [("team-1", "require_approval"), ("ghost", "deny"), ("", "deny")]
)
def test_the_owner_of_what_is_hit_is_asked(owner: str, effect: str) -> None:
    impact = {
        "exposure": "exposure.e0",
        "owner": owner,
        "severity": "risky",
        "changes": ["model.m0"],
        "path": ["model.m0", "exposure.e0"],
    }
    found = judge(manifest(40), impact=[impact])
    assert found == [("exposure_approval", effect, "exposure.e0")]


def test_time_grows_with_the_project_and_not_faster() -> None:
    small, large = manifest(100).document(), manifest(800).document()
    settings = PolicySettings()
    decide(small, BUNDLES, settings, {})

    def cost(document: bytes) -> float:
        started = time.process_time()
        decide(document, BUNDLES, settings, {})
        return time.process_time() - started

    assert min(cost(large) for _ in range(3)) < 12 * min(cost(small) for _ in range(3)) + 0.05
