"""What the fuzz found once, kept as it was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.problems import Refused
from cdk_stream.workflow.compile import compile_tree
from tests.fuzz.tree import MemoryTree, read_project

FRAUD = read_project(Path(__file__).parents[2] / "examples" / "fraud")
CLEAN = "models/card_payments_clean.yml"
SINK = "models/fraud_events_warehouse.yml"
SCHEMA = "schemas/payments.raw.v1.json"


def _problems(path: str, old: str, new: str) -> list[str]:
    text = FRAUD[path].decode()
    assert old in text
    files = FRAUD | {path: text.replace(old, new, 1).encode()}
    try:
        problems = compile_tree(MemoryTree(files)).compilation.problems
    except Refused as refused:
        problems = refused.problems
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (SCHEMA, '"required": [', '"required": [{}, ["a"], '),
        (SCHEMA, '{"type": "integer"}', '{"type": [["integer"], "null"]}'),
        (SCHEMA, '"enum": [', '"type": null, "enum": 7, "examples": ['),
        (SINK, "insert_mode: APPEND", "key_columns: [[payment_id], {a: 1}]"),
        ("models/card_payments_fraud_events.yml", "key: payment_id", "key: nothing"),
        ("stream_project.yml", 'watermark: "5 seconds"', f'watermark: "{"9" * 400} seconds"'),
    ],
)
def test_it_is_told_or_taken_but_not_raised(path: str, old: str, new: str) -> None:
    assert all(": CS" in problem for problem in _problems(path, old, new))


def test_a_position_in_quoted_sql_stays_in_its_file() -> None:
    text = FRAUD[CLEAN].decode()
    body = text[text.index("|\n") : text.index("    contract:")]
    told = _problems(CLEAN, body, '"SELECT a\\nFROM\\nWHERE\\n\\n\\n\\n\\n\\n\\n\\nx"\n')
    place = text[: text.index("sql: |")].count("\n") + 1
    assert any(problem.startswith(f"{CLEAN}:{place}:10: CS") for problem in told), told


def test_a_message_has_one_line() -> None:
    told = _problems(CLEAN, "cluster: prod-eu", 'cluster: "prod\\neu"')
    found = [problem for problem in told if "CS113 'prod eu' is not a name" in problem]
    assert len(found) == 1
