from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.results.change import Aspect
from cdk_stream.stages.diff import diff
from cdk_stream.testing import column, manifest, model, source

RAW = source("raw", {"a": column("INT"), "b": column("INT")})


def aspects(base: dict[str, Any], head: dict[str, Any]) -> list[Aspect]:
    (change,) = diff(manifest(RAW, model("m", **base)), manifest(RAW, model("m", **head)))
    return list(change.aspects)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ([], ["a > 1"], "FILTER_NARROWED"),
        (["a > 1"], ["a > 1", "b > 1"], "FILTER_NARROWED"),
        (["a > 1"], [], "FILTER_WIDENED"),
        (["a > 1"], ["a > 2"], "FILTER_CHANGED"),
        (["a IN ('X', 'Y')"], ["a IN ('X')"], "FILTER_NARROWED"),
        (["a IN ('X', 'Y')"], ["a = 'X'"], "FILTER_NARROWED"),
        (["a = 'X'"], ["a IN ('X', 'it''s, (Y)')"], "FILTER_WIDENED"),
        (["a IN ('X', 'Y')"], ["b IN ('X')"], "FILTER_CHANGED"),
        (["NOT a IN ('X')"], ["NOT a IN ('X', 'Y')"], "FILTER_CHANGED"),
        (["b OR a = 1"], ["b OR a IN (1, 2)"], "FILTER_CHANGED"),
        (["a IN (1) OR b IN (2)"], ["a IN (1) OR b IN (3)"], "FILTER_CHANGED"),
        (["a = 1.5"], ["a IN (1.5, 2)"], "FILTER_WIDENED"),
        (["a = b"], ["a IN (b, c)"], "FILTER_WIDENED"),
        (["a NOT IN ('X')"], ["a NOT IN ('X', 'Y')"], "FILTER_CHANGED"),
    ],
)
def test_filters(old: list[str], new: list[str], code: str) -> None:
    (one,) = aspects({"filters": old}, {"filters": new})

    assert (one.code, one.category, one.column) == (code, "risky", "")


def test_the_order_of_conjuncts_is_no_difference() -> None:
    base = manifest(model("m", filters=["a > 1", "b > 1"]))
    head = manifest(model("m", filters=["b > 1", "a > 1"]))

    assert diff(base, head) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            ["tumble(event_time, 300000)"],
            ["tumble(event_time, 3600000)"],
            "WINDOW_LENGTHENED",
            "window tumble(event_time, 5 min) becomes tumble(event_time, 1 h)",
        ),
        (
            ["hop(event_time, 60000, 300000)"],
            ["hop(event_time, 60000, 60000)"],
            "WINDOW_SHORTENED",
            "window hop(event_time, 1 min, 5 min) becomes hop(event_time, 1 min, 1 min)",
        ),
        (
            ["tumble(event_time, 300000)"],
            ["session(event_time, 300000)"],
            "WINDOW_CHANGED",
            "window tumble(event_time, 5 min) becomes session(event_time, 5 min)",
        ),
        ([], ["odd"], "WINDOW_CHANGED", "window 'odd' comes in"),
    ],
)
def test_windows(old: list[str], new: list[str], code: str, message: str) -> None:
    (one,) = aspects({"windows": old}, {"windows": new})

    assert (one.code, one.category, one.message) == (code, "breaking", message)


@pytest.mark.parametrize(
    ("base", "head", "code", "category"),
    [
        ({"key": ["a"]}, {"key": ["b"]}, "KEY_CHANGED", "breaking"),
        ({"event_time": "a"}, {"event_time": "b"}, "EVENT_TIME_CHANGED", "breaking"),
        ({"event_time": "a"}, {}, "EVENT_TIME_CHANGED", "breaking"),
        ({"watermark_ms": 5000}, {"watermark_ms": 9000}, "WATERMARK_LENGTHENED", "risky"),
        ({"watermark_ms": 5000}, {}, "WATERMARK_SHORTENED", "risky"),
        ({}, {"changelog": "retract"}, "CHANGELOG_CHANGED", "breaking"),
        ({"changelog": "upsert"}, {}, "CHANGELOG_CHANGED", "risky"),
        ({}, {"features": ["regular_join"]}, "JOIN_CHANGED", "breaking"),
        ({"features": ["regular_join"]}, {"features": ["interval_join"]}, "JOIN_CHANGED",
         "breaking"),
        ({}, {"features": ["group_by"]}, "GROUPING_CHANGED", "breaking"),
        ({}, {"features": ["limit"]}, "ROWS_CHANGED", "breaking"),
        ({}, {"reads": ["source.raw"]}, "INPUT_ADDED", "risky"),
        ({"reads": ["source.raw"]}, {}, "INPUT_REMOVED", "breaking"),
        ({"functions": ["F"]}, {"functions": ["G"]}, "FUNCTIONS_CHANGED", "risky"),
        ({}, {"open": True}, "SCHEMA_OPENED", "breaking"),
        ({"open": True}, {}, "SCHEMA_CLOSED", "safe"),
    ],
)  # fmt: skip
def test_rows(base: dict[str, Any], head: dict[str, Any], code: str, category: str) -> None:
    (one,) = aspects(base, head)

    assert (one.code, one.category) == (code, category)


@pytest.mark.parametrize(
    ("kind", "code"), [("join", "JOIN_CHANGED"), ("group_by", "GROUPING_CHANGED")]
)
def test_other_columns_in_a_join_or_grouping_change_the_rows(kind: str, code: str) -> None:
    (one,) = aspects(
        {"influences": [["source.raw", "a", [kind]]]},
        {"influences": [["source.raw", "b", [kind]]]},
    )

    assert (one.code, one.category) == (code, "breaking")


def test_a_query_that_changes_somehow_is_not_taken_for_fine() -> None:
    (one,) = aspects({"fingerprint": "1"}, {"fingerprint": "2"})

    assert (one.code, one.category) == ("QUERY_CHANGED", "risky")


def test_rows_that_change_in_a_way_without_a_name_are_breaking() -> None:
    (one,) = aspects(
        {"fingerprint": "1", "rows_fingerprint": "r1"},
        {"fingerprint": "2", "rows_fingerprint": "r2"},
    )

    assert (one.code, one.category) == ("QUERY_CHANGED", "breaking")


def test_a_filter_explains_why_the_rows_changed() -> None:
    (one,) = aspects(
        {"fingerprint": "1", "rows_fingerprint": "r1", "filters": []},
        {"fingerprint": "2", "rows_fingerprint": "r2", "filters": ["a > 1"]},
    )

    assert one.code == "FILTER_NARROWED"


def test_a_stateful_query_that_changes_may_lose_its_state() -> None:
    common = {"features": ["group_by"], "rows_fingerprint": "r"}
    (one,) = aspects({**common, "fingerprint": "1"}, {**common, "fingerprint": "2"})

    assert (one.code, one.axis, one.category) == ("STATE_UNKNOWN", "state", "risky")
    assert one.mend == "say 'on_state_change: reset', 'replay' or 'keep'"


def test_a_stateless_query_has_no_state_to_lose() -> None:
    common = {"features": ["filter"], "rows_fingerprint": "r", "filters": ["x"]}
    found = aspects(
        {**common, "fingerprint": "1"},
        {**common, "fingerprint": "2", "filters": ["y"]},
    )

    assert [one.code for one in found] == ["FILTER_CHANGED"]
