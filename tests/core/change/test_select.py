from __future__ import annotations

import pytest

from cdk_stream.problems import Usage
from cdk_stream.stages.diff import diff
from cdk_stream.stages.select import nothing_selected, select
from cdk_stream.testing import check, column, exposure, manifest, model, source

A = column("STRING", "source.raw.a")
SHOP = manifest(
    source("raw", {"a": column(tags=["email"])}, owner="team-payments"),
    source("other"),
    model("clean", {"a": A}, tags=["core"], owner="team-fraud", path="models/pay/clean.yml"),
    model(
        "fraud_a",
        {"a": column("STRING", "model.clean.a")},
        tags=["core"],
        materialized="flink_stream",
    ),
    model("fraud_b", {"a": column("STRING", "model.fraud_a.a", "source.other.x")}, public=True),
    check("quality", "model.clean"),
    exposure("app", "model.fraud_b", owner="team-fraud"),
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("clean", "clean"),
        ("model.clean", "clean"),
        ("+fraud_a", "raw clean fraud_a"),
        ("1+fraud_a", "clean fraud_a"),
        ("clean+", "clean fraud_a quality fraud_b app"),
        ("clean+1", "clean fraud_a quality"),
        ("1+clean+1", "raw clean fraud_a quality"),
        ("+clean+", "raw clean fraud_a quality fraud_b app"),
        ("@clean", "other raw clean fraud_a quality fraud_b app"),
        ("fraud_*", "fraud_a fraud_b"),
        ("model.*", "clean fraud_a fraud_b"),
        ("tag:core", "clean fraud_a"),
        ("tag:email", "raw"),
        ("owner:team-fraud", "clean app"),
        ("owner:team-*,resource_type:source", "raw"),
        ("path:models/pay", "clean"),
        ("path:models/pay/", "clean"),
        ("path:models/*/clean.yml", "clean"),
        ("models/pay/clean.yml", "clean"),
        ("file:clean.yml", "clean"),
        ("source:raw", "raw"),
        ("source:raw+1", "raw clean"),
        ("exposure:app", "app"),
        ("1+exposure:*", "fraud_b app"),
        ("test:quality", "quality"),
        ("type:test", "quality"),
        ("config.materialized:flink_stream", "fraud_a"),
        ("config.public:true", "fraud_b"),
        ("materialized:flink_stream", "fraud_a"),
        ("region:EU,classification:internal,source:*", "raw"),
        ("clean app", "clean app"),
        ("tag:core,+fraud_a other", "other clean fraud_a"),
    ],
)  # fmt: skip
def test_picks(expression: str, expected: str) -> None:
    assert [node.partition(".")[2] for node in select(SHOP, [expression])] == expected.split()


def test_several_expressions_add_up_and_exclude_takes_away() -> None:
    assert select(SHOP, ["clean+", "other"], ["test:*", "exposure:app"]) == [
        "source.other",
        "model.clean",
        "model.fraud_a",
        "model.fraud_b",
    ]


def test_nothing_asked_for_is_everything() -> None:
    assert set(select(SHOP, [])) == set(SHOP.nodes)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("claen", "no node named 'claen'\n    did you mean 'clean'"),
        ("source:clean", "no source named 'clean'\n    known here: other, raw, source.other"),
        ("tag:cor", "no node with tag 'cor'\n    did you mean 'core'"),
        ("nothing_*", "no node named 'nothing_*'"),
        ("tagg:core", "there is no method 'tagg:'\n    did you mean 'tag'"),
        ("a++b", "'a++b' is not a selector"),
        ("tag:core,", "'' in 'tag:core,' is not a selector"),
        ("@clean+", "'@clean+' is not a selector"),
        ("state:changed", "there is no state 'changed'\n    known here: modified, new"),
        ("state:modified", "'state:modified' needs something to compare with\n    give --base REF"),
    ],
)
def test_what_does_not_exist_is_told(expression: str, message: str) -> None:
    with pytest.raises(Usage) as told:
        select(SHOP, [expression])

    assert message in str(told.value)


def test_terms_that_exclude_each_other_select_nothing_and_that_is_told() -> None:
    assert select(SHOP, ["source:raw,tag:core"]) == []
    assert nothing_selected(["source:raw,tag:core"]) == "'source:raw,tag:core' selects nothing"
    assert nothing_selected(["a"], ["b"]) == "'a' without 'b' selects nothing"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("state:modified", ["model.new", "source.raw"]),
        ("state:new", ["model.new"]),
        ("state:breaking", ["source.raw", "model.clean"]),
        ("state:modified.schema", ["model.new", "source.raw"]),
        ("state:modified+,exposure:*", ["exposure.app"]),
        ("state:unmodified,model.*", ["model.clean"]),
        ("state:old,model.*", ["model.clean"]),
    ],
)
def test_states(expression: str, expected: list[str]) -> None:
    app = exposure("app", "model.clean")
    base = manifest(
        source("raw", {"a": column("INT")}),
        model("clean", {"a": column("INT", "source.raw.a")}),
        app,
    )
    head = manifest(
        source("raw", {"a": column("BYTES")}),
        model("clean", {"a": column("BYTES", "source.raw.a")}),
        model("new"),
        app,
    )

    assert select(head, [expression], state=diff(base, head)) == expected
