"""Where a statement ends."""

from __future__ import annotations

import pytest

from cdk_stream_flink.statement import split_statements


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        (" ;\n; ", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SET 'a' = 'b';\nSELECT 1;\n", ["SET 'a' = 'b'", "SELECT 1"]),
        ("SELECT 'a;b';SELECT 'it''s;';", ["SELECT 'a;b'", "SELECT 'it''s;'"]),
        ("SELECT `a;b` FROM t;", ["SELECT `a;b` FROM t"]),
        ("SELECT 1 -- one; it's\n;SELECT 2", ["SELECT 1 -- one; it's", "SELECT 2"]),
        ("SELECT /*+ x('a;b') ; */ 1;", ["SELECT /*+ x('a;b') ; */ 1"]),
        ("SELECT 1 - 2 / 3;", ["SELECT 1 - 2 / 3"]),
    ],
)
def test_a_script_is_split_outside_quotes_and_comments(script: str, statements: list[str]) -> None:
    assert split_statements(script) == statements
