"""Who reads a protected column how, by the rules of scope and override of the Gateway."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.backend import ProxyBackend

Make = Callable[..., Stream]
Rule = Callable[..., Protection]
BACKEND = ProxyBackend()
KMS = {"kms": {"kms://card": "vault-kms://vault.internal:8200/transit/keys/card"}}


def interceptors(made: Compiled) -> list[dict[str, Any]]:
    return [a.spec for a in made.artifacts if a.kind == "interceptor" and isinstance(a.spec, dict)]


def applied(made: Compiled, group: str = "", username: str = "") -> list[dict[str, Any]]:
    """The interceptors of a client, by name the one of the narrowest scope, in order."""
    chosen: dict[str, tuple[int, dict[str, Any]]] = {}
    for body in interceptors(made):
        scope = body["metadata"]["scope"]
        if scope.get("group", group) != group or scope.get("username", username) != username:
            continue
        width = ("username" in scope) * 2 + ("group" in scope)
        name = body["metadata"]["name"]
        chosen[name] = max(chosen.get(name, (-1, {})), (width, body), key=lambda pair: pair[0])
    return sorted((body["spec"] for _, body in chosen.values()), key=lambda spec: spec["priority"])


def masked(made: Compiled, topic: str, group: str = "", username: str = "") -> list[str]:
    """The fields that a client of the group sees masked in the topic."""
    return [
        field
        for spec in applied(made, group, username)
        if spec["pluginClass"].endswith("FieldLevelDataMaskingPlugin")
        and re.fullmatch(spec["config"]["topic"], topic)
        for policy in spec["config"]["policies"]
        for field in policy["fields"]
    ]


def protected(stream: Stream, column: str, *rules: Protection) -> Stream:
    stream.columns[column].protections = rules
    return stream


def test_each_role_of_a_mask_has_an_interceptor_for_its_group(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rule = mask(roles=("analytics", "support"))
    made = BACKEND.compile(protected(make_stream("source.payments"), "card_number", rule), project)
    assert interceptors(made)[1] == {
        "kind": "Interceptor",
        "apiVersion": "gateway/v2",
        "metadata": {
            "name": "cdk.shop.payments.mask-support",
            "scope": {"vCluster": "passthrough", "group": "support"},
        },
        "spec": {
            "comment": "cdk-stream project=shop node=source.payments",
            "priority": 701,
            "pluginClass": "io.conduktor.gateway.interceptor.FieldLevelDataMaskingPlugin",
            "config": {
                "topic": "^payments\\.v1$",
                "errorPolicy": "fail_fetch",
                "policies": [
                    {
                        "name": "card_number",
                        "fields": ["card_number"],
                        "rule": {"type": "MASK_ALL", "maskingChar": "*"},
                    }
                ],
            },
        },
    }
    assert masked(made, "payments.v1", "analysts") == ["card_number"]
    assert masked(made, "payments.v1", "fraud-engine") == []


def test_a_mask_without_roles_is_for_everyone_but_the_allowed(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rule = mask(allowed=("fraud-engine",))
    made = BACKEND.compile(protected(make_stream("source.payments"), "card_number", rule), project)
    assert masked(made, "payments.v1") == ["card_number"]
    assert masked(made, "payments.v1", "support") == ["card_number"]
    assert masked(made, "payments.v1", "fraud-engine") == []


def test_only_roles_that_every_rule_allows_read_in_clear(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rules = (mask(allowed=("fraud-engine", "support")), mask(allowed=("fraud-engine",)))
    made = BACKEND.compile(
        protected(make_stream("source.payments"), "card_number", *rules), project
    )
    assert masked(made, "payments.v1", "fraud-engine") == []
    assert masked(made, "payments.v1", "support") == ["card_number"]


def test_the_groups_of_roles_are_made_with_their_accounts(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    rule = mask(roles=("analytics",), allowed=("fraud-engine",))
    source = protected(
        make_stream("source.payments"), "card_number", rule, mask(allowed=("fraud-engine",))
    )
    groups = {
        a.name: a.spec for a in BACKEND.compile(source, project).artifacts if a.kind == "group"
    }
    assert groups == {
        "analysts": {
            "kind": "GatewayGroup",
            "apiVersion": "gateway/v2",
            "metadata": {"name": "analysts"},
            "spec": {"members": [{"name": "bi-reader"}], "externalGroups": []},
        },
        "fraud-engine": {
            "kind": "GatewayGroup",
            "apiVersion": "gateway/v2",
            "metadata": {"name": "fraud-engine"},
            "spec": {"members": [{"name": "fraud-scoring"}], "externalGroups": ["idp-fraud"]},
        },
    }


@pytest.mark.parametrize(
    ("masking", "characters", "rule"),
    [
        ("mask_all", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
        ("mask_first_n", 12, {"type": "MASK_FIRST_N", "maskingChar": "*", "numberOfChars": 12}),
        ("mask_last_n", 4, {"type": "MASK_LAST_N", "maskingChar": "*", "numberOfChars": 4}),
        ("mask_first_n", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
        ("tokenization", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
        ("hash", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
        ("redact", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
        ("null", 0, {"type": "MASK_ALL", "maskingChar": "*"}),
    ],
)
def test_a_method_the_gateway_lacks_hides_the_whole_value(
    masking: str,
    characters: int,
    rule: dict[str, Any],
    make_stream: Make,
    mask: Rule,
    project: Project,
) -> None:
    told = mask(masking=masking, characters=characters, roles=("support",))
    made = BACKEND.compile(protected(make_stream("source.payments"), "card_number", told), project)
    assert interceptors(made)[0]["spec"]["config"]["policies"][0]["rule"] == rule


def test_a_row_is_masked_field_by_field(make_stream: Make, mask: Rule, project: Project) -> None:
    source = make_stream("source.payments", "place STRING")
    source.columns["place"].type = "ROW<city STRING, at ROW<y STRING, z INT>>"
    made = BACKEND.compile(protected(source, "place", mask(column="place")), project)
    assert masked(made, "payments.v1") == ["place.city", "place.at.y", "place.at.z"]


def test_a_computed_value_is_masked_whole(make_stream: Make, mask: Rule, project: Project) -> None:
    """The characters that a rule counts may stand anywhere in it."""
    rule = mask(masking="mask_first_n", characters=4)
    job = make_stream("model.job", "copied STRING!, made STRING!")
    job.columns["copied"].copies = (rule.origin,)
    for name in job.columns:
        protected(job, name, rule)
    (body,) = interceptors(BACKEND.compile(job, project))
    rules = {policy["fields"][0]: policy["rule"] for policy in body["spec"]["config"]["policies"]}
    assert rules["copied"]["numberOfChars"] == 4
    assert rules["made"]["type"] == "MASK_ALL"


def view_over(source: Stream, rule: Protection, column: str, sql: str, make_view: Make) -> Stream:
    view = make_view(sql, source, columns=f"payment_id STRING!, {column} STRING!")
    view.backend, view.materialized = "proxy", "virtual_topic"
    return protected(view, column, rule)


def test_a_column_of_a_view_is_masked_once_on_each_topic(
    make_stream: Make, make_view: Make, mask: Rule, project: Project
) -> None:
    rule = mask(roles=("support",))
    source = protected(make_stream("source.payments"), "card_number", rule)
    view = view_over(
        source, rule, "card_number", "SELECT payment_id, card_number FROM t", make_view
    )
    of_source, of_view = BACKEND.compile(source, project), BACKEND.compile(view, project)
    assert masked(of_view, "clean", "support") == ["card_number"]
    assert masked(of_source, "payments.v1", "support") == ["card_number"]
    assert masked(of_source, "clean", "support") == masked(of_view, "payments.v1", "support") == []


def test_a_renamed_column_is_masked_under_both_topics_names(
    make_stream: Make, make_view: Make, mask: Rule, project: Project
) -> None:
    rule = mask(roles=("support",))
    source = protected(make_stream("source.payments"), "card_number", rule)
    view = view_over(
        source, rule, "card", "SELECT payment_id, card_number AS card FROM t", make_view
    )
    made = BACKEND.compile(view, project)
    assert masked(made, "clean", "support") == masked(made, "payments.v1", "support") == ["card"]


def test_interceptors_that_meet_on_a_topic_have_numbers_of_their_own(
    make_stream: Make, make_view: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    project = make_project(**KMS)
    rules = (
        mask(method="encrypt", masking="", key="kms://card", allowed=("fraud-engine",)),
        mask(roles=("analytics", "support")),
        mask(allowed=("fraud-engine",)),
    )
    source = make_stream("source.payments", resource={"security": {"allow_encryption": True}})
    protected(source, "card_number", *rules)
    view = view_over(
        source, rules[1], "card", "SELECT payment_id, card_number AS card FROM t", make_view
    )
    bodies = interceptors(BACKEND.compile(source, project)) + interceptors(
        BACKEND.compile(view, project)
    )
    numbers = {body["metadata"]["name"]: body["spec"]["priority"] for body in bodies}
    assert len(set(numbers.values())) == len(numbers)
    bands = {"encrypt": 300, "decrypt": 400, "view": 500, "mask": 700}
    for name, number in numbers.items():
        assert number // 100 * 100 == bands[re.split(r"[.-]", name)[3]]


def test_rows_in_an_envelope_are_masked_inside_it(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    source = make_stream("source.payments", format="debezium_json")
    made = BACKEND.compile(protected(source, "card_number", mask(roles=("support",))), project)
    fields = masked(made, "payments.v1", "support")
    assert {"before.card_number", "after.card_number"} <= set(fields)


@pytest.mark.parametrize("topic", ["payments.v1", "sink"])
def test_a_sink_masks_nothing_of_its_own(
    topic: str, make_stream: Make, mask: Rule, project: Project
) -> None:
    rule = mask(roles=("support",))
    source = protected(make_stream("source.payments"), "card_number", rule)
    sink = make_stream("model.sink", topic=topic, inputs={source.id: source})
    sink.materialized, sink.backend = "sink", "connect"
    assert not BACKEND.compile(protected(sink, "card_number", rule), project).artifacts


def test_an_encrypted_column_of_a_willing_source(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    project = make_project(**KMS)
    rule = mask(
        method="encrypt",
        masking="",
        key="kms://card",
        algorithm="AES128_GCM",
        allowed=("fraud-engine",),
    )
    source = make_stream("source.payments", resource={"security": {"allow_encryption": True}})
    made = BACKEND.compile(protected(source, "card_number", rule), project)
    plain, engine = applied(made), applied(made, "fraud-engine")
    assert plain[0]["config"] == {
        "topic": "^payments\\.v1$",
        "kmsConfig": {
            "vault": {
                "uri": "https://vault.internal:8200",
                "type": "TOKEN",
                "token": "${VAULT_TOKEN}",
                "version": 1,
            }
        },
        "recordValue": {
            "fields": [
                {
                    "fieldName": "card_number",
                    "keySecretId": "vault-kms://vault.internal:8200/transit/keys/card",
                    "algorithm": "AES128_GCM",
                }
            ]
        },
        "errorPolicy": "fail_on_encrypted",
    }
    assert not [spec for spec in plain if spec["pluginClass"].endswith(".DecryptPlugin")]
    (decrypt,) = [spec for spec in engine if spec["pluginClass"].endswith(".DecryptPlugin")]
    assert decrypt["config"]["recordValueFields"] == ["card_number"]
    assert masked(made, "payments.v1") == ["card_number"]  # rows from before encryption
    assert masked(made, "payments.v1", "fraud-engine") == []


def test_an_unwilling_source_is_masked_instead(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    rule = mask(method="encrypt", masking="", key="kms://card", allowed=("fraud-engine",))
    source = protected(make_stream("source.payments"), "card_number", rule)
    made = BACKEND.compile(source, make_project(**KMS))
    assert {spec["pluginClass"].rpartition(".")[2] for spec in applied(made)} == {
        "FieldLevelDataMaskingPlugin"
    }
    assert masked(made, "payments.v1") == ["card_number"]
    assert masked(made, "payments.v1", "fraud-engine") == []


def test_a_job_reads_in_clear_what_it_works_on(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    project = make_project(**KMS)
    rule = mask(method="encrypt", masking="", key="kms://card")
    source = make_stream("source.payments", resource={"security": {"allow_encryption": True}})
    protected(source, "card_number", rule)
    job = make_stream("model.job", "card STRING!", inputs={source.id: source}, backend="flink")
    protected(job, "card", rule).columns["card"].edges = {(source.id, "card_number"): "identity"}
    both = Compiled(
        BACKEND.compile(source, project).artifacts + BACKEND.compile(job, project).artifacts
    )
    assert masked(both, "payments.v1", username="someone-else") == ["card_number"]
    assert masked(both, "payments.v1", username="cdk-shop-job") == []
    clear = applied(both, username="cdk-shop-job")
    assert [spec["config"]["topic"] for spec in clear if "recordValueFields" in spec["config"]] == [
        "^payments\\.v1$"
    ]
    assert masked(both, "job") == ["card"]


def test_a_job_over_a_view_is_lifted_from_the_masks_of_both_topics(
    make_stream: Make, make_view: Make, mask: Rule, project: Project
) -> None:
    """Which of the two names a mask sees after the view is not documented."""
    rule = mask()
    source = protected(make_stream("source.payments"), "card_number", rule)
    view = view_over(
        source, rule, "card", "SELECT payment_id, card_number AS card FROM t", make_view
    )
    job = make_stream("model.job", "card STRING!", inputs={view.id: view}, backend="flink")
    protected(job, "card", rule).columns["card"].edges = {(view.id, "card"): "identity"}
    made = [BACKEND.compile(stream, project).artifacts for stream in (source, view, job)]
    every = Compiled(made[0] + made[1] + made[2])
    for topic in ("clean", "payments.v1"):
        assert masked(every, topic, username="someone-else")
        assert masked(every, topic, username="cdk-shop-job") == []


def test_a_job_that_leaves_the_column_alone_is_not_lifted(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    source = protected(make_stream("source.payments"), "card_number", mask())
    job = make_stream("model.job", "status STRING!", inputs={source.id: source}, backend="flink")
    job.columns["status"].edges = {(source.id, "status"): "identity"}
    assert not BACKEND.compile(job, project).artifacts


def test_a_virtual_clusters_topics_are_masked_under_both_names(
    make_stream: Make, mask: Rule, make_project: Callable[..., Project]
) -> None:
    project = make_project({"gateway": {"url": "http://g", "virtual_cluster": "eu"}})
    source = protected(make_stream("source.payments"), "card_number", mask())
    made = BACKEND.compile(source, project)
    assert masked(made, "payments.v1") == masked(made, "eupayments.v1") == ["card_number"]
    assert interceptors(made)[0]["metadata"]["scope"] == {"vCluster": "eu"}


def test_equal_streams_make_equal_artefacts(
    make_stream: Make, mask: Rule, project: Project
) -> None:
    def made() -> list[tuple[Artifact, bytes]]:
        rule = mask(roles=("support",), allowed=("fraud-engine",))
        source = protected(make_stream("source.payments"), "card_number", rule, mask())
        return [(a, a.content) for a in BACKEND.compile(source, project).artifacts]

    assert made() == made()
