"""Every body stands before the Gateway's own description of its API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.backend import ProxyBackend
from cdk_stream_proxy.kms import ALGORITHMS

CONTRACT = Path(__file__).parents[3].parent / "shared/contracts/gateway-openapi.strict.yaml"
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
def validators() -> dict[str, Draft202012Validator]:
    """A validator for each kind of artefact that becomes a request."""
    if not CONTRACT.is_file():
        pytest.skip("the Gateway's description is not at hand")
    document = yaml.load(CONTRACT.read_text(), yaml.CSafeLoader)
    registry: Any = Registry().with_resource("urn:gateway", DRAFT202012.create_resource(document))
    return {
        kind: Draft202012Validator(
            {"$ref": f"urn:gateway#/components/schemas/{schema}"}, registry=registry
        )
        for kind, schema in KINDS.items()
    }


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
    validators: dict[str, Draft202012Validator],
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
            validators[artifact.kind].validate(artifact.spec)


def test_the_contract_refuses_what_the_gateway_would(
    validators: dict[str, Draft202012Validator],
) -> None:
    body = {
        "kind": "Interceptor",
        "apiVersion": "gateway/v2",
        "metadata": {"name": "x"},
        "spec": {
            "priority": 1,
            "pluginClass": "io.conduktor.gateway.interceptor.FieldLevelDataMaskingPlugin",
            "config": {
                "topic": "^t$",
                "policies": [{"name": "c", "fields": ["c"], "rule": {"type": "TOKENIZE"}}],
            },
        },
    }
    assert not validators["interceptor"].is_valid(body)
