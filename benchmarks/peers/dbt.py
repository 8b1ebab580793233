"""The benchmark's shape as a dbt project."""

from __future__ import annotations

from pathlib import Path

from shape import (
    CLASSES,
    GROUP,
    JOIN,
    OWNERS,
    TYPES,
    Node,
    exposures,
    model_name,
    nodes,
    source_name,
    sources,
)
from statements import DUCKDB, statement

PROJECT = """name: benchmark
version: "1.0"
profile: benchmark
model-paths: [models]
flags: { send_anonymous_usage_stats: false }
models:
  +materialized: view
"""
PROFILES = """benchmark:
  target: dev
  outputs:
    dev: { type: duckdb, path: bench.duckdb, schema: main, threads: 1 }
"""
SOURCE = """version: 2
sources:
  - name: {name}
    tables:
      - name: events
        description: Payment events of shard {number}
        config: {{ meta: {{ owner: team-{owner} }} }}
        columns:
{columns}
"""
MODEL = """version: 2
models:
  - name: {name}
    description: {kind} number {number}
    config:
      materialized: view
      tags: [{kind}]
      meta: {{ owner: team-{owner}, domain: domain_{domain} }}
"""
CONTRACT = """      contract: { enforced: true }
"""
TYPE_NAMES = {"STRING": "text", "BIGINT": "bigint", "DOUBLE": "double", "TIMESTAMP(3)": "timestamp"}
EXPOSURE = """version: 2
exposures:
  - name: app_{number:04d}
    type: application
    description: Reads what group {group} joins
    url: https://git.internal/app/{number}
    owner: {{ name: team-{owner}, email: team-{owner}@example.com }}
    depends_on:
      - {depends_on}
"""


def write_project(models: int, target: Path, governed: bool = False) -> None:
    """Write a dbt project of `models` models under `target`."""
    for folder in ("models/sources", "models/exposures"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    (target / "dbt_project.yml").write_text(PROJECT)
    (target / "profiles.yml").write_text(PROFILES)
    for number in range(sources(models)):
        _write_source(target, number)
    for node in nodes(models):
        _write_model(target, node, governed)
    for number in range(exposures(models)):
        _write_exposure(target, number, models)


def _write_source(target: Path, number: int) -> None:
    name = source_name(number)
    columns = "\n".join(
        f"          - {{ name: {column}, description: The {column},"
        f" config: {{ meta: {{ classification: {level} }} }} }}"
        for column, level in CLASSES.items()
    )
    text = SOURCE.format(name=name, number=number, owner=number % OWNERS, columns=columns)
    (target / "models" / "sources" / f"{name}.yml").write_text(text)


def _write_model(target: Path, node: Node, governed: bool) -> None:
    folder = target / "models" / f"domain_{node.group // GROUP:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    if node.reads_source:
        inputs = tuple(f"{{{{ source('{name}', 'events') }}}}" for name in node.inputs)
    else:
        inputs = tuple(f"{{{{ ref('{name}') }}}}" for name in node.inputs)
    (folder / f"{node.name}.sql").write_text(statement(node, inputs, DUCKDB))
    text = MODEL.format(
        name=node.name,
        kind=node.kind,
        number=node.number,
        owner=node.group % OWNERS,
        domain=node.group // GROUP,
    )
    columns = "".join(_column(node, column, governed) for column in node.columns)
    if columns:
        text += f"{CONTRACT * governed}    columns:\n{columns}"
    (folder / f"{node.name}.yml").write_text(text)


def _column(node: Node, column: str, governed: bool) -> str:
    """A column that must be written down: a contract needs all of them, with their types."""
    tests = []
    if node.tested(governed) and column == node.key:
        tests = ["not_null", "unique"]
    elif governed and column == node.second:
        tests = ["not_null"]
    elif governed and column == node.listed:
        tests = ["accepted_values: { arguments: { values: [AUTHORIZED, CAPTURED, EUR] } }"]
    if not tests and not governed:
        return ""
    text = f"      - name: {column}\n"
    if governed:
        text += f"        data_type: {TYPE_NAMES[TYPES.get(column, 'STRING')]}\n"
    if tests:
        text += "        data_tests:\n" + "".join(f"          - {test}\n" for test in tests)
    return text


def _write_exposure(target: Path, number: int, models: int) -> None:
    group = 2 * number
    model = model_name(min(group * GROUP + JOIN, models - 1))
    producer = number % 4 == 3
    text = EXPOSURE.format(
        number=number,
        group=group,
        owner=number % OWNERS,
        depends_on=f"source('{source_name(number)}', 'events')" if producer else f"ref('{model}')",
    )
    (target / "models" / "exposures" / f"app_{number:04d}.yml").write_text(text)
