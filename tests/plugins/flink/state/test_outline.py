from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.results.state import WORSE, StateChange
from cdk_stream_flink.state.judge import judge
from tests.plugins.flink.state.pairs import COUNT, DRIFTING, HARMLESS, TWICE, UNSURE
from tests.plugins.flink.state.shop import MODEL, shop
from tests.plugins.flink.state.upgrades import BASES, UPGRADES

# Only a plan can tell these from what they may be as well.
STRICTER = {"count: beside other rows"}
DECISIVE = WORSE["drift"]


def judged(name: str, folder: Path) -> StateChange:
    upgrade = UPGRADES[name]
    base = BASES[upgrade.base]
    old = shop(folder / "old", base.sql, base.ttl, key=base.key)
    new = shop(folder / "new", upgrade.sql, upgrade.ttl, key=upgrade.key or base.key)
    return judge(old, new, MODEL)


@pytest.mark.parametrize("name", UPGRADES)
def test_without_a_plan_nothing_that_drifts_passes(name: str, tmp_path: Path) -> None:
    change = judged(name, tmp_path)

    needed = WORSE[UPGRADES[name].verdict] >= DECISIVE
    assert (WORSE[change.verdict] >= DECISIVE) is (needed or name in STRICTER)
    assert change.planned is False


@pytest.mark.parametrize("name", UPGRADES)
def test_refusal_is_foretold_only_where_it_comes(name: str, tmp_path: Path) -> None:
    if judged(name, tmp_path).verdict == "incompatible":
        assert UPGRADES[name].verdict == "incompatible"


def compared(folder: Path, old: str, new: str, **model: object) -> str:
    key = {"key": ["customer_id"]}
    before = shop(folder / "old", old, **{**key, **model})  # type: ignore[arg-type]
    after = shop(folder / "new", new, **{**key, **model})  # type: ignore[arg-type]
    return judge(before, after, MODEL).verdict


@pytest.mark.parametrize(
    ("old", "new"),
    HARMLESS,
)
def test_harmless(old: str, new: str, tmp_path: Path) -> None:
    key = ["customer_id", "status"] if old == TWICE else []
    if old == COUNT:
        key = ["customer_id"]
    assert compared(tmp_path, old, new, key=key) == "safe"


@pytest.mark.parametrize(
    ("old", "new"),
    [*DRIFTING, *UNSURE],
)
def test_drifting(old: str, new: str, tmp_path: Path) -> None:
    key: list[str] = []
    if old == COUNT or old.startswith(TWICE[:30]):
        key = ["customer_id"] if old == COUNT else ["customer_id", "status"]
    assert WORSE[compared(tmp_path, old, new, key=key)] >= DECISIVE  # type: ignore[index]


def test_rows_that_are_replaced_by_another_key_are_kept_by_the_sink(tmp_path: Path) -> None:
    scaled = COUNT.replace("COUNT(*)", "COUNT(*) * 2")

    assert compared(tmp_path / "own", COUNT, scaled) == "safe"
    assert compared(tmp_path / "other", COUNT, scaled, key=["n"]) == "drift"


SCORED = "SELECT SCORE(customer_id) AS c, COUNT(*) AS n FROM payments GROUP BY SCORE(customer_id)"


def score(class_: str) -> dict[str, object]:
    return {"SCORE": {"returns": "INT", "class": class_}}


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ({"sources": {"payments": {"topic": "paid"}}}, "drift", "it goes on reading 'payments'"),
        ({"functions": score("B")}, "drift", "it is another one now"),
        ({"flink": {"properties": {"pipeline.max-parallelism": "64"}}}, "incompatible", "split"),
        ({"flink": {"properties": {"table.exec.mini-batch.enabled": "true"}}}, "drift", "settings"),
        ({"flink": {"properties": {"rest.retry.max-attempts": "3"}}}, "safe", ""),
        ({"parallelism": 2}, "safe", ""),
        ({"description": "scores"}, "safe", ""),
    ],
)
def test_what_is_around_the_query(
    change: dict[str, object], verdict: str, words: str, tmp_path: Path
) -> None:
    same: dict[str, object] = {"key": ["c"], "functions": score("A")}
    old = shop(tmp_path / "old", SCORED, **same)  # type: ignore[arg-type]
    new = shop(tmp_path / "new", SCORED, **{**same, **change})  # type: ignore[arg-type]

    found = judge(old, new, MODEL)

    assert found.verdict == verdict
    assert words in " ".join(finding.message for finding in found.findings)


