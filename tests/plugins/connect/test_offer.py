"""Which models Connect takes, and why it refuses the others."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import NOTHING, Offer, Refusal
from tests.plugins.connect.conftest import (
    CLUSTER,
    CONNECT,
    DATABASE,
    SNOWFLAKE,
    make_events,
    make_project,
    make_sink,
)


def test_a_sink_of_a_known_connector() -> None:
    offer = CONNECT.offer(make_sink(make_events(), DATABASE), make_project())
    assert offer == Offer(20, "a snowflake connector writes it")


@pytest.mark.parametrize(
    ("keys", "reason", "mend"),
    [
        (
            {"connectors": {"targets": SNOWFLAKE}},
            "there is no connector 'target'",
            "did you mean 'targets'?",
        ),
        (
            {"connectors": {"target": SNOWFLAKE | {"kind": "snowflak"}}},
            "the connector 'target' is of the kind 'snowflak', which is not known",
            "did you mean 'snowflake'?",
        ),
        (
            {"connectors": {"target": SNOWFLAKE | {"version": 9}}},
            "version 9 of snowflake is not known",
            "known here: 3, 4",
        ),
        (
            {"connectors": {"target": {"kind": "snowflake"}}},
            "the connector 'target' does not say its version, which changes its keys",
            "add `version:`, one of 3, 4",
        ),
        (
            {"clusters": {"prod": {"kafka": CLUSTER["kafka"]}}},
            "the cluster 'prod' has no Kafka Connect",
            "add a `connect:` block to `clusters.prod`",
        ),
    ],
)
def test_a_sink_that_cannot_run(keys: dict[str, Any], reason: str, mend: str) -> None:
    answer = CONNECT.offer(make_sink(make_events(), DATABASE), make_project(**keys))
    assert answer == Refusal(reason, mend)


def test_a_model_without_a_sink() -> None:
    assert CONNECT.offer(make_events(), make_project()) == Refusal("the model has no `sink:`")


def test_a_query_is_no_sink() -> None:
    sink = make_sink(make_events(), DATABASE)
    sink.sql = "SELECT 1"
    assert isinstance(CONNECT.offer(sink, make_project()), Refusal)


def test_models_of_other_backends_are_left_alone() -> None:
    assert CONNECT.compile(make_events(backend="flink"), make_project()) is NOTHING
    assert CONNECT.grant(None, {}, make_project()) is NOTHING
