"""What a person is told of a change in the user's own project; CDK_STREAM_WRITE=1 rewrites it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_stream.results.impact import Impact
from cdk_stream.stages.trace import trace
from cdk_stream.tree import WorkTree
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.compile import Compiled, compile_tree

FRAUD = Path(__file__).parents[2] / "projects" / "fraud"
GOLDEN = Path(__file__).parent / "golden"
CLEAN = "models/card_payments_clean.yml"
EVENTS = "models/fraud_events.yml"
SCHEMA = "schemas/payments.raw.v1.json"

CASES = {
    "nothing": (CLEAN, "name: card", "name: card"),
    "formatting": (CLEAN, "amount_cents,\n", "amount_cents,  -- in cents\n\n"),
    "a_filter_loses_a_value": (CLEAN, "'AUTHORIZED', ", ""),
    "a_filter_in_other_words": (CLEAN, "status IN ('AUTHORIZED', 'CAPTURED')",
                                "(status IN ('CAPTURED', 'AUTHORIZED'))"),
    "a_column_more": (CLEAN, "event_time,\n", "event_time,\n        status AS state,\n"),
    "a_column_less": (EVENTS, "        c.risk_band,\n", ""),
    "a_column_renamed": (EVENTS, "        c.risk_band,\n", "        c.risk_band AS band,\n"),
    "a_threshold": (EVENTS, "> 0.9", "> 0.8"),
    "a_join_condition": (EVENTS, "'30' DAY", "'10' DAY"),
    "a_mask_less": (CLEAN, 'roles: ["support", "analytics"]', 'roles: ["support"]'),
    "a_class_lowered": (CLEAN, "amount_cents: confidential", "amount_cents: internal"),
    "an_owner": ("exposures/consumers.yml", "owner: team-fraud\n", "owner: team-crm\n"),
    "a_consumer_less": ("exposures/consumers.yml", '      - ref("card_payments_fraud_events")',
                        '      - ref("card_payments_clean")'),
    "a_test_weaker": ("tests/quality.yml", "max_ms: 500", "max_ms: 900"),
    "a_sink_table": ("models/warehouse.yml", "FRAUD_EVENTS_ENRICHED", "FRAUD_EVENTS_V2"),
    "a_view_becomes_a_job": (CLEAN, "materialized: virtual_topic", "materialized: flink_stream"),
    "a_promise": ("exposures/producers.yml", 'versioning: "backward"', 'versioning: "none"'),
}  # fmt: skip


def compiled(folder: Path) -> Compiled:
    project = compile_tree(WorkTree(folder))
    assert project.compilation.ok, project.compilation.problems
    return project


@pytest.fixture(scope="module")
def base() -> Compiled:
    return compiled(FRAUD)


@pytest.mark.parametrize("case", CASES)
def test_is_told(case: str, base: Compiled, tmp_path: Path) -> None:
    name, old, new = CASES[case]
    project = tmp_path / "fraud"
    shutil.copytree(FRAUD, project)
    text = (project / name).read_text(encoding="utf-8")
    assert old in text
    (project / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    shown = "".join(f"{line}\n" for line in told(base, compiled(project)))

    file = GOLDEN / f"{case}.txt"
    if os.environ.get("CDK_STREAM_WRITE"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def told(base: Compiled, head: Compiled) -> Iterator[str]:
    changes = changes_between(base, head)
    for change in changes:
        yield f"{change.category} {change.kind} {change.node}"
        for one in change.aspects:
            inherited = " (inherited)" if one.inherited else ""
            yield f"  {one.category} {one.code}{inherited}: {one.message}"
    reach = trace(changes, base.manifest, head.manifest)
    for impact in reach.impacts:
        yield from hit(impact)
    for spared in reach.spared:
        yield f"spared {spared.exposure} from {spared.change}: {spared.why}"


def hit(impact: Impact) -> Iterator[str]:
    owners = f"{impact.owner} then {impact.new_owner}" if impact.new_owner else impact.owner
    yield f"{impact.severity} hit {impact.exposure} of {owners}: {' > '.join(impact.path)}"
    for column in impact.columns:
        yield f"  reads {column}"
    for risk in impact.at_risk:
        yield f"  at risk {risk.promise}, because {risk.why}"
