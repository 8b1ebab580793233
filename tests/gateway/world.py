"""Compiled artefacts -> what each account can read with its rights, and what sinks write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.gateway.double.resolve import PASSTHROUGH, Body, Principal, every_way
from tests.gateway.files import Made
from tests.gateway.plan import GATEWAY, Plan, Row
from tests.gateway.reference.chain import NAMINGS, Chain
from tests.gateway.reference.envelope import Keys
from tests.gateway.reference.rights import Right, Rights
from tests.gateway.rows import Rows

_SMT = "org.apache.kafka.connect.transforms."


class Sight(NamedTuple):
    """Something that somebody can read, and how."""

    what: str
    text: str


class Stored(NamedTuple):
    """A record as it lies in a topic."""

    key: str
    value: Row


class World:
    """The broker, the Gateway and Connect, as the artefacts of one cluster make them."""

    def __init__(
        self, plan: Plan, rows: Rows, artifacts: Iterable[Made], nodes: Mapping[str, Any]
    ) -> None:
        self._home = plan.virtual_cluster or PASSTHROUGH
        made: dict[str, list[Any]] = {}
        for artifact in artifacts:
            made.setdefault(artifact.kind, []).append(artifact.spec)
        self.interceptors: list[Body] = made.get("interceptor", [])
        self.groups: list[Body] = made.get("group", [])
        self.connectors: list[Body] = made.get("connector", [])
        self._on_kafka = _rights(made.get("acl", []))
        self._on_gateway = _rights(made.get("gateway_acl", []))
        self._keys = Keys(b"of the test")
        self._topics = {node["topic"] for node in nodes.values() if node.get("topic")}
        self._stored: dict[str, list[Stored]] = {}
        for node in plan.nodes:
            told = nodes[f"{'source' if node.how == 'source' else 'model'}.{node.name}"]
            if node.how != "sink" and told["materialized"] != "virtual_topic":
                self._store(told, rows[node.name])

    def principal(self, account: str) -> Principal:
        groups = frozenset(
            group["metadata"]["name"]
            for group in self.groups
            if account in {member["name"] for member in group["spec"]["members"]}
        )
        return Principal(account, groups, self._home)

    def sights(self, account: str) -> Iterator[Sight]:
        """Everything that the account can read, for every way the documentation leaves open."""
        for topic in sorted(self._topics):
            for way in self.ways(account, topic):
                yield from way

    def ways(self, account: str, topic: str) -> Iterator[list[Sight]]:
        """What the account reads of a topic: on Kafka, and on the Gateway in each open way."""
        if self._on_kafka.allows(account, "READ", "TOPIC", topic):
            stored = self._stored.get(topic, ())
            yield [Sight(f"{topic} on Kafka", _text(record)) for record in stored]
        if self._on_gateway.allows(account, "READ", "TOPIC", topic):
            for chain in self._chains(account):
                yield [
                    Sight(f"{topic} on the Gateway", _text(record))
                    for record in self._fetched(chain, topic)
                ]

    def tables(self) -> Iterator[tuple[str, Sight]]:
        """What every connector writes, with the account that it reads with."""
        for connector in self.connectors:
            account = f"cdk-{connector['name'].replace('.', '-')}"
            config = connector["config"]
            for topic in config["topics"].split(","):
                for key, value in self._for_connector(account, topic, config):
                    text = _text(Stored(key, _transformed(config, value)))
                    yield account, Sight(f"the table of {connector['name']}", text)

    def _store(self, node: Body, rows: list[Row]) -> None:
        """Rows as they were before there was a Gateway, and as it lets them pass."""
        topic = node["topic"]
        chain = next(self._chains("somebody"))
        stored = self._stored.setdefault(topic, [])
        for row in rows:
            key = json.dumps([row[name] for name in node["key"]])
            value = _enveloped(node["format"], row)
            stored += [Stored(key, value), Stored(key, chain.produce(topic, value))]

    def _fetched(self, chain: Chain, topic: str) -> Iterator[Stored]:
        for record in self._stored.get(chain.views.get(topic, topic), ()):
            value = chain.fetch(topic, record.value)
            if value is not None:
                yield Stored(record.key, value)

    def _chains(self, account: str) -> Iterator[Chain]:
        for interceptors in every_way(self.interceptors, self.principal(account)):
            for naming in NAMINGS:
                yield Chain(interceptors, self._keys, naming)

    def _for_connector(self, account: str, topic: str, config: Body) -> Iterator[Stored]:
        if config.get("consumer.override.bootstrap.servers") != GATEWAY:
            yield from self._stored.get(topic, ())
            return
        for chain in self._chains(account):
            yield from self._fetched(chain, topic)


def _rights(specs: list[Body]) -> Rights:
    return Rights(
        Right(spec["principal"], entry["operation"], entry["resource_type"], entry["name"])
        for spec in specs
        for entry in spec["acls"]
    )


def _enveloped(format: str, row: Row) -> Row:
    return {"before": row, "after": row, "op": "u"} if format.startswith("debezium") else row


def _transformed(config: Body, value: Row) -> Row:
    for name in filter(None, config.get("transforms", "").split(",")):
        kind = config[f"transforms.{name}.type"]
        if kind == f"{_SMT}MaskField$Value":
            fields = config[f"transforms.{name}.fields"].split(",")
            value = {key: "" if key in fields else held for key, held in value.items()}
        elif kind == "io.debezium.transforms.ExtractNewRecordState":
            value = value["after"]
        elif not kind.endswith("$Key") and kind != f"{_SMT}Filter":  # of rows without a value
            raise AssertionError(f"a transform that this test does not know: {kind}")
    return value


def _text(record: Stored) -> str:
    return f"{record.key} {json.dumps(record.value)}"
