from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.diff import PROJECT, diff
from cdk_stream.testing import check, column, exposure, manifest, model, source


def changes(base: Manifest, head: Manifest) -> dict[str, Change]:
    return {change.node: change for change in diff(base, head)}


def aspects(base: Node, head: Node) -> list[Aspect]:
    (change,) = diff(manifest(base), manifest(head))
    return list(change.aspects)


def of_model(base: dict[str, Any], head: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.category) for one in aspects(model("m", **base), model("m", **head))]


def test_nothing_changes_in_a_project_compared_with_itself() -> None:
    whole = manifest(
        source("raw", {"a": column()}), model("m", {"a": column("STRING", "source.raw.a")})
    )

    assert diff(whole, whole) == ()


def test_the_place_in_a_file_is_no_difference() -> None:
    moved = {**model("m"), "path": "models/all.yml", "pointer": "/models/7", "warnings": 3}

    assert diff(manifest(model("m")), manifest(moved)) == ()


def test_formatting_is_no_difference_though_the_shipped_text_is_another() -> None:
    def formatted(digest: str) -> Node:
        job = {"kind": "flink_job", "name": "m", "cluster": "main", "digest": digest}
        return model("m", fingerprint="same", sql=f"SELECT {digest}", artifacts=[job])

    assert diff(manifest(formatted("1")), manifest(formatted("2"))) == ()


def test_a_job_that_differs_though_its_query_is_the_same_text_is_told() -> None:
    def job(digest: str) -> dict[str, Any]:
        made = {"kind": "flink_job", "name": "m", "cluster": "main", "digest": digest}
        return {"fingerprint": "same", "sql": "SELECT 1", "artifacts": [made]}

    assert of_model(job("1"), job("2")) == [("ARTIFACT_CHANGED", "risky")]


def test_a_topics_settings_are_told_beside_other_changes() -> None:
    def made(digest: str, filters: list[str]) -> dict[str, Any]:
        topic = {"kind": "topic", "name": "m", "cluster": "main", "digest": digest}
        return {"filters": filters, "artifacts": [topic]}

    assert of_model(made("1", []), made("2", ["x"])) == [
        ("FILTER_NARROWED", "risky"),
        ("TOPIC_TUNED", "risky"),
    ]


def test_an_artefact_that_differs_for_no_known_reason_is_told() -> None:
    def made(digest: str) -> dict[str, Any]:
        group = {"kind": "group", "name": "m", "cluster": "main", "digest": digest}
        return {"fingerprint": "same", "artifacts": [group]}

    assert of_model(made("1"), made("2")) == [("ARTIFACT_CHANGED", "risky")]


