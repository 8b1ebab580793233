from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream_flink.state.judge import judge
from cdk_stream_flink.state.ledger import Entry, ledger_path, read_entry, write_entry
from cdk_stream_flink.state.outline import outline
from tests.plugins.flink.state.plans import signed
from tests.plugins.flink.state.shop import MODEL, shop
from tests.plugins.flink.state.upgrades import BASES, UPGRADES

NAMES = [*BASES, *UPGRADES]


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.text())
def test_what_is_written_is_read_again(name: str, outlined: str) -> None:
    entry = Entry(outlined, signed(name))

    assert read_entry(write_entry("result", entry)) == entry


@given(st.binary())
def test_any_other_file_is_none(content: bytes) -> None:
    assert read_entry(content) is None


def test_a_damaged_file_is_none() -> None:
    document = orjson.loads(write_entry("result", Entry("x", signed("count"))))
    for key in document.keys() - {"model"}:
        rest = {name: value for name, value in document.items() if name != key}
        assert read_entry(orjson.dumps(rest)) is None
    assert read_entry(orjson.dumps({**document, "format": "cdk-stream/state@2"})) is None


def test_no_name_leads_out_of_the_folder() -> None:
    assert ledger_path("a/../b") == "state/a_.._b.json"


def test_the_file_holds_no_option_of_a_table() -> None:
    text = write_entry("result", Entry("x", signed("count"))).decode()

    assert "rows-per-second" not in text
    assert "connector" not in text


def recorded(folder: Path, name: str, planned: str = "") -> bytes:
    """The file that `state record` would write for a base or an upgrade."""
    job = BASES.get(name) or UPGRADES[name]
    found = outline(shop(folder, job.sql, job.ttl, key=job.key or ("customer_id",)), MODEL)
    assert found is not None
    return write_entry("result", Entry(found.digest, signed(planned or name)))


HAVING = "count: beside other rows"


def test_a_plan_knows_better_than_the_query_alone(tmp_path: Path) -> None:
    key = ("customer_id",)
    old = shop(
        tmp_path / "b", BASES["count"].sql, key=key, ledger=recorded(tmp_path / "a", "count")
    )
    plain = shop(tmp_path / "c", UPGRADES[HAVING].sql, key=key)
    planned = shop(
        tmp_path / "e", UPGRADES[HAVING].sql, key=key, ledger=recorded(tmp_path / "d", HAVING)
    )

    strict = judge(old, plain, MODEL)
    assert (strict.verdict, strict.planned) == ("drift", False)
    assert strict.advice.startswith("`cdk-stream state record`")
    exact = judge(old, planned, MODEL)
    assert (exact.verdict, exact.planned, exact.advice) == ("pinned", True, "")


@pytest.mark.parametrize("stale", ["old", "new"])
def test_a_plan_of_another_query_counts_for_nothing(stale: str, tmp_path: Path) -> None:
    filtered = UPGRADES["count: a filter"].sql
    key = ("customer_id",)
    right = recorded(tmp_path / "a", "count"), recorded(tmp_path / "b", "count: a filter", "count")
    wrong = recorded(tmp_path / "c", "tumble", "count")
    old = shop(
        tmp_path / "d", BASES["count"].sql, key=key, ledger=wrong if stale == "old" else right[0]
    )
    new = shop(tmp_path / "e", filtered, key=key, ledger=wrong if stale == "new" else right[1])

    change = judge(old, new, MODEL)

    assert (change.verdict, change.planned) == ("drift", False)


def test_what_no_plan_shows_is_asked_all_the_same(tmp_path: Path) -> None:
    sql, key = BASES["count"].sql, ("customer_id",)
    moved = {"payments": {"topic": "paid"}}
    first = shop(tmp_path / "a", sql, key=key)
    second = shop(tmp_path / "b", sql, key=key, sources=moved)
    ledgers = [
        write_entry("result", Entry(found.digest, signed("count")))
        for found in (outline(first, MODEL), outline(second, MODEL))
        if found is not None
    ]
    old = shop(tmp_path / "c", sql, key=key, ledger=ledgers[0])
    new = shop(tmp_path / "d", sql, key=key, sources=moved, ledger=ledgers[1])

    change = judge(old, new, MODEL)

    assert (change.verdict, change.planned) == ("drift", True)
    assert "it goes on reading 'payments'" in change.findings[0].message
