from __future__ import annotations

import json

from cdk_stream.report.graph import as_dot, as_json, as_mermaid, as_text
from cdk_stream.stages.select import select
from cdk_stream.testing import check, column, exposure, manifest, model, source

SHOP = manifest(
    exposure("writer", produces=["source.raw"], owner="team-payments"),
    source("raw", {"a": column()}),
    model("clean", {"a": column("STRING", "source.raw.a")}),
    model(
        "left",
        {"a": column("STRING", "model.clean.a")},
        materialized="flink_stream",
        backend="flink",
    ),
    model("right", {"a": column("STRING", "model.clean.a", "model.left.a")}),
    check("quality", "model.clean"),
    exposure("app", "model.right", type="dashboard", owner=""),
)
ALL = select(SHOP, [])


def test_text_is_a_tree_from_producer_to_consumer() -> None:
    assert (
        as_text(SHOP, ALL)
        == """\
writer (application, team-payments)
└─ raw (source)
   └─ clean (virtual_topic, proxy)
      ├─ left (flink_stream, flink)
      │  └─ right (virtual_topic, proxy)
      │     └─ app (dashboard, no owner)
      ├─ quality (test)
      └─ right (virtual_topic, proxy) ...
"""
    )


def test_text_of_a_part_has_that_part_only() -> None:
    assert (
        as_text(SHOP, ["model.left", "model.right"])
        == """\
left (flink_stream, flink)
└─ right (virtual_topic, proxy)
"""
    )


def test_json_names_nodes_and_edges() -> None:
    told = json.loads(as_json(SHOP, ["source.raw", "model.clean", "exposure.app"]))

    assert [node["name"] for node in told["nodes"]] == ["raw", "clean", "app"]
    assert told["nodes"][1] == {
        "id": "model.clean",
        "kind": "model",
        "name": "clean",
        "materialized": "virtual_topic",
        "backend": "proxy",
        "cluster": "main",
        "owner": "team",
        "path": "models/clean.yml",
    }
    assert told["edges"] == [{"from": "source.raw", "to": "model.clean"}]


def test_mermaid() -> None:
    assert (
        as_mermaid(SHOP, ["source.raw", "model.clean", "test.quality", "exposure.app"])
        == """\
flowchart LR
  n0[("raw<br/>source")]
  n1["clean<br/>virtual_topic, proxy"]
  n2{{"quality<br/>test"}}
  n3(["app<br/>dashboard, no owner"])
  n0 --> n1
  n1 --> n2
"""
    )


def test_dot() -> None:
    assert (
        as_dot(SHOP, ["source.raw", "model.clean"])
        == """\
digraph project {
  rankdir=LR;
  "source.raw" [shape=cylinder, label="raw\\nsource"];
  "model.clean" [shape=box, label="clean\\nvirtual_topic, proxy"];
  "source.raw" -> "model.clean";
}
"""
    )


EVIL = '"] click n0 "javascript:alert(1)" %% <img src=x> @acme/all \x1b[31m\n end; subgraph'


def test_an_owner_cannot_add_to_a_drawing() -> None:
    shop = manifest(exposure("app", owner=EVIL))

    drawn = as_mermaid(shop, ["exposure.app"])
    assert len(drawn.splitlines()) == 2
    label = drawn.splitlines()[1].removeprefix('  n0(["app<br/>').removesuffix('"])')
    assert not set(label) & set('"<>%@`\x1b')

    dot = as_dot(shop, ["exposure.app"])
    assert len(dot.splitlines()) == 4
    assert '\\"] click n0 \\"' in dot
    assert "\x1b" not in as_text(shop, ["exposure.app"])
