"""Every kind of change that a reviewer must hear of, made in the fraud project and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.workflow.check import check
from tests.core.advise.pull_request import Edit, opened

CLEAN = "models/card_payments_clean.yml"
EVENTS = "models/card_payments_fraud_events.yml"
PROFILE = "models/customer_risk_profile.yml"
SINK = "models/fraud_events_warehouse.yml"
RAW = "sources/card_payments_raw.yml"
CDC = "sources/customers_cdc.yml"
READERS = "exposures/consumers.yml"
WINDOWED = """\
      SELECT customer_id, MAX(risk_band) AS risk_band, window_start AS updated_at
      FROM TABLE(TUMBLE(TABLE {{ source("customers_cdc") }}, DESCRIPTOR(updated_at), INTERVAL '5' MINUTES))
      GROUP BY customer_id, window_start, window_end
"""  # noqa: E501
PER_WINDOW: tuple[Edit, ...] = (
    ("models/per_window.yml", "", "models:\n  - name: per_window\n    materialized: flink_stream\n"
     "    owner: team-fraud\n    from: { source: customers_cdc }\n    sql: |\n" + WINDOWED),
)  # fmt: skip

CASES: dict[str, tuple[Edit, str, str]] = {
    "a column more": (
        (CLEAN, "        event_time\n", "        event_time,\n        status AS state\n"),
        "COLUMN_ADDED", "breaking",
    ),
    "a column renamed": (
        (EVENTS, "        kyc_status,\n        risk_score",
         "        kyc_status AS kyc,\n        risk_score"),
        "COLUMN_RENAMED", "breaking",
    ),
    "a type": (
        (EVENTS, "        risk_score,\n        CASE",
         "        CAST(risk_score AS DECIMAL(3, 2)) AS risk_score,\n        CASE"),
        "TYPE_CHANGED", "breaking",
    ),
    "a key": ((EVENTS, "key: payment_id", "key: customer_id"), "KEY_CHANGED", "breaking"),
    "a filter": ((CLEAN, "'AUTHORIZED', ", ""), "FILTER_NARROWED", "risky"),
    "a window": (
        ("models/per_window.yml", "'5' MINUTES", "'10' MINUTES"), "WINDOW_LENGTHENED", "breaking",
    ),
    "a watermark": ((CDC, '"5 seconds"', '"60 seconds"'), "WATERMARK_LENGTHENED", "risky"),
    "a class": (
        (RAW, "card_network, classification: internal", "card_network, classification: public"),
        "CLASSIFICATION_LOWERED", "risky",
    ),
    "a mask": (
        (RAW, "column: customer_email\n            method: mask_all\n            applied_in:\n"
         "              - roles: [support, analytics]",
         "column: customer_email\n            method: mask_all\n            applied_in:\n"
         "              - roles: [analytics]"),
        "PROTECTION_CHANGED", "risky",
    ),
    "residency": (
        (EVENTS, "    key: payment_id\n", "    key: payment_id\n    allowed_clusters: [prod-eu]\n"),
        "RESIDENCY_TIGHTENED", "safe",
    ),
    "an SLA": ((RAW, "max_lag_seconds: 60", "max_lag_seconds: 600"), "SLA_LOOSENED", "risky"),
    "an application's SLA": (
        (READERS, "max_error_rate: 0.001", "max_error_rate: 0.1"), "SLA_LOOSENED", "risky",
    ),
    "the state of a job": ((EVENTS, "'30' DAY", "'10' DAY"), "STATE_DRIFT", "breaking"),
    "a connector": (
        (SINK, "flush_interval_sec: 30", "flush_interval_sec: 300"), "SINK_TUNED", "risky",
    ),
    "where a sink writes": (
        (SINK, "snowflake_table: FRAUD", "snowflake_table: OTHER"), "SINK_CHANGED", "breaking",
    ),
    "a test": (
        ("tests/fraud.yml", "max_ms: 500", "max_ms: 5000"), "TEST_WEAKENED", "risky",
    ),
    "an owner": ((READERS, "owner: team-fraud\n", "owner: platform\n"), "OWNER_CHANGED", "risky"),
    "who may": (
        (READERS, "[fraud-engine, fraud-ml]", "[fraud-engine]"), "ACCESS_NARROWED", "risky",
    ),
    "people of the project": (
        ("stream_project.yml", '["@dana", "@eli"]', '["@dana"]'), "PROJECT_CHANGED", "risky",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_is_told_with_its_category(case: str, tmp_path: Path) -> None:
    edit, code, category = CASES[case]
    changes = check(opened(tmp_path, edit, before=PER_WINDOW), "main").changes
    told = {(one.code, one.category): one.message for change in changes for one in change.aspects}
    assert (code, category) in told, told
    assert all(told.values())


@pytest.mark.parametrize(
    "edit",
    [
        (CLEAN, "        currency,\n", "        currency, -- ISO 4217\n\n"),
        (CLEAN, "status IN ('AUTHORIZED', 'CAPTURED')", "status in ( 'CAPTURED','AUTHORIZED' )"),
        (RAW, "    type: kafka_topic\n", "    # as it is\n    type: 'kafka_topic'\n"),
        ("stream_project.yml", "\nowners: #", "\n\nowners: # all of them:"),
    ],
)  # fmt: skip
def test_another_layout_is_nothing(edit: Edit, tmp_path: Path) -> None:
    verdict = check(opened(tmp_path, edit), "main")
    assert (verdict.changes, verdict.impacts, verdict.migrations) == ((), (), ())


def test_a_rename_says_both_names(tmp_path: Path) -> None:
    edit, code, _ = CASES["a column renamed"]
    changes = check(opened(tmp_path, edit), "main").changes
    (found,) = {one for c in changes for one in c.aspects if one.code == code and not one.inherited}
    assert (found.column, found.new_name) == ("kyc_status", "kyc")
