"""A mistake is told once, where it was made; not again by everything that reads what it spoilt."""

from __future__ import annotations

import pytest

from cdk_stream.problems import Refused, Severity
from cdk_stream.workflow.compile import compile_tree
from tests.core.compiler.test_reuse import Held

FILES = {
    "stream_project.yml": """
name: shop
default_cluster: eu
clusters:
  eu:
    kafka: {bootstrap_servers: "k:9092"}
    flink: {sql_gateway: "http://f:8083"}
""",
    "sources/a.yml": """
sources:
  - name: orders
    columns:
      - {name: id, type: STRING}
      - {name: amount, type: BIGINT}
""",
    "models/a.yml": """
models:
  - name: paid
    sql: SELECT id, amount FROM {{ source("orders") }} WHERE amount > 0
  - name: sums
    sql: SELECT id, SUM(amount) AS total FROM {{ ref("paid") }} GROUP BY id
""",
    "tests/a.yml": """
tests:
  - name: paid_quality
    model: paid
    assertions:
      - not_null: {column: id}
""",
    "exposures/a.yml": """
exposures:
  - {name: app, type: application, owner: us, depends_on: [ref("sums")]}
""",
}


def errors(path: str, old: str, new: str) -> list[str]:
    """`path:line code` of each error, once `old` is `new` in a file."""
    assert old in FILES[path]
    held = Held(FILES | {path: FILES[path].replace(old, new)})
    try:
        problems = compile_tree(held).compilation.problems
    except Refused as refused:
        problems = refused.problems
    return [
        f"{problem.location.path}:{problem.location.line} {problem.code}"
        for problem in problems
        if problem.severity is Severity.ERROR
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("sources/a.yml", "columns:", "colums:", ["sources/a.yml:4 CS111"]),
        ("sources/a.yml", "sources:", "source:", ["sources/a.yml:2 CS111"]),
        ("sources/a.yml", "    columns:", "\tcolumns:", ["sources/a.yml:4 CS101"]),
        ("sources/a.yml", "BIGINT", "BIGINTT", ["sources/a.yml:6 CS445"]),
        ("models/a.yml", "name: paid\n", "name: paid\n    ower: us\n", ["models/a.yml:4 CS111"]),
        ("models/a.yml", "id, amount FROM", "id, FROM", ["models/a.yml:4 CS423"]),
        ("models/a.yml", 'source("orders")', 'source("order")', ["models/a.yml:4 CS301"]),
        ("tests/a.yml", "model: paid", "model: pade", ["tests/a.yml:4 CS301"]),
        ("stream_project.yml", "cluster: eu", "cluster: us", ["stream_project.yml:3 CS302"]),
        ("stream_project.yml", "clusters:", "clustrs:", ["stream_project.yml:4 CS111"]),
        ("models/a.yml", 'ref("paid")', 'ref("pade")', ["models/a.yml:6 CS301"]),
    ],
)
def test_one_mistake_is_one_error(path: str, old: str, new: str, told: list[str]) -> None:
    assert errors(path, old, new) == told


def test_another_mistake_is_told_beside_it() -> None:
    spoilt = FILES["models/a.yml"] + '  - name: other\n    sql: SELECT id FROM {{ ref("nope") }}\n'
    assert errors(
        "models/a.yml", FILES["models/a.yml"], spoilt.replace("paid\n", "paid\n    a: 1\n", 1)
    ) == [
        "models/a.yml:4 CS111",
        "models/a.yml:9 CS301",
    ]


def test_nothing_is_wrong_without_a_mistake() -> None:
    assert errors("tests/a.yml", "paid_quality", "quality") == []
