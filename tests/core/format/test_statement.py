"""SQL laid out: the same tokens and comments, and twice as good as once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.format.statement import layout, substance
from cdk_stream.sql.grammar.lexer import SqlError

LAID_OUT = {
    "each clause has a line": (
        "select a, b from t where a > 1 group by a, b having b = 2 order by a limit 3",
        "SELECT a, b\nFROM t\nWHERE a > 1\nGROUP BY a, b\nHAVING b = 2\nORDER BY a\nLIMIT 3",
    ),
    "breaks within a clause are the author's": (
        "SELECT\n a,\n      b FROM t\nWHERE a\nAND b",
        "SELECT\n  a,\n  b\nFROM t\nWHERE a\n  AND b",
    ),
    "a query in brackets is indented": (
        "SELECT a FROM t WHERE a IN (SELECT b FROM u)",
        "SELECT a\nFROM t\nWHERE a IN (\n  SELECT b\n  FROM u\n)",
    ),
    "named queries": (
        "with a as (select 1 from t),\nb as (select 2 from u) select * from a union all table b",
        "WITH a AS (\n  SELECT 1\n  FROM t\n),\nb AS (\n  SELECT 2\n  FROM u\n)\n"
        "SELECT *\nFROM a\nUNION ALL TABLE b",
    ),
    "joins": (
        "SELECT * FROM t left outer join u on t.a=u.a cross join v JOIN w USING (a)",
        "SELECT *\nFROM t\nLEFT OUTER JOIN u ON t.a = u.a\nCROSS JOIN v\nJOIN w USING (a)",
    ),
    "functions are not joins": ("SELECT LEFT(a, 1) FROM t", "SELECT LEFT(a, 1)\nFROM t"),
    "clauses of functions stay in line": (
        "SELECT count(*) filter (where a > 1), EXTRACT(DAY FROM b),"
        " SUM(a) OVER (partition by b order by c) FROM t",
        "SELECT count(*) FILTER (WHERE a > 1), EXTRACT(DAY FROM b),"
        " SUM(a) OVER (PARTITION BY b ORDER BY c)\nFROM t",
    ),
    "distinct from is a comparison": (
        "SELECT a FROM t WHERE a IS NOT DISTINCT FROM b",
        "SELECT a\nFROM t\nWHERE a IS NOT DISTINCT FROM b",
    ),
    "cases": (
        "SELECT case\nwhen a then 1\nelse 2\nend AS x\nFROM t",
        "SELECT CASE\n  WHEN a THEN 1\n  ELSE 2\nEND AS x\nFROM t",
    ),
    "patterns": (
        "SELECT * FROM t MATCH_RECOGNIZE (\nPARTITION BY a\nMEASURES A.x AS y,\nB.x AS z\n"
        "PATTERN (A B{2,})\n)",
        "SELECT *\nFROM t MATCH_RECOGNIZE (\n  PARTITION BY a\n  MEASURES A.x AS y,\n    B.x AS z\n"
        "  PATTERN (A B{2,})\n)",
    ),
    "comments stay where they were": (
        "-- why\nSELECT a -- the key\n, b /* two\n  lines */ FROM t -- end",
        "-- why\nSELECT a -- the key\n  , b /* two\n  lines */\nFROM t -- end",
    ),
    "text, names and templates stay as written": (
        "select 'select  ''from''', `order  by`, {{ ref( \"x\" ) }}.Select, Mixed from t",
        "SELECT 'select  ''from''', `order  by`, {{ ref( \"x\" ) }}.Select, Mixed\nFROM t",
    ),
    "one blank line at most": (
        "\n\nSELECT a\n\n\n\n-- more\nFROM t\n\n",
        "SELECT a\n\n-- more\nFROM t",
    ),
}


@pytest.mark.parametrize(("sql", "expected"), LAID_OUT.values(), ids=LAID_OUT)
def test_it_is_laid_out(sql: str, expected: str) -> None:
    assert layout(sql) == expected
    assert layout(expected) == expected


def test_what_is_no_sql_is_refused() -> None:
    with pytest.raises(SqlError):
        layout("SELECT 'never closed")


_PIECES = [
    *("select", "from", "where", "group by", "order by", "having", "union", "all", "intersect"),
    *("with", "as", "join", "left", "right", "outer", "cross", "lateral", "on", "and", "or", "not"),
    *("in", "is", "distinct", "null", "case", "when", "then", "else", "end", "over", "interval"),
    *("partition by", "filter", "match_recognize", "measures", "define", "limit", "{", "}", "||"),
    *("a", "b", "t1", "Mixed", "`quo`", "'it''s'", "12", "1.5", "=", "<>", "<=", ">", "*", "+"),
    *("-", "(", ")", "[", "]", ",", ".", "=>", '{{ ref("x") }}', "--note\n", "/*c*/"),
    *("/*two\nlines*/", "/*+ OPTIONS */"),
]
_GAPS = st.sampled_from([" ", "  ", "\n", "\n\n\n", "\n    ", " \t"])


@given(st.lists(st.tuples(st.sampled_from(_PIECES), _GAPS), max_size=40))
def test_whatever_it_says_stays_and_twice_is_once(parts: list[tuple[str, str]]) -> None:
    sql = "".join(piece + gap for piece, gap in parts)
    told = layout(sql)
    assert substance(told) == substance(sql)
    assert layout(told) == told
    assert not any(line != line.rstrip() for line in told.split("\n") if "/*" not in told)
