"""Write a streaming project of any size, always the same one for the same size."""

from __future__ import annotations

import argparse
import json
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
from statements import statement

PROJECT = """name: benchmark
version: "1.0"
default_cluster: prod-eu
owners:
{owners}
  platform: {{ github: ["@acme/platform"] }}
governance:
  owners: [platform]
clusters:
  prod-eu:
    region: EU
    kafka: {{ bootstrap_servers: "kafka-eu.internal:9092" }}
    schema_registry: {{ url: "http://registry-eu.internal:8081" }}
    gateway:
      url: "http://gateway-eu.internal:8888"
      bootstrap_servers: "gateway-eu.internal:6969"
      version: "3.15"
    flink:
      sql_gateway: "http://flink-eu.internal:8083"
      jobmanager: "http://flink-eu.internal:8081"
      version: "2.2"
    connect: {{ url: "http://connect-eu.internal:8083" }}
  prod-eu-2:
    region: EU
    kafka: {{ bootstrap_servers: "kafka-eu-2.internal:9092" }}
roles:
  support: {{ group: support, service_accounts: [support-ui] }}
  risk: {{ group: risk, service_accounts: [risk-desk], purposes: [fraud_detection] }}
  ingest: {{ group: ingest, service_accounts: [payments-api] }}
kms:
  "kms://prod/bench": "vault-kms://vault.internal:8200/transit/keys/bench"
functions:
  RISK_SCORE:
    returns: DOUBLE
    class: com.acme.risk.RiskScore
    jar: "s3://acme-artifacts/risk-udf-1.0.jar"
event_time:
  columns: [event_time]
  watermark: "5 seconds"
  idle_timeout: "1 minute"
"""
SOURCE = """sources:
  - name: {name}
    description: Payment events of shard {number}
    type: kafka_topic
    cluster: prod-eu
    topic: bench.{name}.v1
    schema_ref: sr://bench.{name}.v1
    owner: team-{owner}
    key: event_id
    columns:
{columns}
"""
MODEL = """models:
  - name: {name}
    description: {kind} number {number}
    materialized: {materialized}
    cluster: prod-eu
    owner: team-{owner}
    domain: domain_{domain}
    tags: [{kind}]
    key: {key}
    from:
      {inputs}
    sql: |
      {sql}
"""
SECURITY = """    security:
      policies:
        - mask:
            column: card_number
            method: mask_all
            applied_in:
              - roles: [support]
        - allow:
            roles: [risk]
            purpose: fraud_detection
            columns: [card_number]
"""
TEST = """tests:
  - name: {model}_quality
    model: {model}
    assertions:
      - not_null: {{ column: [{key}] }}
      - unique_key: {{ key: {key}, window: "15 minutes" }}
{more}    on_failure:
      severity: error
      actions:
        - send_alert: "slack://#bench"
"""
MORE = """      - not_null: {{ column: [{second}] }}
      - allowed_values: {{ column: {listed}, values: [AUTHORIZED, CAPTURED, EUR] }}
"""
CONTRACT = """    contract: { schema: strict, compatibility: backward }
"""
CONSUMER = """exposures:
  - name: app_{number:04d}
    type: application
    description: Reads what group {group} joins
    owner: team-{owner}
    url: https://git.internal/app/{number}
    depends_on:
      - ref("{model}")
    sla: {{ max_end_to_end_latency_ms: 800, max_error_rate: 0.001 }}
    access: {{ allowed_roles: [risk], purpose: fraud_detection }}
"""
PRODUCER = """exposures:
  - name: app_{number:04d}
    type: application
    description: Writes the events of a shard
    role: producer
    owner: team-{owner}
    url: https://git.internal/app/{number}
    produces:
      - source("{source}")
    sla: {{ max_produce_latency_ms: 50, availability: "99.9%" }}
    access: {{ allowed_roles: [ingest] }}
    contracts: {{ schema: strict, versioning: backward }}
"""
JSON_TYPES = {
    "STRING": {"type": "string"},
    "BIGINT": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "TIMESTAMP(3)": {"type": "string", "format": "date-time"},
}


def write_project(models: int, target: Path, governed: bool = False) -> None:
    """Write the project of `models` models under `target`, which may exist."""
    for folder in ("schemas", "sources", "tests", "exposures"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    owners = "\n".join(f'  team-{n}: {{ github: ["@acme/team-{n}"] }}' for n in range(OWNERS))
    (target / "stream_project.yml").write_text(PROJECT.format(owners=owners))
    for number in range(sources(models)):
        _write_source(target, number)
    for node in nodes(models):
        _write_model(target, node, governed)
    for number in range(exposures(models)):
        text = _exposure(number, models)
        (target / "exposures" / f"app_{number:04d}.yml").write_text(text)


def _write_source(target: Path, number: int) -> None:
    name = source_name(number)
    columns = "\n".join(
        f"      - {{ name: {column}, classification: {level}, description: The {column} }}"
        for column, level in CLASSES.items()
    )
    text = SOURCE.format(name=name, number=number, owner=number % OWNERS, columns=columns)
    (target / "sources" / f"{name}.yml").write_text(text)
    properties = {column: JSON_TYPES[type_] for column, type_ in TYPES.items()}
    required = [column for column in TYPES if column not in ("email", "channel")]
    schema = {"title": f"bench.{name}.v1", "type": "object", "properties": properties}
    schema["required"] = required
    text = json.dumps(schema, indent=1)
    (target / "schemas" / f"bench.{name}.v1.json").write_text(text + "\n")


def _write_model(target: Path, node: Node, governed: bool) -> None:
    call = "source" if node.reads_source else "ref"
    inputs = tuple(f'{{{{ {call}("{name}") }}}}' for name in node.inputs)
    named = f"source: {node.inputs[0]}" if node.reads_source else f"models: {list(node.inputs)}"
    text = MODEL.format(
        name=node.name,
        kind=node.kind,
        number=node.number,
        materialized="virtual_topic" if node.kind == "filter" else "flink_stream",
        owner=node.group % OWNERS,
        domain=node.group // GROUP,
        key=node.key,
        inputs=named.replace("'", ""),
        sql=statement(node, inputs).rstrip().replace("\n", "\n      "),
    )
    folder = target / "models" / f"domain_{node.group // GROUP:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{node.name}.yml").write_text(
        text + SECURITY * node.reads_source + CONTRACT * governed
    )
    if node.tested(governed):
        more = MORE.format(second=node.second, listed=node.listed) if governed else ""
        test = TEST.format(model=node.name, key=node.key, more=more)
        (target / "tests" / f"{node.name}.yml").write_text(test)


def _exposure(number: int, models: int) -> str:
    group = 2 * number
    owner = number % OWNERS
    if number % 4 == 3:
        return PRODUCER.format(number=number, owner=owner, source=source_name(number))
    model = model_name(min(group * GROUP + JOIN, models - 1))
    return CONSUMER.format(number=number, group=group, owner=owner, model=model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1000, help="how many models to write")
    parser.add_argument(
        "--governed", action="store_true", help="a contract and four assertions for every model"
    )
    parser.add_argument("target", type=Path, metavar="DIR", help="the folder to write into")
    arguments = parser.parse_args()
    write_project(arguments.models, arguments.target, arguments.governed)


if __name__ == "__main__":
    main()
