"""A column put back into a query, as text."""

from __future__ import annotations

import pytest

from cdk_stream.stages.advise.projection import with_projections

NEW = "SELECT a FROM {{ ref('x') }} WHERE a > 1"


@pytest.mark.parametrize(
    ("old", "columns", "kept"),
    [
        ("SELECT a, b FROM {{ ref('x') }}", ["b"], "b"),
        ("select a, f(b, c) as d FROM {{ ref('x') }}", ["d"], "f(b, c) as d"),
        ("SELECT a, 'FROM y,' AS `d`, c FROM {{ ref('x') }} WHERE c", ["d"], "'FROM y,' AS `d`"),
        ("SELECT a, (SELECT 1 FROM z) d -- , e\nFROM {{ ref('x') }}", ["d"], "(SELECT 1 FROM z) d"),
        ("SELECT a, x.b FROM\n {{ ref('x') }}", ["b"], "x.b"),
    ],
)  # fmt: skip
def test_is_selected_as_before(old: str, columns: list[str], kept: str) -> None:
    assert with_projections(old, NEW, columns) == (
        f"SELECT\n  a,\n  {kept}\nFROM {{{{ ref('x') }}}} WHERE a > 1"
    )


@pytest.mark.parametrize(
    "old",
    [
        "SELECT a, b FROM {{ ref('y') }}",
        "SELECT a, b FROM {{ ref('x') }} AS x",
        "SELECT a, MAX(b) AS b FROM {{ ref('x') }} GROUP BY a",
        "SELECT DISTINCT a, b FROM {{ ref('x') }}",
        "SELECT a, b FROM {{ ref('x') }} UNION ALL SELECT a, b FROM {{ ref('x') }}",
        "WITH y AS (SELECT 1) SELECT a, b FROM {{ ref('x') }}",
        "SELECT * FROM {{ ref('x') }}",
        "SELECT a, b AS c FROM {{ ref('x') }}",
        "b",
        "",
    ],
)
def test_what_is_not_plain_is_left_alone(old: str) -> None:
    assert with_projections(old, NEW, ["b"]) is None


def test_columns_stand_where_they_stood() -> None:
    old = "SELECT z, a, b, c FROM {{ ref('x') }}"
    new = "SELECT a, c, d FROM {{ ref('x') }}"
    assert with_projections(old, new, ["b", "z"]) == (
        "SELECT\n  z,\n  a,\n  b,\n  c,\n  d\nFROM {{ ref('x') }}"
    )
