"""Every body stands before the Gateway's own description of its API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.backend import ProxyBackend
from cdk_stream_proxy.kms import ALGORITHMS
from tests.gateway.contract import FILE, Contract, load

KEYS = (
    "vault-kms://vault:8200/transit/keys/card",
    "aws-kms://eu-west-1:1234/key/card",
    "gateway-kms://card",
)
KINDS = {"interceptor": "Interceptor", "group": "GatewayGroup"}
ROLES = st.lists(st.sampled_from(["support", "analytics", "fraud-engine"]), unique=True).map(tuple)
MASKS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    masking=st.sampled_from(["mask_all", "mask_first_n", "mask_last_n", "tokenization", "null"]),
    characters=st.integers(0, 12),
    roles=ROLES,
    allowed=ROLES,
)
ENCRYPTIONS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    method=st.just("encrypt"),
    key=st.sampled_from(KEYS),
    algorithm=st.sampled_from(ALGORITHMS),
    allowed=ROLES,
)
QUERIES = st.sampled_from(
    [
        "SELECT card_number AS card, status FROM t WHERE status IN ('A', 'B')",
        "SELECT * FROM t WHERE note IS NULL OR amount_cents > 5",
        "SELECT * FROM t",
    ]
)


@pytest.fixture(scope="module")
def contract() -> Contract:
    if not FILE.exists():
        pytest.skip(f"the vendor's API description is not at {FILE}: set CDK_STREAM_CONTRACTS")
    return load()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=QUERIES,
    rules=st.lists(MASKS | ENCRYPTIONS, max_size=4),
    source_format=st.sampled_from(["json", "avro", "debezium_json"]),
    willing=st.booleans(),
    virtual_cluster=st.sampled_from([None, "eu"]),
)
def test_every_body_is_one_that_the_gateway_accepts(
    query: str,
    rules: list[dict[str, Any]],
    source_format: str,
    willing: bool,
    virtual_cluster: str | None,
    contract: Contract,
    make_stream: Callable[..., Stream],
    make_view: Callable[..., Stream],
    make_project: Callable[..., Any],
    mask: Callable[..., Protection],
) -> None:
    gateway = {"url": "http://gateway:8888", "virtual_cluster": virtual_cluster}
    project = make_project({"gateway": gateway})
    source = make_stream(
        "source.payments",
        format=source_format,
        resource={"security": {"allow_encryption": willing}},
    )
    source.columns["card_number"].protections = tuple(mask(**rule) for rule in rules)
    view = make_view(query, source, backend="proxy", materialized="virtual_topic")
    view.columns["card"] = source.columns["card_number"]
    job = make_stream("model.job", inputs={source.id: source}, backend="flink")
    job.columns["card_number"].protections = source.columns["card_number"].protections
    job.columns["card_number"].edges = {(source.id, "card_number"): "identity"}
    for stream in (source, view, job):
        for artifact in ProxyBackend().compile(stream, project).artifacts:
            assert contract.resource(KINDS[artifact.kind], artifact.spec) == []
