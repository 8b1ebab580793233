from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.results.impact import Impact, Reach
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.diff import diff
from cdk_stream.stages.trace import trace
from cdk_stream.testing import column, exposure, manifest, model, source

RAW = source("raw", {"id": column("INT"), "status": column(), "card": column()})


def reach(base: Manifest, head: Manifest) -> Reach:
    return trace(diff(base, head), base, head)


def impacts(base: Manifest, head: Manifest) -> dict[str, Impact]:
    return {impact.exposure: impact for impact in reach(base, head).impacts}


def clean(**columns: str) -> Node:
    return model(
        "clean", {name: column("STRING", f"source.raw.{of}") for name, of in columns.items()}
    )


def total(of: str) -> Node:
    return model(
        "total",
        {"n": column("BIGINT", f"model.clean.{of}", how="aggregation")},
        materialized="flink_stream",
        backend="flink",
    )


def test_only_those_who_read_a_column_are_hit_when_it_goes() -> None:
    apps = [
        exposure("reads_all", "model.clean"),
        exposure("reads_it", "model.clean", columns=["status"]),
        exposure("reads_other", "model.clean", columns=["id"]),
        exposure("far", "model.total"),
    ]
    base = manifest(RAW, clean(id="id", status="status"), total("id"), *apps)
    head = manifest(RAW, clean(id="id"), total("id"), *apps)

    found = reach(base, head)

    assert {impact.exposure for impact in found.impacts} == {
        "exposure.reads_all",
        "exposure.reads_it",
    }
    assert [(spared.exposure, spared.why) for spared in found.spared] == [
        ("exposure.far", "it reads nothing made of 'status'"),
        ("exposure.reads_other", "it reads nothing made of 'status'"),
    ]


def test_an_impact_tells_the_way_the_owner_and_the_reason() -> None:
    app = exposure("app", "model.total", owner="team-fraud", url="https://x", type="dashboard")
    base = manifest(RAW, clean(id="id"), total("id"), app)
    head = manifest(source("raw", {"id": column("BYTES")}), clean(id="id"), total("id"), app)

    (impact,) = reach(base, head).impacts

    assert impact.severity == "breaking"
    assert impact.path == ("source.raw", "model.clean", "model.total", "exposure.app")
    assert (impact.owner, impact.type, impact.url) == ("team-fraud", "dashboard", "https://x")
    assert impact.columns == ("model.total.n",)
    assert impact.reasons == ("source.raw: type of column 'id' changes from INT to BYTES",)


def test_rows_that_change_reach_every_reader_whatever_it_reads() -> None:
    app = exposure("app", "model.total", columns=["n"])
    base = manifest(RAW, {**clean(id="id"), "filters": ["x"]}, total("id"), app)
    head = manifest(RAW, {**clean(id="id"), "filters": ["x", "y"]}, total("id"), app)

    (impact,) = reach(base, head).impacts

    assert (impact.severity, impact.columns) == ("risky", ())


def test_a_column_that_decides_which_rows_come_out_reaches_all_of_them() -> None:
    filtered = model(
        "filtered",
        {"id": column("INT", "source.raw.id")},
        influences=[["source.raw", "status", ["filter"]]],
    )
    app = exposure("app", "model.filtered", columns=["id"])
    base = manifest(RAW, filtered, app)
    head = manifest(source("raw", {**RAW["columns"], "status": column("INT")}), filtered, app)

    assert impacts(base, head)["exposure.app"].severity == "breaking"


@pytest.mark.parametrize(
    "blind",
    [
        model("blind", {"x": column(analysis="unknown")}, reads=["source.raw"]),
        model("blind", {"x": column()}, open=True, reads=["source.raw"]),
        model("blind", reads=["source.raw"]),
    ],
)
def test_a_reader_whose_lineage_is_unknown_is_hit_by_everything(blind: Node) -> None:
    app = exposure("app", "model.blind")
    base = manifest(RAW, blind, app)
    head = manifest(source("raw", {**RAW["columns"], "card": column("INT")}), blind, app)

    assert impacts(base, head)["exposure.app"].severity == "breaking"


def test_a_reader_that_was_cut_off_first_is_still_hit() -> None:
    base = manifest(RAW, clean(id="id"), exposure("app", "model.clean", owner="old"))
    head = manifest(RAW, exposure("app", "source.raw", owner="new"))

    (impact,) = reach(base, head).impacts

    assert (impact.severity, impact.owner, impact.new_owner) == ("breaking", "old", "new")
    assert impact.path == ("model.clean", "exposure.app")
    assert set(impact.changes) == {"model.clean", "exposure.app"}


def test_an_exposure_that_goes_counts_with_its_old_owner() -> None:
    base = manifest(RAW, exposure("app", "source.raw", owner="team-fraud"))

    (impact,) = reach(base, manifest(RAW)).impacts

    assert (impact.owner, impact.severity, impact.path) == (
        "team-fraud",
        "risky",
        ("exposure.app",),
    )


def test_a_new_exposure_counts_with_its_new_owner() -> None:
    head = manifest(RAW, exposure("app", "source.raw", owner="team-fraud"))

    assert impacts(manifest(RAW), head)["exposure.app"].owner == "team-fraud"


