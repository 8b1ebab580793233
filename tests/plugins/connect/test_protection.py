"""Protected columns stay protected on their way out."""

from __future__ import annotations

import pytest

from cdk_stream.results.stream import Protection
from tests.plugins.connect.conftest import (
    CLUSTER,
    CONNECT,
    DATABASE,
    MASKED,
    codes,
    config_of,
    make_events,
    make_project,
    make_sink,
)

WAREHOUSE = {"warehouse": {"service_accounts": ["cdk-shop-warehouse"]}}


@pytest.mark.parametrize(
    "rule",
    [
        MASKED,
        MASKED._replace(roles=("support",)),
        MASKED._replace(allowed=("support",)),
        MASKED._replace(method="encrypt", key="vault://k"),
    ],
)
def test_a_protected_column_reaches_the_sink_masked(rule: Protection) -> None:
    compiled = CONNECT.compile(make_sink(make_events(card=(rule,)), DATABASE), make_project())
    assert codes(compiled) == [("CS650", "note", "/sink")]
    settings = config_of(compiled)
    assert settings["transforms"] == "cdkMask"
    assert settings["transforms.cdkMask.fields"] == "card"
    assert settings["transforms.cdkMask.type"].endswith("MaskField$Value")
    assert settings["consumer.override.bootstrap.servers"] == "gateway:6969"


def test_a_role_of_the_sinks_own_account_lets_it_through() -> None:
    events = make_events(card=(MASKED._replace(allowed=("warehouse",)),))
    compiled = CONNECT.compile(make_sink(events, DATABASE), make_project(roles=WAREHOUSE))
    assert compiled.remarks == ()
    assert "transforms" not in config_of(compiled)


def test_every_rule_must_let_it_through() -> None:
    rules = (MASKED._replace(allowed=("warehouse",)), MASKED)
    sink = make_sink(make_events(card=rules), DATABASE)
    settings = config_of(CONNECT.compile(sink, make_project(roles=WAREHOUSE)))
    assert settings["transforms.cdkMask.fields"] == "card"


def test_the_mask_holds_without_a_gateway() -> None:
    clusters = {"prod": {key: CLUSTER[key] for key in ("kafka", "connect")}}
    sink = make_sink(make_events(card=(MASKED,)), DATABASE)
    settings = config_of(CONNECT.compile(sink, make_project(clusters=clusters)))
    assert settings["transforms"] == "cdkMask"
    assert "consumer.override.bootstrap.servers" not in settings


def test_an_envelope_is_opened_before_its_columns_are_masked() -> None:
    events = make_events(card=(MASKED,), format="debezium_json")
    settings = config_of(CONNECT.compile(make_sink(events, DATABASE), make_project()))
    assert settings["transforms"] == "cdkUnwrap,cdkMask"


@pytest.mark.parametrize(
    "key",
    [
        "transforms.cdkMask.fields",
        "transforms.cdkMask.predicate",
        "consumer.override.bootstrap.servers",
    ],
)
def test_no_author_goes_round_the_mask(key: str) -> None:
    sink = make_sink(make_events(card=(MASKED,)), DATABASE | {key: "x"})
    compiled = CONNECT.compile(sink, make_project())
    assert ("CS641", "error", f"/sink/config/{key}") in codes(compiled)
    assert compiled.artifacts == ()


@pytest.mark.parametrize(
    "config",
    [{"dead_letter_topic": "dead"}, {"errors.log.include.messages": True}],
)
def test_no_failed_row_leaves_unmasked(config: dict[str, object]) -> None:
    sink = make_sink(make_events(card=(MASKED,)), DATABASE | config)
    compiled = CONNECT.compile(sink, make_project())
    assert ("CS651", "error", "/sink/config") in codes(compiled)


def test_a_protected_key_cannot_be_hidden() -> None:
    sink = make_sink(make_events(card=(MASKED,), key=("card",)), DATABASE)
    assert ("CS651", "error", "/sink") in codes(CONNECT.compile(sink, make_project()))


def test_a_connector_that_sees_no_columns_cannot_mask_them() -> None:
    sink = make_sink(make_events(card=(MASKED,)), {"path": "/tmp/x"}, "file")
    compiled = CONNECT.compile(sink, make_project({"kind": "file"}))
    assert ("CS651", "error", "/sink/connector") in codes(compiled)


def test_a_view_is_read_through_the_gateway() -> None:
    sink = make_sink(make_events(materialized="virtual_topic"), DATABASE)
    settings = config_of(CONNECT.compile(sink, make_project()))
    assert settings["consumer.override.bootstrap.servers"] == "gateway:6969"


def test_a_view_without_an_address_of_the_gateway() -> None:
    clusters = {"prod": CLUSTER | {"gateway": {"url": "http://gateway:8888"}}}
    sink = make_sink(make_events(materialized="virtual_topic"), DATABASE)
    assert codes(CONNECT.compile(sink, make_project(clusters=clusters))) == [
        ("CS652", "error", "/sink")
    ]