def test_a_key_nobody_compares_is_not_taken_for_fine() -> None:
    assert of_model({}, {"brand_new": 1}) == [("SETTING_CHANGED", "breaking")]


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({}, {"cluster": "other"}, ("CLUSTER_CHANGED", "breaking")),
        ({}, {"topic": "other"}, ("TOPIC_CHANGED", "breaking")),
        ({}, {"format": "avro"}, ("FORMAT_CHANGED", "breaking")),
        ({}, {"region": "US"}, ("REGION_CHANGED", "risky")),
        ({}, {"region": None}, ("REGION_CHANGED", "breaking")),
        ({}, {"materialized": "flink_stream"}, ("MATERIALIZATION_CHANGED", "risky")),
        ({"materialized": "sink"}, {}, ("MATERIALIZATION_CHANGED", "breaking")),
        ({}, {"partitions": 12}, ("PARTITIONS_CHANGED", "risky")),
        ({"retention": "7d"}, {"retention": "1d"}, ("RETENTION_CHANGED", "risky")),
        ({}, {"schema_ref": "sr://other"}, ("SCHEMA_MOVED", "risky")),
        ({}, {"state_ttl": "1h"}, ("STATE_TTL_CHANGED", "risky")),
        ({}, {"idle_timeout_ms": 5}, ("IDLE_TIMEOUT_CHANGED", "risky")),
        ({"sql": "a"}, {"sql": "b"}, ("QUERY_CHANGED", "breaking")),
        ({"cel": "a"}, {"cel": "b"}, ("QUERY_CHANGED", "breaking")),
        ({}, {"meta": {"x": 1}}, ("DESCRIBED", "safe")),
        ({}, {"public": True}, ("PUBLISHED", "risky")),
        ({"public": True}, {}, ("WITHDRAWN", "breaking")),
        ({}, {"allowed_clusters": ["main"]}, ("RESIDENCY_TIGHTENED", "safe")),
        ({"allowed_clusters": ["main"]}, {}, ("RESIDENCY_LOOSENED", "risky")),
        ({"forbidden_sinks": ["s3"]}, {}, ("RESIDENCY_LOOSENED", "risky")),
        ({}, {"forbidden_sinks": ["s3"]}, ("RESIDENCY_TIGHTENED", "safe")),
        ({}, {"owner": "other"}, ("OWNER_CHANGED", "risky")),
        ({"owner": None}, {}, ("OWNER_CHANGED", "safe")),
        ({}, {"contract": {"schema": "strict"}}, ("CONTRACT_ADDED", "safe")),
        ({"contract": {"schema": "strict"}}, {}, ("CONTRACT_REMOVED", "breaking")),
        (
            {"contract": {"schema": "strict"}},
            {"contract": {"schema": "lenient"}},
            ("CONTRACT_LOOSENED", "risky"),
        ),
        (
            {"contract": {"compatibility": "full"}},
            {"contract": {"compatibility": "backward"}},
            ("CONTRACT_LOOSENED", "risky"),
        ),
        (
            {"contract": {"compatibility": "backward"}},
            {"contract": {"compatibility": "full_transitive"}},
            ("CONTRACT_TIGHTENED", "safe"),
        ),
        (
            {"sla": {"max_lag_seconds": 60}},
            {"sla": {"max_lag_seconds": 90}},
            ("SLA_LOOSENED", "risky"),
        ),
        (
            {"sla": {"max_lag_seconds": 60}},
            {"sla": {"max_lag_seconds": 9}},
            ("SLA_TIGHTENED", "safe"),
        ),
        (
            {"sla": {"availability": "99.9%"}},
            {"sla": {"availability": "99%"}},
            ("SLA_LOOSENED", "risky"),
        ),
        ({"sla": {"max_lag_seconds": 60}}, {}, ("SLA_LOOSENED", "risky")),
        ({}, {"deprecation_date": "2027-01-01"}, ("DEPRECATED", "risky")),
        ({}, {"version": 2}, ("VERSION_CHANGED", "safe")),
        ({}, {"description": "x"}, ("DESCRIBED", "safe")),
        ({}, {"tags": ["x"]}, ("DESCRIBED", "safe")),
        ({}, {"on_state_change": "reset"}, ("STATE_POLICY_CHANGED", "risky")),
        (
            {"sink": {"type": "snowflake_table", "config": {"snowflake_table": "A"}}},
            {"sink": {"type": "snowflake_table", "config": {"snowflake_table": "B"}}},
            ("SINK_CHANGED", "breaking"),
        ),
        (
            {"sink": {"config": {"flush_interval_sec": 30}}},
            {"sink": {"config": {"flush_interval_sec": 60}}},
            ("SINK_TUNED", "risky"),
        ),
    ],
)
def test_a_stream(base: dict[str, Any], head: dict[str, Any], expected: tuple[str, str]) -> None:
    assert of_model(base, head) == [expected]


