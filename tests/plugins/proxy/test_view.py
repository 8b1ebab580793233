"""Which models the Gateway can run, and how they are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlglot import exp

from cdk_stream.plugin.backend import Offer, Refusal
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.backend import ProxyBackend
from cdk_stream_proxy.predicate import Unexpressible
from cdk_stream_proxy.render import RENDERERS, Renderer, render
from cdk_stream_proxy.stateless import view_of

Make = Callable[..., Stream]
BACKEND = ProxyBackend()
FLAGSHIP = (
    "SELECT payment_id, amount_cents, card_number AS card FROM t "
    "WHERE status IN ('AUTHORIZED', 'CAPTURED')"
)


def placed(stream: Stream) -> Stream:
    stream.backend, stream.materialized = "proxy", "virtual_topic"
    return stream


def view_spec(stream: Stream, project: Project) -> dict[str, Any]:
    made = BACKEND.compile(placed(stream), project)
    (view,) = (artifact for artifact in made.artifacts if artifact.name.endswith(".view"))
    assert isinstance(view.spec, dict)
    return view.spec


def refusal(stream: Stream, project: Project) -> str:
    answer = BACKEND.offer(stream, project)
    assert isinstance(answer, Refusal)
    return answer.reason


def test_a_filter_and_projection_is_offered_at_the_price_of_a_view(
    make_view: Make, project: Project
) -> None:
    answer = BACKEND.offer(make_view(FLAGSHIP), project)
    assert isinstance(answer, Offer)
    assert answer.cost == 10


def test_the_view_is_a_sql_topic(make_view: Make, project: Project) -> None:
    assert view_spec(make_view(FLAGSHIP), project) == {
        "kind": "Interceptor",
        "apiVersion": "gateway/v2",
        "metadata": {"name": "cdk.shop.clean.view", "scope": {"vCluster": "passthrough"}},
        "spec": {
            "comment": "cdk-stream project=shop node=model.clean",
            "priority": 500,
            "pluginClass": "io.conduktor.gateway.interceptor.VirtualSqlTopicPlugin",
            "config": {
                "virtualTopic": "clean",
                "statement": "SELECT payment_id, amount_cents, card_number AS card "
                "FROM \"payments.v1\" WHERE status REGEXP '^(?:AUTHORIZED|CAPTURED)$'",
            },
        },
    }


def test_a_filter_beyond_sql_topics_becomes_a_cel_topic(make_view: Make, project: Project) -> None:
    stream = make_view("SELECT * FROM t WHERE status = 'A' OR amount_cents > 5")
    spec = view_spec(stream, project)["spec"]
    assert spec["pluginClass"] == "io.conduktor.gateway.interceptor.CelTopicPlugin"
    assert spec["config"] == {
        "virtualTopic": "clean",
        "topic": "payments.v1",
        "expression": 'record.value.status == "A" || double(record.value.amount_cents) > 5.0',
    }


@pytest.mark.parametrize(
    ("authored", "expression"),
    [
        (
            "status == 'A' && amount_cents > 5",
            "record.value.status == 'A' && record.value.amount_cents > 5",
        ),
        ("record.value.status == 'A'", "record.value.status == 'A'"),
        ("has(address.city)", "has(record.value.address.city)"),
        ("[1, 2].exists(n, n == amount_cents)", "[1, 2].exists(n, n == record.value.amount_cents)"),
        ("status in [\"status\", 'note']", "record.value.status in [\"status\", 'note']"),
    ],
)
def test_an_authors_cel_names_columns_barely(
    authored: str, expression: str, make_view: Make, project: Project
) -> None:
    stream = make_view("", resource={"cel": authored})
    assert view_spec(stream, project)["spec"]["config"]["expression"] == expression


def test_cel_that_names_no_column_is_refused_with_a_near_name(
    make_view: Make, project: Project
) -> None:
    stream = make_view("", resource={"cel": "statuss == 'A'"})
    assert BACKEND.offer(stream, project) == Refusal(
        "the CEL names 'statuss', which is no column", "did you mean 'status'?"
    )


def test_a_view_of_a_view_reads_the_topic_below_both(make_view: Make, project: Project) -> None:
    below = placed(
        make_view("SELECT card_number AS card, status AS state FROM t WHERE amount_cents > 5")
    )
    above = make_view("SELECT card FROM t WHERE state = 'A'", below, node="model.above")
    config = view_spec(above, project)["spec"]["config"]
    assert config["statement"] == (
        "SELECT card_number AS card FROM \"payments.v1\" WHERE amount_cents > 5 AND status = 'A'"
    )


def test_every_column_in_turn_is_no_projection(
    make_stream: Make, make_view: Make, project: Project
) -> None:
    source = make_stream("source.s", "a STRING!, b STRING!", format="avro")
    config = view_spec(make_view("SELECT b, a FROM t WHERE a = 'x'", source), project)["spec"][
        "config"
    ]
    assert config["statement"] == "SELECT * FROM \"s.v1\" WHERE a = 'x'"
    assert config["schemaRegistryConfig"] == {"type": "CONFLUENT", "host": "http://registry:8081"}


def test_a_case_of_literals_is_shown(make_view: Make, project: Project) -> None:
    case = "CASE WHEN status = 'A' AND amount_cents > 5 THEN 'big' ELSE 'small' END AS size"
    config = view_spec(make_view(f"SELECT {case} FROM t"), project)["spec"]["config"]
    assert config["statement"] == f'SELECT {case} FROM "payments.v1"'


@pytest.mark.parametrize(
    ("sql", "source", "reason"),
    [
        (
            "SELECT payment_id FROM t",
            {"format": "avro"},
            "a projection needs plain JSON, the source is avro",
        ),
        (
            "SELECT payment_id FROM t",
            {"format": "json_schema"},
            "a projection needs plain JSON, the source is json_schema",
        ),
        (
            "SELECT * FROM t",
            {"format": "debezium_json"},
            "a view reads plain rows, 'payments' is debezium_json",
        ),
        (
            "SELECT * FROM t",
            {"changelog": "upsert"},
            "'payments' is updated by key, and a view would lose the deletes",
        ),
        (
            "SELECT * FROM t",
            {"cluster": "other"},
            "'payments' is on cluster 'other', a view stays on its topic's own",
        ),
        (
            "SELECT * FROM t",
            {"resource": {"type": "kinesis"}},
            "the rows of 'payments' are not in Kafka",
        ),
        (
            "SELECT UPPER(status) AS s FROM t",
            {},
            "the column 's' is computed, and a view shows fields and CASEs of literals only",
        ),
    ],
)
def test_what_no_view_can_show_is_refused(
    sql: str,
    source: dict[str, Any],
    reason: str,
    make_stream: Make,
    make_view: Make,
    project: Project,
) -> None:
    stream = make_view(sql, make_stream("source.payments", **source))
    assert refusal(stream, project) == reason


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ("group_by", "GROUP BY needs state"),
        ("window", "a window needs state"),
        ("interval_join", "a join needs state"),
        ("union", "UNION reads several topics, a view reads one"),
        ("udf", "the Gateway calls no user-defined functions"),
        ("cte", "the Gateway's SQL has no WITH"),
    ],
)
def test_what_needs_state_is_refused_by_name(
    feature: str, reason: str, make_view: Make, project: Project
) -> None:
    stream = make_view("SELECT * FROM t", features=frozenset({"filter", feature}))
    assert refusal(stream, project) == reason


def test_a_projection_that_only_cel_could_filter_is_told_the_way_out(
    make_view: Make, project: Project
) -> None:
    answer = BACKEND.offer(make_view("SELECT status FROM t WHERE note IS NULL"), project)
    assert isinstance(answer, Refusal)
    assert answer.reason == "the Gateway's SQL has no IS NULL"
    assert answer.mend.startswith("select every column (`*`), then a CEL view filters so")


def test_a_cluster_without_gateway_is_refused(
    make_view: Make, make_project: Callable[..., Project]
) -> None:
    project = make_project({"gateway": None})
    assert refusal(make_view("SELECT * FROM t"), project) == "cluster 'prod' has no gateway"


def test_a_filter_on_an_encrypted_field_is_refused(
    make_stream: Make, make_view: Make, mask: Callable[..., Protection], project: Project
) -> None:
    source = make_stream("source.payments", resource={"security": {"allow_encryption": True}})
    source.columns["card_number"].protections = (mask(method="encrypt"),)
    stream = make_view("SELECT * FROM t WHERE card_number = '1'", source)
    assert refusal(stream, project) == (
        "the filter reads 'card_number', which the topic holds encrypted"
    )


def test_a_view_that_was_placed_in_spite_of_all_is_an_error(
    make_view: Make, project: Project
) -> None:
    stream = placed(make_view("SELECT UPPER(status) AS s FROM t"))
    made = BACKEND.compile(stream, project)
    assert [(remark.code, remark.severity) for remark in made.remarks] == [("CS610", "error")]
    assert not made.artifacts


def test_dropping_rows_by_a_field_that_may_be_null_is_noted(
    make_view: Make, project: Project
) -> None:
    stream = placed(make_view("SELECT * FROM t WHERE note <> 'x' AND status <> 'y'"))
    made = BACKEND.compile(stream, project)
    assert [(remark.code, remark.severity) for remark in made.remarks] == [("CS611", "note")]


def test_conditions_that_nest_too_deep_are_refused(make_view: Make, project: Project) -> None:
    stream = make_view("SELECT * FROM t WHERE status = 'a'")
    where = stream.analysis.tree.args["where"]
    for _ in range(200):
        where.set("this", exp.Not(this=where.this))
    assert refusal(stream, project) == "the filter nests more than 100 deep"


def test_a_long_chain_of_and_is_no_deep_nest(make_view: Make, project: Project) -> None:
    chain = " AND ".join(f"amount_cents <> {number}" for number in range(3000))
    assert isinstance(BACKEND.offer(make_view(f"SELECT * FROM t WHERE {chain}"), project), Offer)


def successor(view: Any, topic: str) -> dict[str, Any]:
    """A made-up configuration: what the real one looks like is not public."""
    return {"of": view.topic, "as": topic}


SUCCESSION = (
    *(renderer._replace(until=(9, 5)) for renderer in RENDERERS),
    Renderer("successor", "SuccessorPlugin", successor, since=(9, 4)),
)


@pytest.mark.parametrize(
    ("version", "plugin"),
    [
        ("3.15", "VirtualSqlTopicPlugin"),
        ("9.4", "VirtualSqlTopicPlugin"),
        ("9.5.0-rc1", "SuccessorPlugin"),
        ("12", "SuccessorPlugin"),
    ],
)
def test_the_gateways_version_decides_how_a_view_is_said(
    version: str, plugin: str, make_view: Make
) -> None:
    view = view_of(make_view(FLAGSHIP))
    assert render(view, "clean", version, SUCCESSION).plugin == plugin


@pytest.mark.parametrize("version", ["2.9", "latest", ""])
def test_a_version_that_nothing_is_known_for_makes_no_view(version: str, make_view: Make) -> None:
    with pytest.raises(Unexpressible, match="no way is known to make a view"):
        render(view_of(make_view(FLAGSHIP)), "clean", version)
