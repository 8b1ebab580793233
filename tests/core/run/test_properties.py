"""What holds of any rows, in whatever order they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.results.relation import Field, Relation
from cdk_stream.run.changes import arrived, table
from cdk_stream.run.model import Input, Ran, Running
from cdk_stream.run.rows import Record

LEFT = Relation({"k": Field("INT"), "v": Field("INT"), "at": Field("TIMESTAMP(3)")}, "at")
RIGHT = Relation({"k": Field("INT"), "w": Field("INT")}, key=("k",), changelog="retract")
NAMED = {("source", "l"): "source.l", ("source", "r"): "source.r"}
KEYS = st.one_of(st.none(), st.integers(0, 3))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "k": KEYS,
            "v": st.integers(-9, 9),
            "at": st.integers(0, 60_000).map(lambda at: at + 10**12),
        }
    ),
    max_size=25,
)
VERSIONS = st.lists(
    st.fixed_dictionaries({"k": st.integers(0, 3), "w": st.integers(0, 9)}), max_size=15
)


def ran(sql: str, left: list[Record], right: list[Record]) -> Ran:
    inputs: Mapping[str, Input] = {
        "source.l": Input(LEFT, 5000, arrived(LEFT, left)),
        "source.r": Input(RIGHT, 0, arrived(RIGHT, right)),
    }
    text = sql.replace("$l", '{{ source("l") }}').replace("$r", '{{ source("r") }}')
    return Running(text, NAMED, inputs, {}, {}, {}).run()


def known(right: list[Record]) -> dict[int, int]:
    """The newest version of each key."""
    return {row["k"]: row["w"] for row in right}


@given(ROWS)
def test_each_row_is_in_its_window_or_late(rows: list[Record]) -> None:
    sql = """SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE $l, DESCRIPTOR(at),
      INTERVAL '7' SECOND)) GROUP BY window_start, window_end"""
    made = ran(sql, rows, [])
    windows = table(made.changes)
    assert sum(row[1] for row in windows) + made.late == len(rows)
    assert len({row[0] for row in windows}) == len(windows)


@given(ROWS)
def test_groups_end_as_if_all_rows_had_come_at_once(rows: list[Record]) -> None:
    made = ran("SELECT k, COUNT(*) AS n, SUM(v) AS s, MAX(v) AS m FROM $l GROUP BY k", rows, [])
    found: dict[int | None, list[int]] = {}
    for row in rows:
        found.setdefault(row["k"], []).append(row["v"])
    expected = {(k, len(vs), sum(vs), max(vs)) for k, vs in found.items()}
    assert set(table(made.changes)) == expected


@given(ROWS, VERSIONS)
def test_a_join_ends_with_the_newest_versions(left: list[Record], right: list[Record]) -> None:
    sql = "SELECT l.v, r.w FROM $l AS l LEFT JOIN $r AS r ON l.k = r.k"
    newest = known(right)
    expected = Counter((row["v"], newest.get(row["k"])) for row in left)
    assert Counter(table(ran(sql, left, right).changes)) == expected


@given(ROWS, VERSIONS)
def test_a_full_join_leaves_nobody_out(left: list[Record], right: list[Record]) -> None:
    sql = "SELECT l.v, r.w FROM $l AS l FULL JOIN $r AS r ON l.k = r.k AND l.v < r.w"
    newest = known(right)
    met = [(row, k) for row in left for k, w in newest.items() if row["k"] == k and row["v"] < w]
    expected: Counter[tuple[object, object]] = Counter((row["v"], newest[k]) for row, k in met)
    alone = [row for row in left if all(row is not one for one, _ in met)]
    expected.update((row["v"], None) for row in alone)
    expected.update((None, w) for k, w in newest.items() if all(k != one for _, one in met))
    assert Counter(table(ran(sql, left, right).changes)) == expected


@given(ROWS, VERSIONS)
def test_exists_and_not_exists_share_the_rows(left: list[Record], right: list[Record]) -> None:
    inner = "(SELECT 1 FROM $r AS r WHERE r.k = l.k AND r.w > 4)"
    kept = ran(f"SELECT v FROM $l AS l WHERE EXISTS {inner}", left, right)
    rest = ran(f"SELECT v FROM $l AS l WHERE NOT EXISTS {inner}", left, right)
    both = Counter(table(kept.changes)) + Counter(table(rest.changes))
    assert both == Counter((row["v"],) for row in left)
    newest = known(right)
    assert Counter(table(kept.changes)) == Counter(
        (row["v"],) for row in left if newest.get(row["k"], 0) > 4
    )


@given(VERSIONS)
def test_what_was_sent_never_takes_back_what_is_not_there(right: list[Record]) -> None:
    sql = "SELECT w, COUNT(*) AS n FROM $r GROUP BY w"
    there: Counter[tuple[object, ...]] = Counter()
    for row, sign, _ in ran(sql, [], right).changes:
        there[row] += sign
        assert there[row] in (0, 1)
    assert set(there.elements()) == {(w, n) for w, n in Counter(known(right).values()).items()}