MASK = {
    "method": "mask",
    "masking": "mask_all",
    "origin": ["source.raw", "card"],
    "declared_by": "model.m",
    "roles": ["support"],
}


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({}, {"classification": "sensitive"}, ("CLASSIFICATION_RAISED", "risky")),
        ({}, {"classification": "public"}, ("CLASSIFICATION_LOWERED", "risky")),
        ({}, {"classification": None}, ("CLASSIFICATION_LOST", "breaking")),
        ({"classification": None}, {}, ("CLASSIFICATION_GAINED", "safe")),
        ({}, {"tags": ["email"]}, ("PERSONAL_DATA_ADDED", "risky")),
        ({"tags": ["email"]}, {}, ("PERSONAL_DATA_REMOVED", "risky")),
        ({}, {"declassified": "it is a hash"}, ("DECLASSIFIED", "risky")),
        ({}, {"protections": [MASK]}, ("PROTECTION_ADDED", "breaking")),
        ({"protections": [MASK]}, {}, ("PROTECTION_REMOVED", "risky")),
        (
            {"protections": [MASK]},
            {"protections": [{**MASK, "roles": []}]},
            ("PROTECTION_CHANGED", "risky"),
        ),
    ],
)
def test_who_sees_a_column(
    base: dict[str, Any], head: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = aspects(model("m", {"a": column(**base)}), model("m", {"a": column(**head)}))

    assert [(one.code, one.category) for one in found] == [expected]
    assert found[0].column == "a"


def test_a_rule_for_a_column_that_only_the_source_has_is_seen_on_the_source() -> None:
    mask = {"mask": {"column": "card", "method": "hash"}}
    base = manifest(source("raw", {"card": column()}), model("m", reads=["source.raw"]))
    head = manifest(
        source("raw", {"card": column(protections=[MASK])}),
        model("m", reads=["source.raw"], security={"policies": [mask]}),
    )

    found = changes(base, head)

    assert [one.code for one in found["model.m"].aspects] == ["PROTECTION_DECLARED"]
    (felt,) = found["source.raw"].aspects
    assert (felt.code, felt.inherited) == ("PROTECTION_ADDED", True)


def test_an_allow_rule_that_goes_is_told() -> None:
    allow = {"allow": {"roles": ["fraud"], "purpose": "detection"}}
    (one,) = aspects(model("m", security={"policies": [allow]}), model("m"))

    assert (one.code, one.message) == (
        "ACCESS_CHANGED",
        "rule goes: allow 'fraud' for 'detection'",
    )


VALUES = {"kind": "allowed_values", "column": "a", "values": ["X", "Y"]}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ([VALUES], [], "TEST_WEAKENED"),
        ([], [VALUES], "TEST_TIGHTENED"),
        ([VALUES], [{**VALUES, "values": ["X", "Y", "Z"]}], "TEST_WEAKENED"),
        ([VALUES], [{**VALUES, "values": ["X"]}], "TEST_TIGHTENED"),
        (
            [{"kind": "max_lag", "column": "a", "seconds": 300}],
            [{"kind": "max_lag", "column": "a", "seconds": 600}],
            "TEST_WEAKENED",
        ),
        (
            [{"kind": "range", "column": "a", "min": 0}],
            [{"kind": "range", "column": "a", "min": 1}],
            "TEST_TIGHTENED",
        ),
        (
            [{"kind": "sql", "expression": "a > 0", "name": "positive"}],
            [{"kind": "sql", "expression": "a > 1", "name": "positive"}],
            "TEST_WEAKENED",
        ),
    ],
)
def test_assertions(old: list[Any], new: list[Any], code: str) -> None:
    (one,) = aspects(check("t", "model.m", *old), check("t", "model.m", *new))

    assert one.code == code


def test_a_failure_that_no_longer_stops_anything_is_weaker() -> None:
    strict = {"severity": "error", "actions": [{"block_deploy": True}]}
    weak = {"severity": "warn", "actions": []}
    found = aspects(
        check("t", "model.m", on_failure=strict), check("t", "model.m", on_failure=weak)
    )

    assert {one.code for one in found} == {"TEST_WEAKENED"}
    assert len(found) == 2


