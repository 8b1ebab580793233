"""Who gets which right, and in front of what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.problems import Severity
from cdk_stream.resources.exposure import Exposure
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_kafka.backend import KafkaBackend

Make = Callable[..., Stream]
BACKEND = KafkaBackend()
Right = tuple[str, str, str]


def rights(made: Compiled, kind: str = "acl") -> dict[str, list[Right]]:
    """Principal -> (resource type, name, operation) of the artefacts of a kind."""
    found = {}
    for artifact in made.artifacts:
        if artifact.kind == kind:
            spec: Any = artifact.spec
            assert {entry["pattern_type"] for entry in spec["acls"]} == {"LITERAL"}
            found[spec["principal"]] = [
                (entry["resource_type"], entry["name"], entry["operation"])
                for entry in spec["acls"]
            ]
    return found


def grant(authored: dict[str, Any], *streams: Stream, project: Project) -> Compiled:
    exposure = Exposure.model_validate({"name": "scoring"} | authored)
    return BACKEND.grant(exposure, {stream.id: stream for stream in streams}, project)


CONSUMER = {"depends_on": ['ref("scores")'], "access": {"allowed_roles": ["fraud-engine"]}}


def test_a_consumer_reads_its_topic_in_its_group(make_job: Make, project: Project) -> None:
    config = {"consumer_config": {"consumer_group": "scoring-v3"}}
    made = grant(CONSUMER | config, make_job("scores"), project=project)
    assert rights(made) == {
        "User:fraud-scoring": [("GROUP", "scoring-v3", "READ"), ("TOPIC", "scores.v1", "READ")]
    }
    assert [artifact.name for artifact in made.artifacts] == ["fraud-scoring@exposure.scoring"]


def test_a_group_is_named_after_the_exposure_when_it_names_none(
    make_job: Make, project: Project
) -> None:
    made = grant(CONSUMER, make_job("scores"), project=project)
    assert ("GROUP", "scoring", "READ") in rights(made)["User:fraud-scoring"]


def test_every_account_of_every_role_is_granted_once(make_job: Make, project: Project) -> None:
    authored = {
        "consumes": ["scores"],
        "access": {"allowed_roles": ["fraud-engine", "fraud-ml"]},
        "service_accounts": ["own"],
    }
    made = grant(authored, make_job("scores"), project=project)
    assert sorted(rights(made)) == ["User:fraud-scoring", "User:fraud-training", "User:own"]


def test_a_consumer_of_a_view_gets_no_right_on_the_topic_below(
    make_stream: Make, make_view: Make, project: Project
) -> None:
    view = make_view("scores", make_stream("source.payments"))
    made = grant(CONSUMER, view, project=project)
    assert rights(made) == {}
    assert rights(made, "gateway_acl") == {
        "User:fraud-scoring": [("GROUP", "scoring", "READ"), ("TOPIC", "scores", "READ")]
    }


@pytest.mark.parametrize("method", ["mask", "encrypt"])
def test_a_protected_topic_is_read_through_the_gateway_only(
    method: str, make_job: Make, protect: Make, project: Project
) -> None:
    made = grant(CONSUMER, protect(make_job("scores"), "id", method), project=project)
    assert {artifact.kind for artifact in made.artifacts} == {"gateway_acl"}


def test_a_producer_writes_its_topic(make_stream: Make, project: Project) -> None:
    authored = {"produces": ['source("payments")'], "service_accounts": ["api"]}
    made = grant(authored, make_stream("source.payments"), project=project)
    assert rights(made) == {
        "User:api": [("TOPIC", "payments.v1", "DESCRIBE"), ("TOPIC", "payments.v1", "WRITE")]
    }


@pytest.mark.parametrize(("willing", "kind"), [(True, "gateway_acl"), (False, "acl")])
def test_a_producer_of_an_encrypted_topic_writes_through_the_gateway(
    willing: bool, kind: str, make_stream: Make, protect: Make, project: Project
) -> None:
    source = make_stream("source.payments", resource={"security": {"allow_encryption": willing}})
    authored = {"produces": ["payments"], "service_accounts": ["api"]}
    made = grant(authored, protect(source, "id", "encrypt"), project=project)
    assert [artifact.kind for artifact in made.artifacts] == [kind]


def test_an_unknown_role_is_an_error_with_the_near_name(make_job: Make, project: Project) -> None:
    authored = {"consumes": ["scores"], "access": {"allowed_roles": ["fraud-engines"]}}
    (remark,) = grant(authored, make_job("scores"), project=project).remarks
    assert (remark.code, remark.severity, remark.pointer) == (
        "CS535",
        Severity.ERROR,
        "/access/allowed_roles",
    )
    assert remark.mend == "did you mean 'fraud-engine'?"


def test_an_exposure_without_accounts_is_noted(make_job: Make, project: Project) -> None:
    made = grant({"consumes": ["scores"]}, make_job("scores"), project=project)
    assert [(remark.code, remark.severity) for remark in made.remarks] == [("CS536", "note")]
    assert not made.artifacts


def test_a_sinks_table_is_beyond_kafka(make_stream: Make, project: Project) -> None:
    sink = make_stream(
        "model.scores",
        resource={"sink": {"type": "snowflake_table", "connector": "snowflake"}},
        materialized="sink",
        backend="connect",
    )
    made = grant(CONSUMER, sink, project=project)
    assert [remark.code for remark in made.remarks] == ["CS537"]
    assert not made.artifacts


def test_a_producers_promise_of_versions_is_the_subjects(
    make_stream: Make, project: Project
) -> None:
    source = make_stream("source.payments", resource={"schema_ref": "sr://payments.raw.v1"})
    authored = {
        "produces": ["payments"],
        "service_accounts": ["api"],
        "contracts": {"versioning": "backward"},
    }
    made = grant(authored, source, project=project)
    assert [a.spec for a in made.artifacts if a.kind == "subject_compatibility"] == [
        {"subject": "payments.raw.v1", "compatibility": "BACKWARD"}
    ]


def test_a_job_reads_its_inputs_and_writes_its_output(
    make_stream: Make, make_view: Make, make_job: Make, project: Project
) -> None:
    raw = make_stream("source.payments")
    made = BACKEND.compile(
        make_job("scores", make_view("clean", raw), make_stream("source.customers")), project
    )
    group = ("GROUP", "cdk-shop-scores", "READ")
    assert rights(made) == {
        "User:cdk-shop-scores": [
            group,
            ("TOPIC", "customers.v1", "READ"),
            ("TOPIC", "scores.v1", "DESCRIBE"),
            ("TOPIC", "scores.v1", "WRITE"),
        ]
    }
    assert rights(made, "gateway_acl") == {
        "User:cdk-shop-scores": [group, ("TOPIC", "clean", "READ")]
    }


def test_a_connector_reads_its_input_in_the_group_that_connect_gives_it(
    make_stream: Make, make_job: Make, project: Project
) -> None:
    job = make_job("scores")
    sink = make_stream("model.table", inputs={job.id: job}, backend="connect", materialized="sink")
    assert rights(BACKEND.compile(sink, project)) == {
        "User:cdk-shop-table": [
            ("GROUP", "connect-shop.table", "READ"),
            ("TOPIC", "scores.v1", "READ"),
        ]
    }


def test_a_job_that_writes_exactly_once_may_write_its_own_transactions(
    make_job: Make, project: Project
) -> None:
    job = make_job("scores", resource={"delivery": "exactly_once"})
    (made,) = (one for one in BACKEND.compile(job, project).artifacts if one.kind == "acl")
    assert isinstance(made.spec, dict)
    transactions = [one for one in made.spec["acls"] if one["resource_type"] == "TRANSACTIONAL_ID"]
    assert transactions == [
        {
            "resource_type": "TRANSACTIONAL_ID",
            "name": "cdk-shop-scores-",
            "pattern_type": "PREFIXED",
            "operation": operation,
        }
        for operation in ("DESCRIBE", "WRITE")
    ]


@pytest.mark.parametrize(
    ("written", "name", "pattern"),
    [("payments-1", "payments-1", "LITERAL"), ("payments-*", "payments-", "PREFIXED")],
)
def test_a_producer_names_its_transactions(
    written: str, name: str, pattern: str, make_stream: Make, project: Project
) -> None:
    authored = {
        "produces": ["payments"],
        "service_accounts": ["api"],
        "producer_config": {"transactional_id": written},
    }
    (made,) = grant(authored, make_stream("source.payments"), project=project).artifacts
    assert isinstance(made.spec, dict)
    found = {
        (one["name"], one["pattern_type"], one["operation"])
        for one in made.spec["acls"]
        if one["resource_type"] == "TRANSACTIONAL_ID"
    }
    assert found == {(name, pattern, "DESCRIBE"), (name, pattern, "WRITE")}


def test_a_reader_gets_no_transactions(make_job: Make, project: Project) -> None:
    config = {"producer_config": {"transactional_id": "x"}}
    made = grant(CONSUMER | config, make_job("scores"), project=project)
    assert {right[0] for right in rights(made)["User:fraud-scoring"]} == {"GROUP", "TOPIC"}


GATEWAY = {"url": "http://gateway:8888"}


@pytest.mark.parametrize(
    ("gateway", "kind"),
    [(None, "acl"), (GATEWAY, "acl"), (GATEWAY | {"bootstrap_servers": "g:1"}, "gateway_acl")],
)
def test_a_connector_has_its_right_where_it_reads(
    gateway: dict[str, str] | None,
    kind: str,
    make_stream: Make,
    make_job: Make,
    protect: Make,
    make_project: Callable[..., Project],
) -> None:
    job = protect(make_job("scores"), "id", "mask")
    sink = make_stream("model.table", inputs={job.id: job}, backend="connect", materialized="sink")
    made = BACKEND.compile(sink, make_project(clusters={"prod": {"gateway": gateway}}))
    assert [artifact.kind for artifact in made.artifacts] == [kind]
