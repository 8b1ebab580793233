"""What the nearest peer gets wrong about the Gateway, held here one by one.

The peer generates deployments from the same kind of project; each of these was seen in what it
makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cdk_stream.workflow.compile import Compiled
from tests.gateway.files import compile_files, made_of

PLUGINS = "io.conduktor.gateway.interceptor."
Body = dict[str, Any]
PROJECT: Body = {
    "name": "shop",
    "default_cluster": "main",
    "default_classification": "internal",
    "roles": {
        "support": {"group": "support-team", "service_accounts": ["support-ui"]},
        "fraud": {"service_accounts": ["fraud-engine"]},
    },
    "connectors": {"web": {"kind": "aiven_http", "connection": {"url": "http://warehouse"}}},
    "clusters": {
        "main": {
            "kafka": {"bootstrap_servers": "kafka:9092"},
            "gateway": {"url": "http://gateway:8888", "bootstrap_servers": "gateway:6969"},
            "flink": {"sql_gateway": "http://flink:8083"},
            "connect": {"url": "http://connect:8083"},
        }
    },
}
COLUMNS = [
    {"name": name, "type": "STRING"} for name in ("id", "status", "card", "email", "currency")
]
PAY: Body = {"name": "pay", "topic": "pay.v1", "format": "json", "columns": COLUMNS}
MASK: Body = {"mask": {"column": "card", "method": "mask_all"}}


def model(name: str, sql: str, *policies: Body, **more: Any) -> Body:
    return {"name": name, "sql": sql, "security": {"policies": list(policies)}, **more}


def build(*models: Body, source: Body | None = None, exposures: tuple[Body, ...] = ()) -> Compiled:
    files: dict[str, Any] = {
        "stream_project.yml": PROJECT,
        "sources/pay.yml": {"sources": [{**PAY, **(source or {})}]},
        "models/all.yml": {"models": list(models)},
        "exposures/all.yml": {"exposures": list(exposures)},
    }
    return compile_files({path: json.dumps(body) for path, body in files.items()})


def errors(compiled: Compiled) -> list[str]:
    return [p.message for p in compiled.compilation.problems if p.severity.name == "ERROR"]


def interceptors(compiled: Compiled) -> list[Body]:
    assert errors(compiled) == []
    return [made.spec for made in made_of(compiled) if made.kind == "interceptor"]


def of_plugin(compiled: Compiled, plugin: str) -> list[Body]:
    return [
        body["spec"]["config"]
        for body in interceptors(compiled)
        if body["spec"]["pluginClass"] == PLUGINS + plugin
    ]


def masked(compiled: Compiled) -> set[tuple[str, str]]:
    """(topic, field) for everything that a mask for everyone covers."""
    return {
        (topic, field)
        for config in of_plugin(compiled, "FieldLevelDataMaskingPlugin")
        for topic in re.findall(r"[\w.]+", config["topic"].replace("\\", "").replace("?:", ""))
        for policy in config["policies"]
        for field in policy["fields"]
    }


VIEW = "SELECT {} FROM {{{{ source('pay') }}}} AS p"


def select(items: str, where: str = "") -> str:
    return VIEW.format(items) + (f" WHERE {where}" if where else "")


def test_the_classes_of_masks_and_encryption_are_those_that_exist() -> None:
    found = build(model("clean", select("id, card"), MASK))
    encrypted = PROJECT | {"kms": {"kms://card": "vault-kms://vault/transit/keys/card"}}
    assert of_plugin(found, "FieldLevelDataMaskingPlugin")
    files = {
        "stream_project.yml": json.dumps(encrypted),
        "sources/pay.yml": json.dumps({"sources": [PAY | {"security": _ENCRYPTED}]}),
    }
    assert of_plugin(compile_files(files), "EncryptPlugin")


_ENCRYPTED = {
    "allow_encryption": True,
    "policies": [{"encrypt": {"column": "card", "key": "kms://card"}}],
}


@pytest.mark.parametrize("method", ["hash", "tokenization", "redact", "null"])
def test_a_mask_that_the_gateway_lacks_hides_most_and_says_so(method: str) -> None:
    found = build(
        model("clean", select("id, card"), {"mask": {"column": "card", "method": method}})
    )
    rules = [
        p["rule"] for c in of_plugin(found, "FieldLevelDataMaskingPlugin") for p in c["policies"]
    ]
    assert {tuple(sorted(rule)) for rule in rules} == {("maskingChar", "type")}
    assert {rule["type"] for rule in rules} == {"MASK_ALL"}
    assert "CS523" in [problem.code for problem in found.compilation.problems]


def test_a_method_that_nobody_has_is_refused() -> None:
    found = build(
        model("clean", select("id, card"), {"mask": {"column": "card", "method": "nonsense"}})
    )
    assert errors(found)


def test_the_roles_of_a_mask_are_the_groups_it_is_for() -> None:
    rule = {"mask": {"column": "card", "applied_in": [{"roles": ["support"]}]}}
    masks = [
        body["metadata"]["scope"]
        for body in interceptors(build(model("clean", select("id, card"), rule)))
        if "mask" in body["metadata"]["name"]
    ]
    assert masks and all(scope["group"] == "support-team" for scope in masks)


def test_every_mask_names_the_topics_it_is_for() -> None:
    found = build(model("clean", select("id, card AS pan"), MASK))
    topics = {config["topic"] for config in of_plugin(found, "FieldLevelDataMaskingPlugin")}
    assert topics == {r"^pay\.v1$", r"^(?:clean|pay\.v1)$"}


@pytest.mark.parametrize(
    ("items", "where", "statement"),
    [
        ("id", "", 'SELECT id FROM "pay.v1"'),
        ("id AS pid, status", "", 'SELECT id AS pid, status FROM "pay.v1"'),
        (
            "id",
            "status IN ('A', 'B')",
            "SELECT id FROM \"pay.v1\" WHERE status REGEXP '^(?:A|B)$'",
        ),
        (
            "id",
            "email LIKE '%@x.com'",
            "SELECT id FROM \"pay.v1\" WHERE email REGEXP '^(?s:.*@x[.]com)$'",
        ),
    ],
)
def test_a_view_shows_what_was_selected_and_no_more(items: str, where: str, statement: str) -> None:
    (config,) = of_plugin(build(model("clean", select(items, where))), "VirtualSqlTopicPlugin")
    assert config["statement"] == statement


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("status = 'A' OR currency = 'EUR'", "no OR across columns"),
        ("email IS NULL", "no IS NULL"),
        ("UPPER(status) = 'A'", "no function calls"),
        ("id IN (SELECT id FROM {{ source('pay') }})", "a subquery needs state"),
    ],
)
def test_a_filter_that_the_gateway_cannot_read_is_refused_with_the_reason(
    where: str, reason: str
) -> None:
    insisted = model("clean", select("id", where), materialized="virtual_topic")
    assert any(reason in message for message in errors(build(insisted)))


def test_a_filter_that_the_gateway_cannot_read_goes_to_flink_when_nobody_insists() -> None:
    found = build(model("clean", select("id", "UPPER(status) = 'A'"), key="id"))
    assert errors(found) == []
    assert found.manifest.nodes["model.clean"]["backend"] == "flink"


def test_no_template_is_left_in_what_is_sent() -> None:
    found = build(
        model("clean", select("id", "status = 'A'")),
        model("next", "SELECT id FROM {{ ref('clean') }}"),
    )
    assert "{{" not in json.dumps(interceptors(found))


def test_a_mask_is_of_one_column_and_not_of_all_with_its_name() -> None:
    """Another source's `card` is not protected by it, and this one's is under every name."""
    leak = model("leak", select("id, card AS reference"))
    found = build(model("clean", select("id, card"), MASK), leak)
    assert {("leak", "reference"), ("clean", "card"), ("pay.v1", "card")} <= masked(found)


def test_a_sink_hides_what_its_input_hides() -> None:
    leak = model("leak", select("id, card AS reference"))
    sink = {
        "name": "warehouse",
        "materialized": "sink",
        "from": ['ref("leak")'],
        "sink": {"type": "http_endpoint", "connector": "web"},
    }
    found = build(model("clean", select("id, card"), MASK), leak, sink)
    (connector,) = [made.spec for made in made_of(found) if made.kind == "connector"]
    assert connector["config"]["transforms.cdkMask.fields"] == "reference"
    assert connector["config"]["consumer.override.bootstrap.servers"] == "gateway:6969"


@pytest.mark.parametrize(
    "expression",
    [
        "card AS contact",
        "CONCAT('x', card) AS contact",
        "COALESCE(card, email) AS contact",
        "CASE WHEN status = 'A' THEN card ELSE email END AS contact",
        "p.card AS contact",
    ],
)
def test_a_protected_value_is_hidden_under_any_expression(expression: str) -> None:
    found = build(model("made", select(f"id, {expression}"), key="id"), source=_MASKED)
    assert ("made", "contact") in masked(found)


_MASKED: Body = {"security": {"policies": [MASK]}}


@pytest.mark.parametrize(
    "extra",
    [
        {"secruity": {}},
        {"advanced": {"security": {"policies": [MASK]}}},
        {"security": {"policies": [{"mask": {"column": "card", "for_roles": ["support"]}}]}},
        {"security": {"policies": [{"maks": {"column": "card"}}]}},
        {"security": {"masks": [MASK]}},
    ],
)
def test_a_rule_under_an_unknown_key_is_refused_and_not_lost(extra: Body) -> None:
    assert errors(build({"name": "clean", "sql": select("id, card"), **extra}))


def test_a_rule_for_a_column_that_there_is_not_is_refused() -> None:
    assert errors(build(model("clean", select("id"), {"mask": {"column": "crad"}})))


def test_a_reader_of_a_raw_topic_is_known_and_masked() -> None:
    reader = {
        "name": "app",
        "consumes": ['source("pay")'],
        "access": {"allowed_roles": ["fraud"]},
    }
    found = build(source=_MASKED, exposures=(reader,))
    rights = [made for made in made_of(found) if "acl" in made.kind]
    assert [made.kind for made in rights] == ["gateway_acl"]
    assert found.manifest.parents["exposure.app"] == ("source.pay",)


@pytest.mark.parametrize("topic", ["x'); DROP TABLE y; --", 'a"b', "a b", "a/b", "", ".*"])
def test_a_topic_that_kafka_would_not_take_is_no_topic_here(topic: str) -> None:
    assert any(
        "is no name of a topic" in message for message in errors(build(source={"topic": topic}))
    )


def test_a_changed_mask_is_a_changed_artefact() -> None:
    one, other = (
        {made.name: made.spec for made in made_of(build(model("clean", select("id, card"), rule)))}
        for rule in (MASK, {"mask": {"column": "card", "method": "mask_last_n", "characters": 4}})
    )
    changed = {name for name in one if one[name] != other.get(name)}
    assert changed == {"cdk.shop.pay.mask-everyone", "cdk.shop.clean.mask-everyone"}


def test_names_that_begin_alike_are_told_apart() -> None:
    models = [model(name, select("id, card"), MASK) for name in ("orders", "orders_eu")]
    owners = {
        body["metadata"]["name"]: body["spec"]["comment"].rpartition("=")[2]
        for body in interceptors(build(*models))
    }
    of_orders = [name for name in owners if name.startswith("cdk.shop.orders.")]
    assert {owners[name] for name in of_orders} == {"model.orders"}
    assert "cdk.shop.orders_eu.view" in owners.keys() - set(of_orders)


def test_a_delete_hits_one_name_in_one_scope(
    api: httpx.Client, interceptor: Callable[..., Body]
) -> None:
    for name, scope in (("a", None), ("a", {"username": "ann"}), ("a_b", None)):
        api.put("interceptor", json=interceptor(name, scope))
    assert api.delete("interceptor/a").status_code == 400
    api.request("DELETE", "interceptor/a", json={"vCluster": "passthrough"})
    left = [
        (body["metadata"]["name"], body["metadata"]["scope"])
        for body in api.get("interceptor").json()
    ]
    assert left == [
        ("a", {"vCluster": "passthrough", "username": "ann"}),
        ("a_b", {"vCluster": "passthrough"}),
    ]


def test_secrets_are_names_of_the_gateway_s_own_environment() -> None:
    encrypted = PROJECT | {"kms": {"kms://card": "vault-kms://vault/transit/keys/card"}}
    files = {
        "stream_project.yml": json.dumps(encrypted),
        "sources/pay.yml": json.dumps({"sources": [PAY | {"security": _ENCRYPTED}]}),
    }
    (config,) = of_plugin(compile_files(files), "EncryptPlugin")
    assert config["kmsConfig"]["vault"]["token"] == "${VAULT_TOKEN}"


def test_an_alias_of_a_key_becomes_its_address_or_an_error() -> None:
    source = {"security": _ENCRYPTED}
    assert any("is not in the project's kms" in message for message in errors(build(source=source)))