def test_a_test_that_goes_is_told() -> None:
    change = changes(manifest(model("m"), check("t", "model.m")), manifest(model("m")))["test.t"]

    assert (change.kind, change.category, change.path) == ("removed", "risky", "tests/t.yml")


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({}, {"owner": "other"}, ("OWNER_CHANGED", "risky")),
        ({}, {"owner": None}, ("OWNER_CHANGED", "risky")),
        ({}, {"access": {"roles": ["admin"]}}, ("ACCESS_WIDENED", "risky")),
        ({"access": {"roles": ["admin"]}}, {}, ("ACCESS_NARROWED", "risky")),
        ({}, {"access": {"roles": [], "purpose": "ads"}}, ("ACCESS_WIDENED", "risky")),
        ({}, {"service_accounts": ["x"]}, ("ACCESS_WIDENED", "risky")),
        ({}, {"sla": {"max_error_rate": 0.1}}, ("SLA_TIGHTENED", "safe")),
        ({}, {"consumes": ["model.b"]}, ("READS_CHANGED", "risky")),
        ({"columns": ["a"]}, {}, ("READS_CHANGED", "risky")),
        ({"columns": ["a", "b"]}, {"columns": ["a"]}, ("READS_CHANGED", "safe")),
        ({}, {"produces": ["source.b"]}, ("WRITES_CHANGED", "risky")),
        ({}, {"training": {"risk_level": "high"}}, ("READS_CHANGED", "risky")),
        ({}, {"contracts": {"schema": "strict"}}, ("CONTRACT_ADDED", "safe")),
        ({}, {"url": "https://x"}, ("DESCRIBED", "safe")),
    ],
)
def test_an_exposure(base: dict[str, Any], head: dict[str, Any], expected: tuple[str, str]) -> None:
    found = aspects(exposure("app", **base), exposure("app", **head))

    assert [(one.code, one.category) for one in found] == [expected]


def test_added_and_removed_nodes() -> None:
    found = changes(
        manifest(
            model("old", fingerprint="f"),
            exposure("app"),
            exposure("writer", produces=["source.x"]),
        ),
        manifest(model("new", fingerprint="f"), source("raw")),
    )

    assert {(node, change.kind, change.category) for node, change in found.items()} == {
        ("model.old", "removed", "breaking"),
        ("model.new", "added", "safe"),
        ("source.raw", "added", "safe"),
        ("exposure.app", "removed", "risky"),
        ("exposure.writer", "removed", "risky"),
    }
    assert "'new' looks like it under a new name" in found["model.old"].aspects[0].message
    assert found["exposure.writer"].aspects[0].code == "PRODUCER_REMOVED"


def test_a_new_reader_of_sensitive_data_is_looked_at() -> None:
    raw = source("raw", {"card": column(classification="sensitive"), "id": column()})
    base = manifest(raw)

    found = changes(base, manifest(raw, exposure("app", "source.raw")))["exposure.app"]
    other = changes(base, manifest(raw, exposure("app", "source.raw", columns=["id"])))

    assert (found.category, "'raw.card'" in found.aspects[0].message) == ("risky", True)
    assert other["exposure.app"].category == "safe"


def test_the_project_file_is_compared_entry_by_entry() -> None:
    base = manifest(owners={"a": {"github": ["@a"]}, "b": {}}, version="1")
    head = manifest(owners={"a": {"github": ["@z"]}, "c": {}}, version="2")

    change = changes(base, head)[PROJECT]

    assert [(one.message, one.category) for one in change.aspects] == [
        ("'owners.a' of the project file changes", "risky"),
        ("'owners.b' of the project file is removed", "risky"),
        ("'owners.c' of the project file is added", "risky"),
        ("'version' of the project file changes", "safe"),
    ]


def test_what_follows_from_upstream_is_told_apart() -> None:
    def project(type_: str) -> Manifest:
        return manifest(
            source("raw", {"a": column(type_)}),
            model("m", {"x": column(type_, "source.raw.a")}, fingerprint="same"),
        )

    found = changes(project("INT"), project("STRING"))

    assert not found["source.raw"].inherited
    assert found["model.m"].inherited


def test_what_the_author_wrote_is_not_blamed_on_upstream() -> None:
    def project(type_: str) -> Manifest:
        return manifest(
            source("raw", {"a": column(type_)}),
            model(
                "m",
                {"x": column(type_, "source.raw.a")},
                fingerprint=f"CAST(a AS {type_})",
                rows_fingerprint="r",
            ),
        )

    assert not changes(project("INT"), project("STRING"))["model.m"].inherited


def test_parents_come_before_children() -> None:
    def chain(type_: str) -> Manifest:
        return manifest(
            source("z", {"a": column(type_)}),
            model("b", {"a": column(type_, "source.z.a")}),
            model("a", {"a": column(type_, "model.b.a")}),
        )

    assert [change.node for change in diff(chain("INT"), chain("STRING"))] == [
        "source.z",
        "model.b",
        "model.a",
    ]