def test_a_query_that_does_without_a_removed_column_softens_the_blow() -> None:
    def project(columns: dict[str, Any], of: str) -> Manifest:
        return manifest(
            source("raw", columns),
            model("m", {"x": column("STRING", f"source.raw.{of}")}),
            exposure("app", "model.m"),
        )

    base = project({"a": column(), "b": column()}, "a")
    head = project({"b": column()}, "b")

    assert impacts(base, head)["exposure.app"].severity == "risky"


def test_producers_of_a_source_must_follow_its_schema() -> None:
    writer = exposure("writer", role="producer", produces=["source.raw"], owner="team-payments")
    base = manifest(RAW, writer)
    head = manifest(source("raw", {"id": column("BIGINT")}), writer)

    (impact,) = reach(base, head).impacts

    assert (impact.exposure, impact.owner) == ("exposure.writer", "team-payments")
    assert impact.path == ("source.raw", "exposure.writer")


def test_producers_need_not_care_how_a_source_is_classified() -> None:
    writer = exposure("writer", produces=["source.raw"])
    base = manifest(RAW, writer)
    head = manifest(
        source("raw", {**RAW["columns"], "id": column("INT", classification="public")}), writer
    )

    assert impacts(base, head) == {}


def test_a_producer_that_goes_is_felt_downstream() -> None:
    app = exposure("app", "model.clean")
    writer = exposure("writer", produces=["source.raw"])

    found = impacts(manifest(writer, RAW, clean(id="id"), app), manifest(RAW, clean(id="id"), app))

    assert found["exposure.app"].path == (
        "exposure.writer",
        "source.raw",
        "model.clean",
        "exposure.app",
    )
    assert found["exposure.app"].severity == "risky"


def test_an_application_in_between_passes_the_risk_on_but_may_cope() -> None:
    middle = exposure("middle", "source.raw", produces=["source.second"])
    rest = [middle, source("second", {"a": column()}), exposure("end", "source.second")]
    base = manifest(RAW, *rest)
    head = manifest(source("raw"), *rest)

    found = impacts(base, head)

    assert found["exposure.middle"].severity == "breaking"
    assert found["exposure.end"].severity == "risky"


def test_what_only_people_read_hits_nobody() -> None:
    app = exposure("app", "model.clean")
    base = manifest(RAW, clean(id="id"), app)
    head = manifest(RAW, {**clean(id="id"), "description": "new words", "owner": "other"}, app)

    assert reach(base, head) == Reach()


def test_changes_that_only_follow_are_not_named_beside_their_cause() -> None:
    def project(type_: str) -> Manifest:
        return manifest(
            source("raw", {"id": column(type_)}),
            model("m", {"x": column(type_, "source.raw.id")}, fingerprint="same"),
            exposure("app", "model.m"),
        )

    base, head = project("INT"), project("BYTES")

    assert impacts(base, head)["exposure.app"].changes == ("source.raw",)


def at_risk(sla: dict[str, Any], old: Node, new: Node) -> list[tuple[str, str]]:
    app = exposure("app", old["id"], sla=sla)
    (impact,) = reach(manifest(RAW, old, app), manifest(RAW, new, app)).impacts
    return [(risk.promise, risk.why) for risk in impact.at_risk]


def test_a_longer_window_puts_latency_at_risk_but_not_availability() -> None:
    sla = {"max_end_to_end_latency_ms": 800, "availability": "99.9%"}

    assert at_risk(
        sla,
        model("m", windows=["tumble(t, 60000)"]),
        model("m", windows=["tumble(t, 300000)"]),
    ) == [
        (
            "sla.max_end_to_end_latency_ms: 800",
            "model.m: window tumble(t, 1 min) becomes tumble(t, 5 min)",
        )
    ]


def test_rows_that_may_not_be_read_put_the_error_rate_at_risk() -> None:
    found = at_risk({"max_error_rate": 0.001}, model("m", {"a": column("INT")}), model("m"))

    assert found == [("sla.max_error_rate: 0.001", "model.m: column 'a' is removed")]


def test_a_view_that_becomes_a_job_adds_a_hop() -> None:
    found = at_risk(
        {"max_lag_seconds": 5},
        model("m"),
        model("m", materialized="flink_stream", backend="flink"),
    )

    assert ("sla.max_lag_seconds: 5", "rows are stored 1 times on the way, not 0") in found


def test_a_flink_job_with_another_script_restarts() -> None:
    def job(digest: str, threshold: str) -> Node:
        made = {"kind": "flink_job", "name": "m", "cluster": "main", "digest": digest}
        return model("m", filters=[threshold], backend="flink", artifacts=[made])

    found = at_risk({"availability": "99.9%"}, job("1", "a > 1"), job("2", "a > 2"))

    assert found == [("sla.availability: 99.9%", "the Flink job of 'model.m' restarts")]


def test_the_worst_comes_first() -> None:
    apps = [
        exposure("b_risky", "model.clean", columns=["id"]),
        exposure("z_breaking", "model.clean"),
    ]
    base = manifest(RAW, clean(id="id", card="card"), *apps)
    raised = {**clean(id="id"), "columns": {"id": column("STRING", "source.raw.id", tags=["x"])}}

    found = reach(base, manifest(RAW, raised, *apps)).impacts

    assert [(one.exposure, one.severity) for one in found] == [
        ("exposure.z_breaking", "breaking"),
        ("exposure.b_risky", "risky"),
    ]
