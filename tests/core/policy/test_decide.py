"""The verdict: what policies find, how strictly they hold, and never an empty one by mistake."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from cdk_stream.policy.bundle import PolicyBundle, project_bundle
from cdk_stream.problems import Refused, Severity
from cdk_stream.resources.project import PolicySettings
from cdk_stream.results.decision import Decision
from cdk_stream.stages.decide import decide

HEAD = """# METADATA
# title: {id} title
# related_resources: [docs/{id}.md]
# custom: {{id: {id}, severity: {severity}, remediation: mend it, params: {{most: 1}}}}
package stream.rules.{id}
"""
COUNT = """
deny contains {"node": id, "msg": "too many"} if {
	some id, node in input.nodes
	count(node.columns) > data.params.size.most
}
warn contains "nothing here" if count(input.nodes) == 0
"""
MANIFEST = b'{"nodes":{"model.a":{"columns":["x","y"]},"model.b":{"columns":["x"]}}}\n'


def bundle(rules: str, name: str = "size", severity: str = "error") -> PolicyBundle:
    return project_bundle(
        {f"policies/{name}.rego": HEAD.format(id=name, severity=severity) + rules}
    )


def judge(
    rules: str,
    manifest: bytes = MANIFEST,
    extra: dict[str, Any] | None = None,
    severity: str = "error",
    **settings: Any,
) -> tuple[Decision, ...]:
    return decide(
        manifest, [bundle(rules, severity=severity)], PolicySettings(**settings), extra or {}
    ).decisions


def refusals(rules: str, **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        judge(rules, **options)
    return [str(problem) for problem in refused.value.problems]


def test_a_finding_carries_what_the_policy_says() -> None:
    assert judge(COUNT) == (
        Decision(
            policy="size",
            effect="deny",
            message="too many",
            node="model.a",
            remediation="mend it",
            title="size title",
            docs="docs/size.md",
            severity=Severity.ERROR,
        ),
    )


def test_text_alone_is_a_finding() -> None:
    (found,) = judge(COUNT, b'{"nodes":{}}')
    assert (found.effect, found.message, found.severity) == (
        "warn",
        "nothing here",
        Severity.WARNING,
    )


@pytest.mark.parametrize(
    ("severity", "levels", "effects"),
    [
        ("error", {}, ["deny"]),
        ("warning", {}, ["warn"]),
        ("error", {"size": "warn"}, ["warn"]),
        ("warning", {"size": "deny"}, ["deny"]),
    ],
)
def test_the_project_says_how_strictly_a_policy_holds(
    severity: str, levels: dict[str, str], effects: list[str]
) -> None:
    found = judge(COUNT, severity=severity, levels=levels)
    assert [decision.effect for decision in found] == effects


def test_a_policy_that_is_off_finds_nothing() -> None:
    bundles = [bundle(COUNT), bundle('deny contains "always"', "other")]
    settings = PolicySettings(levels={"size": "off"})
    ruling = decide(MANIFEST, bundles, settings, {})
    assert [found.policy for found in ruling.decisions] == ["other"]
    assert ruling.policies == ("other",)


def test_all_policies_off_is_no_verdict() -> None:
    assert "CS703 every policy is switched off" in refusals(COUNT, levels={"size": "off"})[0]


def test_parameters_go_over_the_defaults() -> None:
    assert judge(COUNT, params={"size": {"most": 2}}) == ()
    assert len(judge(COUNT, params={"size": {"most": 0}})) == 2


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"levels": {"sise": "warn"}}, "the project sets policy 'sise', which does not exist"),
        ({"params": {"sise": {}}}, "the project sets policy 'sise', which does not exist"),
        ({"params": {"size": {"mots": 2}}}, "policy 'size' has no parameter 'mots'"),
    ],
)
def test_misspelt_settings_are_refused(settings: dict[str, Any], told: str) -> None:
    (problem,) = refusals(COUNT, **settings)
    assert problem.startswith(f"stream_project.yml: CS712 {told}\n    did you mean '")


def test_policies_see_the_time_and_the_changes() -> None:
    rules = 'deny contains sprintf("%s %v", [input.now, count(input.nodes)]) if input.impact'
    extra = {"now": "2026-01-01T00:00:00Z", "impact": []}
    assert [found.message for found in judge(rules, extra=extra)] == ["2026-01-01T00:00:00Z 2"]


def test_approvals_name_their_approvers() -> None:
    rules = 'require_approval contains {"msg": "ask", "approvers": ["b", "a", "b"]}'
    (found,) = judge(rules)
    assert (found.effect, found.approvers, found.severity) == (
        "require_approval",
        ("a", "b"),
        Severity.WARNING,
    )


def test_denials_come_first_and_the_order_is_always_the_same() -> None:
    rules = """
warn contains "w"
deny contains {"msg": "z", "node": "model.a"}
deny contains {"msg": "a", "node": "model.b"}
deny contains {"msg": "a", "node": "model.a", "column": "x"}
require_approval contains {"msg": "r", "approvers": ["a"]}
"""
    found = judge(rules)
    assert [(d.effect, d.node, d.column, d.message) for d in found] == [
        ("deny", "model.a", "", "z"),
        ("deny", "model.a", "x", "a"),
        ("deny", "model.b", "", "a"),
        ("require_approval", "", "", "r"),
        ("warn", "", "", "w"),
    ]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("deny contains 3", "a finding is neither text nor an object"),
        ('deny contains ""', "a finding has no 'msg'"),
        ('deny contains {"node": "model.a"}', "a finding has no 'msg'"),
        ('deny contains {"msg": 3}', "'msg' of a finding is not text"),
        ('deny contains {"msg": "x", "colum": "y"}', "a finding has no key 'colum'"),
        ('deny contains {"msg": "x", "node": null}', "'node' of a finding is not text"),
        ('require_approval contains "x"', "a required approval names no 'approvers'"),
        (
            'require_approval contains {"msg": "x", "approvers": "me"}',
            "'approvers' of a finding is not a list of owners",
        ),
    ],
)
def test_a_malformed_finding_is_refused(rule: str, told: str) -> None:
    (problem,) = refusals(rule)
    name = rule.partition(" ")[0]
    assert problem.startswith(f"policies/size.rego: CS711 policy 'size', rule '{name}': {told}\n")


def test_a_failing_engine_is_a_refusal() -> None:
    (problem,) = refusals("deny contains x if {\n\tx := 1 / 0\n}")
    assert problem == (
        "policies/size.rego:7:9: CS710 the policies could not be evaluated: divide by zero"
    )


def test_the_document_is_the_manifest_with_more_members() -> None:
    rules = 'deny contains concat(" ", sort(object.keys(input)))'
    (found,) = judge(rules, orjson.dumps({"nodes": {}, "format": "x"}), {"now": "t", "impact": []})
    assert found.message == "format impact nodes now"
