"""What holds of every project: nothing changes by itself, and no reader is forgotten."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.diff import diff
from cdk_stream.stages.trace import trace
from cdk_stream.testing import column, exposure, manifest, model, source

HOW = st.sampled_from(["identity", "transformation", "aggregation", "count", "conditional"])


@st.composite
def nodes(draw: st.DrawFn) -> list[Node]:
    """Up to three sources, six models that read what came before, four exposures."""
    streams: list[Node] = [
        source(f"s{n}", {f"c{c}": column("INT") for c in range(draw(st.integers(1, 3)))})
        for n in range(draw(st.integers(1, 3)))
    ]
    for n in range(draw(st.integers(0, 6))):
        columns = {f"c{c}": draw(made_column(streams)) for c in range(draw(st.integers(1, 3)))}
        more: dict[str, Any] = {"filters": draw(st.lists(st.sampled_from("xyz"), unique=True))}
        if draw(st.booleans()):
            more["influences"] = [[*draw(place(streams)), ["filter"]]]
        streams.append(model(f"m{n}", columns, **more))
    apps = [
        exposure(
            f"e{n}",
            draw(st.sampled_from(streams))["id"],
            columns=draw(st.lists(st.sampled_from(["c0", "c1"]), unique=True)),
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return streams + apps


@st.composite
def place(draw: st.DrawFn, streams: list[Node]) -> tuple[str, str]:
    stream = draw(st.sampled_from(streams))
    return stream["id"], draw(st.sampled_from(sorted(stream["columns"])))


@st.composite
def made_column(draw: st.DrawFn, streams: list[Node]) -> Node:
    inputs = draw(st.lists(place(streams), min_size=1, max_size=2))
    kind = draw(st.sampled_from(["INT", "BIGINT", "STRING"]))
    return column(kind, *(".".join(one) for one in inputs), how=draw(HOW))


@given(nodes())
def test_a_project_does_not_differ_from_itself(made: list[Node]) -> None:
    assert diff(manifest(*made), manifest(*copy.deepcopy(made))) == ()


@given(nodes(), nodes(), st.randoms())
def test_the_order_of_nodes_and_columns_does_not_matter(
    old: list[Node], new: list[Node], random: Any
) -> None:
    def shuffled(made: list[Node]) -> Manifest:
        mixed = [dict(node) for node in made]
        random.shuffle(mixed)
        for node in mixed:
            if isinstance(node["columns"], dict):
                names = list(node["columns"])
                random.shuffle(names)
                node["columns"] = {name: node["columns"][name] for name in names}
        return manifest(*mixed)

    straight = manifest(*old), manifest(*new)
    mixed = shuffled(old), shuffled(new)

    assert diff(*straight) == diff(*mixed)
    assert trace(diff(*straight), *straight) == trace(diff(*mixed), *mixed)


def readers(made: list[Node], node: str, name: str) -> set[str]:
    """By brute force: the exposures that read the column, by any way through the models."""
    tainted = {(node, name)}
    while True:
        more = set(tainted)
        for one in made:
            if one["kind"] != "model":
                continue
            for other, held in one["columns"].items():
                if {(edge[0], edge[1]) for edge in held["edges"]} & tainted:
                    more.add((one["id"], other))
            touched = any((i[0], i[1]) in tainted for i in one["influences"])
            inputs = {edge[0] for held in one["columns"].values() for edge in held["edges"]}
            inputs |= {influence[0] for influence in one["influences"]}
            if touched or any((parent, "") in tainted for parent in inputs):
                more |= {(one["id"], other) for other in ("", *one["columns"])}
        if more == tainted:
            break
        tainted = more
    return {
        app["id"]
        for app in made
        if app["kind"] == "exposure"
        for parent, other in tainted
        if parent in app["consumes"] and (not app["columns"] or other in ("", *app["columns"]))
    }


@settings(max_examples=200)
@given(nodes(), st.data())
def test_exactly_those_who_read_a_removed_column_are_hit(made: list[Node], data: Any) -> None:
    streams = [node for node in made if node["kind"] != "exposure"]
    node, name = data.draw(place(streams))
    without = copy.deepcopy(made)
    (changed,) = (one for one in without if one["id"] == node)
    del changed["columns"][name]
    base = manifest(*made)
    head = Manifest(base.project, _fragments(without), base.parents)

    found = trace(diff(base, head), base, head)

    hit = {impact.exposure for impact in found.impacts if impact.severity == "breaking"}
    assert hit == readers(made, node, name)
    spared = {one.exposure for one in found.spared}
    assert not spared & readers(made, node, name)


def _fragments(made: list[Node]) -> dict[str, bytes]:
    other = manifest(*made)
    return {node: other.nodes.fragment(node) for node in other.nodes}
