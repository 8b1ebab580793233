"""Expected rows against those that came, whatever they are."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.run.compare import Comparison, close

COLUMNS = {"id": "STRING", "cents": "BIGINT", "rate": "DOUBLE"}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from([0.5, 1.5]),
    ),
    max_size=6,
)


def comparison(*, ordered: bool, key: tuple[str, ...] = ()) -> Comparison:
    return Comparison(COLUMNS, key, ordered=ordered, tolerance=0)


@given(ROWS, ROWS, st.booleans())
def test_a_difference_accounts_for_every_row(
    expected: list[tuple[object, ...]], came: list[tuple[object, ...]], keyed: bool
) -> None:
    key = ("id",) if keyed else ()
    for ordered in (False, True):
        found = comparison(ordered=ordered, key=key).difference(expected, came)
        same = expected == came if ordered else Counter(expected) == Counter(came)
        assert (not found.lines) == same
        if not same:
            ours = [tuple(one.cells.values()) for one in found.lines if one.mark in "=-"]
            theirs = [tuple(one.cells.values()) for one in found.lines if one.mark in "=+"]
            assert Counter(ours) == Counter(expected) and Counter(theirs) == Counter(came)
            assert found.missing + found.differing == sum(one.mark == "-" for one in found.lines)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_matters_only_when_it_is_asked_for(
    both: tuple[list[tuple[object, ...]], list[tuple[object, ...]]],
) -> None:
    assert not comparison(ordered=False).difference(*both).lines
    assert bool(comparison(ordered=True).difference(*both).lines) == (both[0] != both[1])


def test_numbers_are_close_within_the_tolerance() -> None:
    assert close(0.1 + 0.2, 0.3, 0) and not close(0.3001, 0.3, 0)
    assert close(0.3001, 0.3, 0.001) and close(Decimal("1.05"), Decimal(1), 0.1)
    assert close((1, ({"a": 0.1 + 0.2},)), (1, ({"a": 0.3},)), 0)
    assert close(float("nan"), float("nan"), 0)
    assert not close(1, 2, 0) and not close(None, 0, 1) and not close(True, 2, 1)
