"""The way of a column through sources, models and applications."""

from __future__ import annotations

import pytest

from cdk_stream.report.lineage import Edge, document, lineage, text
from cdk_stream.results.manifest import Manifest
from cdk_stream.testing import column, exposure, manifest, model, source

RAW, CLEAN, SCORED = "source.raw", "model.clean", "model.scored"
AMOUNT = (CLEAN, "amount")


@pytest.fixture
def project() -> Manifest:
    return manifest(
        exposure("api", produces=[RAW]),
        source("raw", {"amount": column("BIGINT"), "status": column()}),
        model(
            "clean",
            {"amount": column("BIGINT", "source.raw.amount", classification="confidential")},
            influences=[[RAW, "status", ["filter"]]],
        ),
        model(
            "scored",
            {
                "amount": column("BIGINT", "model.clean.amount"),
                "score": column("DOUBLE", "model.clean.amount", how="transformation"),
            },
            influences=[[CLEAN, "amount", ["filter", "join"]]],
        ),
        exposure("scoring", SCORED, columns=["score"]),
        exposure("dashboard", SCORED),
    )


def test_follows_both_ways(project: Manifest) -> None:
    found = lineage(project, AMOUNT)
    assert found.upstream == (Edge((RAW, "amount"), AMOUNT, "identity"),)
    assert found.downstream == (
        Edge(AMOUNT, (SCORED, "amount"), "identity"),
        Edge(AMOUNT, (SCORED, "score"), "transformation"),
    )


def test_names_the_applications_at_both_ends(project: Manifest) -> None:
    found = lineage(project, AMOUNT)
    assert found.producers == (("exposure.api", (RAW, "amount")),)
    assert found.exposures == (
        ("exposure.dashboard", (SCORED, "amount")),
        ("exposure.dashboard", (SCORED, "score")),
        ("exposure.scoring", (SCORED, "score")),
    )


def test_a_condition_is_no_copy(project: Manifest) -> None:
    found = lineage(project, (RAW, "status"))
    assert found.downstream == ()
    assert found.influences == ((CLEAN, "filter"),)


def test_reads_as_a_tree(project: Manifest) -> None:
    assert text(project, lineage(project, AMOUNT)) == (
        "model.clean.amount  BIGINT, confidential\n"
        "\n"
        "comes from\n"
        "  source.raw.amount  identity, internal\n"
        "  exposure.api  writes source.raw.amount\n"
        "\n"
        "goes to\n"
        "  model.scored.amount  identity, internal\n"
        "  model.scored.score  transformation, internal\n"
        "  exposure.dashboard  reads model.scored.amount\n"
        "  exposure.dashboard  reads model.scored.score\n"
        "  exposure.scoring  reads model.scored.score\n"
        "\n"
        "decides which rows come out of\n"
        "  model.scored  by filter, join\n"
    )


def test_a_protection_is_told() -> None:
    rule = {
        "method": "mask", "masking": "mask_all", "origin": [RAW, "card"],
        "declared_by": CLEAN, "roles": ["support"], "allowed": [],
    }  # fmt: skip
    project = manifest(source("raw", {"card": column(protections=[rule], tags=["card"])}))
    shown = text(project, lineage(project, (RAW, "card")))
    assert shown.startswith(
        "source.raw.card  STRING, internal [card]\n"
        "    mask_all for support, declared by model.clean\n"
    )


def test_an_unsure_analysis_is_told() -> None:
    project = manifest(source("raw", {"a": column(analysis="widened")}))
    assert "could not be followed for sure" in text(project, lineage(project, (RAW, "a")))


def test_as_data_it_is_edges(project: Manifest) -> None:
    found = document(project, lineage(project, AMOUNT))
    assert (found["node"], found["column"], found["type"]) == (CLEAN, "amount", "BIGINT")
    assert found["upstream"] == [
        {"from": [RAW, "amount"], "to": [CLEAN, "amount"], "kind": "identity"}
    ]


def test_a_diamond_is_drawn_once() -> None:
    project = manifest(
        source("raw", {"a": column()}),
        model("left", {"a": column("STRING", "source.raw.a")}),
        model("right", {"a": column("STRING", "source.raw.a")}),
        model("join", {"a": column("STRING", "model.left.a", "model.right.a")}),
        model("last", {"a": column("STRING", "model.join.a")}),
    )
    found = lineage(project, (RAW, "a"))
    assert len(found.downstream) == 5
    assert text(project, found).count("see above") == 1


def test_a_chain_of_thousands_is_followed() -> None:
    models = [model("m0", {"a": column()})]
    models += [
        model(f"m{n}", {"a": column("STRING", f"model.m{n - 1}.a")}) for n in range(1, 3_000)
    ]
    project = manifest(*models)
    found = lineage(project, ("model.m2999", "a"))
    assert len(found.upstream) == 2_999
    assert len(text(project, found)) < 1_000_000
