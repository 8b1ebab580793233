"""Apache Kafka: one node that is broker and controller, with ACLs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.real.engines.engine import LOOPBACK, Engine, Site, java, listens

_ONE = [
    "offsets.topic.replication.factor",
    "transaction.state.log.replication.factor",
    "transaction.state.log.min.isr",
    "share.coordinator.state.topic.replication.factor",
    "share.coordinator.state.topic.min.isr",
]
_CLUSTER_ID = "Y2RrLXN0cmVhbS10ZXN0cw"


def _settings(site: Site) -> dict[str, object]:
    listeners = {name.upper(): f"{LOOPBACK}:{port}" for name, port in site.ports.items()}
    protocols = {"CONTROLLER": "PLAINTEXT", "PLAIN": "PLAINTEXT", "SASL": "SASL_PLAINTEXT"}
    told = {name: address for name, address in listeners.items() if name != "CONTROLLER"}
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{listeners['CONTROLLER']}",
        "listeners": _join(listeners),
        "advertised.listeners": _join(told),
        "inter.broker.listener.name": "PLAIN",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": _join(protocols, ":"),
        "sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "listener.name.sasl.scram-sha-256.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "log.dirs": site.folder / "data",
        "num.partitions": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.num.partitions": 4,
        "group.initial.rebalance.delay.ms": 0,
        "auto.create.topics.enable": "false",
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
    } | dict.fromkeys(_ONE, 1)


def _join(pairs: Mapping[str, str], sign: str = "://") -> str:
    return ",".join(f"{name}{sign}{value}" for name, value in pairs.items())


def _command(site: Site) -> list[str]:
    libraries = site.jars["kafka"]
    path = site.write("server.properties", _settings(site))
    _format(libraries, path)
    return java(512, libraries, "kafka.Kafka", str(path))


def _format(libraries: Path, settings: Path) -> None:
    tool = java(128, libraries, "kafka.tools.StorageTool", "format")
    command = [*tool, "--cluster-id", _CLUSTER_ID, "--config", str(settings)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def _addresses(site: Site) -> dict[str, str]:
    plain, sasl = site.ports["plain"], site.ports["sasl"]
    return {
        "bootstrap_servers": f"{LOOPBACK}:{plain}",
        "sasl_bootstrap_servers": f"{LOOPBACK}:{sasl}",
    }


def _is_ready(addresses: Mapping[str, str]) -> bool:
    return all(map(listens, addresses.values()))


KAFKA = Engine(
    "kafka", ("kafka",), ("plain", "sasl", "controller"), (), _command, _addresses, _is_ready
)
"""`bootstrap_servers` admits everybody to everything; `sasl_bootstrap_servers` asks for
SCRAM-SHA-256 and admits a user to what an ACL allows."""
