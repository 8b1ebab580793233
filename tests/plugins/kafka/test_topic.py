"""The topics that models write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Offer, Refusal
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_kafka.backend import KafkaBackend

Make = Callable[..., Stream]
BACKEND = KafkaBackend()


def topic(stream: Stream, project: Project) -> dict[str, Any]:
    made = BACKEND.compile(stream, project)
    (found,) = (artifact.spec for artifact in made.artifacts if artifact.kind == "topic")
    assert isinstance(found, dict)
    return found


def test_a_jobs_topic_takes_the_projects_defaults(make_job: Make, project: Project) -> None:
    assert topic(make_job("scores", resource={"description": "Scores"}), project) == {
        "kind": "Topic",
        "apiVersion": "kafka/v2",
        "metadata": {
            "name": "scores.v1",
            "cluster": "prod",
            "labels": {"cdk-stream/project": "shop", "cdk-stream/node": "model.scores"},
            "description": "Scores",
        },
        "spec": {
            "partitions": 3,
            "replicationFactor": 3,
            "configs": {"cleanup.policy": "delete", "retention.ms": "604800000"},
        },
    }


def test_what_the_author_says_of_the_topic_holds(make_job: Make, project: Project) -> None:
    said = {
        "partitions": 12,
        "replication_factor": 2,
        "retention": "1 day",
        "config": {"min.insync.replicas": "2"},
    }
    assert topic(make_job("scores", resource={"topic": said}), project)["spec"] == {
        "partitions": 12,
        "replicationFactor": 2,
        "configs": {
            "cleanup.policy": "delete",
            "min.insync.replicas": "2",
            "retention.ms": "86400000",
        },
    }


@pytest.mark.parametrize(
    ("changelog", "key", "cleanup"),
    [
        ("append", ("id",), "delete"),
        ("upsert", ("id",), "compact"),
        ("retract", ("id",), "compact"),
        ("retract", (), "delete"),
    ],
)
def test_rows_that_are_updates_by_key_are_compacted(
    changelog: str, key: tuple[str, ...], cleanup: str, make_job: Make, project: Project
) -> None:
    found = topic(make_job("scores", changelog=changelog, key=key), project)
    assert found["spec"]["configs"]["cleanup.policy"] == cleanup


def test_a_compacted_topic_keeps_its_rows_unless_told(make_job: Make, project: Project) -> None:
    keys: dict[str, Any] = {"changelog": "upsert", "key": ("id",)}
    assert topic(make_job("scores", **keys), project)["spec"]["configs"] == {
        "cleanup.policy": "compact"
    }


def test_a_source_that_a_connector_fills_has_a_topic(make_stream: Make, project: Project) -> None:
    filled = {"type": "debezium_cdc", "connect": {"config": {}}, "partitions": 6}
    spec = topic(make_stream("source.crm", resource=filled), project)["spec"]
    assert spec["partitions"] == 6


def test_nothing_is_made_of_topics_that_others_own_or_that_are_none(
    make_stream: Make, make_view: Make, project: Project
) -> None:
    source = make_stream("source.payments")
    for stream in (source, make_view("clean", source)):
        assert not BACKEND.compile(stream, project).artifacts


def test_a_model_that_is_only_a_topic_is_offered(make_stream: Make, project: Project) -> None:
    answer = BACKEND.offer(make_stream("model.events", resource={"materialized": "topic"}), project)
    assert isinstance(answer, Offer)
    assert answer.cost == 20


@pytest.mark.parametrize("body", [{"sql": "SELECT 1"}, {"cel": "a == 1"}])
def test_a_topic_runs_nothing(body: dict[str, str], make_stream: Make, project: Project) -> None:
    answer = BACKEND.offer(make_stream("model.events", resource=body), project)
    assert isinstance(answer, Refusal)
    assert answer.reason == "a topic runs no SQL and no CEL"
