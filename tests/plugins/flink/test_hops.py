"""Jobs in a row that could be one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from cdk_stream.problems import Problem, Severity
from cdk_stream.results.manifest import Node
from cdk_stream.testing import check, exposure, manifest, model, source
from cdk_stream_flink.hops import hops


def job(name: str, reads: str, **keys: Any) -> Node:
    return model(name, backend="flink", materialized="flink_stream", reads=[reads], **keys)


PAYMENTS = source("payments")
A, B, C = job("a", "source.payments"), job("b", "model.a"), job("c", "model.b")


def found(*nodes: Node) -> list[Problem]:
    return list(hops(orjson.loads(manifest(PAYMENTS, *nodes).document())))


def test_jobs_in_a_row_are_told_once() -> None:
    (problem,) = found(A, B, C)
    assert (problem.code, problem.severity, problem.node) == ("CS632", Severity.NOTE, "model.a")
    assert problem.message.startswith("a -> b -> c: 3 jobs")
    assert "2 fewer hops" in problem.message and "WITH clause of 'b'" in problem.mend


@pytest.mark.parametrize(
    "nodes",
    [
        [A],
        [A, B, job("other", "model.a")],
        [A, B, exposure("app", "model.a")],
        [A, B, check("of_a", "model.a")],
        [job("a", "source.payments", public=True), B],
        [job("a", "source.payments", contract={"schema": "strict"}), B],
        [job("a", "source.payments", cluster="other"), B],
        [A, model("view", reads=["model.a"])],
        [model("a", reads=["source.payments"]), B],
    ],
    ids=[
        "alone",
        "two readers",
        "an application",
        "a test",
        "public",
        "a contract",
        "another cluster",
        "a view after it",
        "a view before it",
    ],
)
def test_a_topic_that_somebody_wants_is_none(nodes: list[Node]) -> None:
    assert found(*nodes) == []