def test_a_stateless_job_has_only_its_place_in_the_topic_to_lose(tmp_path: Path) -> None:
    sql = "SELECT payment_id, amount FROM payments WHERE status = 1"
    assert compared(tmp_path / "a", sql, sql.replace("1", "2"), key=["payment_id"]) == "safe"

    moved = {"payments": {"topic": "paid"}}
    old, new = shop(tmp_path / "old", sql), shop(tmp_path / "new", sql, sources=moved)
    assert judge(old, new, MODEL).verdict == "drift"


def test_a_column_that_changes_its_type_is_refused(tmp_path: Path) -> None:
    wide = [
        {"name": "customer_id", "type": "BIGINT"},
        {"name": "event_time", "type": "TIMESTAMP(3)"},
    ]
    old = shop(tmp_path / "old", COUNT, key=["customer_id"])
    new = shop(
        tmp_path / "new", COUNT, key=["customer_id"], sources={"payments": {"columns": wide}}
    )

    (finding,) = judge(old, new, MODEL).findings

    assert finding == (
        "incompatible",
        "GROUP BY",
        "'payments.customer_id' is BIGINT, it was INT: Flink refuses state of another type",
    )


def test_a_column_that_nothing_reads_is_nobodys_state(tmp_path: Path) -> None:
    columns = [
        {"name": "customer_id", "type": "INT"},
        {"name": "note", "type": "STRING"},
        {"name": "event_time", "type": "TIMESTAMP(3) NOT NULL"},
    ]
    old = shop(tmp_path / "old", COUNT, key=["customer_id"])
    new = shop(
        tmp_path / "new", COUNT, key=["customer_id"], sources={"payments": {"columns": columns}}
    )

    assert judge(old, new, MODEL).findings == ()


STAR = "SELECT * FROM payments AS p JOIN customers AS c ON p.customer_id = c.customer_id"
NAMED = STAR.replace("*", "p.payment_id, p.status, p.customer_id, c.risk")


def columns(*names: str) -> dict[str, object]:
    types = {**dict.fromkeys(names, "INT"), "event_time": "TIMESTAMP(3) NOT NULL"}
    return {"columns": [{"name": name, "type": type_} for name, type_ in types.items()]}


@pytest.mark.parametrize(
    ("sql", "old", "new", "verdict"),
    [
        (STAR, "payment_id customer_id", "payment_id customer_id note", "incompatible"),
        (STAR, "payment_id customer_id", "customer_id payment_id", "drift"),
        (NAMED, "payment_id customer_id status", "payment_id status customer_id", "drift"),
        (NAMED, "payment_id customer_id status", "payment_id customer_id status note", "safe"),
        (COUNT, "payment_id customer_id status", "payment_id status customer_id", "safe"),
    ],
)
def test_a_join_keeps_columns_in_the_order_of_its_inputs(
    sql: str, old: str, new: str, verdict: str, tmp_path: Path
) -> None:
    key = ["customer_id"] if sql == COUNT else []
    sql = sql.replace("*", "p.*, c.risk") if sql == STAR else sql
    base = shop(tmp_path / "a", sql, key=key, sources={"payments": columns(*old.split())})
    head = shop(tmp_path / "b", sql, key=key, sources={"payments": columns(*new.split())})

    assert judge(base, head, MODEL).verdict == verdict
