from __future__ import annotations

from typing import get_args

import pytest

from cdk_stream.results.relation import EdgeKind
from cdk_stream.sql.resolve.value import STEPS, Value, add, merged

CARD = ("source.payments", "card")
KINDS: tuple[EdgeKind, ...] = get_args(EdgeKind)


def _made(kind: EdgeKind) -> Value:
    return Value("STRING", True, {CARD: kind}, "x")


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        (("identity", "transformation"), "identity"),
        (("transformation", "aggregation"), "transformation"),
        (("mask", "identity"), "identity"),
        (("count", "mask"), "mask"),
        (("conditional", "transformation"), "transformation"),
        (("conditional", "mask"), "transformation"),
        (("conditional", "count"), "transformation"),
    ],
)
def test_of_two_ways_the_more_revealing_is_told(
    ways: tuple[EdgeKind, EdgeKind], told: EdgeKind
) -> None:
    for one, other in (ways, ways[::-1]):
        edges = dict(_made(one).edges)
        add(edges, _made(other).edges)
        assert edges == {CARD: told}
        assert merged("identity", (_made(one), _made(other))) == {CARD: told}


@pytest.mark.parametrize("outer", KINDS)
def test_a_mask_is_only_left_by_a_count(outer: EdgeKind) -> None:
    assert STEPS[outer]["mask"] == ("count" if outer == "count" else "mask")


@pytest.mark.parametrize("outer", ["transformation", "aggregation", "conditional"])
def test_what_is_done_to_a_plain_value_shows(outer: EdgeKind) -> None:
    assert STEPS[outer]["identity"] == outer
    assert STEPS["identity"][outer] == outer
