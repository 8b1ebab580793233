"""The benchmark's shape as a SQLMesh project."""

from __future__ import annotations

from pathlib import Path

from shape import GROUP, OWNERS, TYPES, Node, nodes, source_name, sources
from statements import DUCKDB, statement

CONFIG = """gateways:
  local:
    connection: { type: duckdb, database: ":memory:" }
default_gateway: local
model_defaults: { dialect: duckdb, start: "2024-01-01" }
disable_anonymized_analytics: true
"""
MODEL = """MODEL (
  name bench.{name},
  kind VIEW,
  owner team_{owner},
  description '{kind} number {number}',
  tags (kind_{kind}, domain_{domain}),
  grain {key}{audits}
);

"""
AUDITS = ",\n  audits (not_null(columns := ({key})), unique_values(columns := ({key})){more})"
MORE = (
    ", not_null(columns := ({second}))"
    ", accepted_values(column := {listed}, is_in := ('AUTHORIZED', 'CAPTURED', 'EUR'))"
)
TYPE_NAMES = {"STRING": "text", "BIGINT": "bigint", "DOUBLE": "double", "TIMESTAMP(3)": "timestamp"}


def write_project(models: int, target: Path, governed: bool = False) -> None:
    """Write a SQLMesh project of `models` models under `target`; it has no exposures to write."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "config.yaml").write_text(CONFIG)
    external = "".join(_external(number) for number in range(sources(models)))
    (target / "external_models.yaml").write_text(external)
    for node in nodes(models):
        _write_model(target, node, governed)


def _external(number: int) -> str:
    columns = "".join(f"    {column}: {TYPE_NAMES[type_]}\n" for column, type_ in TYPES.items())
    return f"- name: raw.{source_name(number)}\n  columns:\n{columns}"


def _write_model(target: Path, node: Node, governed: bool) -> None:
    folder = target / "models" / f"domain_{node.group // GROUP:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    schema = "raw" if node.reads_source else "bench"
    inputs = tuple(f"{schema}.{name}" for name in node.inputs)
    more = MORE.format(second=node.second, listed=node.listed) if governed else ""
    head = MODEL.format(
        name=node.name,
        kind=node.kind,
        number=node.number,
        owner=node.group % OWNERS,
        domain=node.group // GROUP,
        key=node.key,
        audits=AUDITS.format(key=node.key, more=more) if node.tested(governed) else "",
    )
    (folder / f"{node.name}.sql").write_text(head + statement(node, inputs, DUCKDB))
