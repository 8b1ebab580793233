"""Kafka Connect: one distributed worker, with what Maven Central has for it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.real.engines.engine import LOOPBACK, Engine, Site, answers, java

_PLUGINS = (
    "connect-avro",
    "connect-file",
    "connect-jdbc",
    "connect-mysql",
    "connect-postgres",
    "connect-snowflake",
)
_UNDECLARED = {
    "connect-avro": (
        "org.apache.kafka.connect.storage.Converter",
        "io.apicurio.registry.utils.converter.AvroConverter",
    ),
    "connect-snowflake": (
        "org.apache.kafka.connect.sink.SinkConnector",
        "com.snowflake.kafka.connector.SnowflakeSinkConnector",
    ),
}
"""What these jars hold but do not say; to let the worker search them takes seven seconds."""
_PROVIDERS = "org.apache.kafka.common.config.provider"
_JSON = "org.apache.kafka.connect.json.JsonConverter"


def _settings(site: Site) -> dict[str, object]:
    settings: dict[str, object] = {
        "bootstrap.servers": site.neighbours["kafka"]["bootstrap_servers"],
        "group.id": "connect",
        "listeners": f"http://{LOOPBACK}:{site.ports['rest']}",
        "rest.advertised.host.name": LOOPBACK,
        "plugin.path": _plugins(site),
        "plugin.discovery": "service_load",
        "key.converter": _JSON,
        "value.converter": _JSON,
        "offset.flush.interval.ms": 1000,
        "scheduled.rebalance.max.delay.ms": 0,
        "config.providers": "file,env",
        "config.providers.file.class": f"{_PROVIDERS}.FileConfigProvider",
        "config.providers.env.class": f"{_PROVIDERS}.EnvVarConfigProvider",
    }
    for part in ("config", "offset", "status"):
        settings[f"{part}.storage.topic"] = f"connect.{part}"
        settings[f"{part}.storage.replication.factor"] = 1
        if part != "config":
            settings[f"{part}.storage.partitions"] = 1
    return settings


def _plugins(site: Site) -> Path:
    """A folder of folders: the jars of one folder see each other only."""
    plugins = site.folder / "plugins"
    for name in _PLUGINS:
        folder = plugins / name
        folder.mkdir(parents=True)
        for jar in site.jars[name].iterdir():
            (folder / jar.name).symlink_to(jar)
    for name, (kind, class_) in _UNDECLARED.items():
        with zipfile.ZipFile(plugins / name / "manifest.jar", "w") as archive:
            archive.writestr(f"META-INF/services/{kind}", f"{class_}\n")
    return plugins


def _command(site: Site) -> list[str]:
    path = site.write("worker.properties", _settings(site))
    return java(
        512, site.jars["kafka"], "org.apache.kafka.connect.cli.ConnectDistributed", str(path)
    )


def _addresses(site: Site) -> dict[str, str]:
    return {"url": f"http://{LOOPBACK}:{site.ports['rest']}"}


def _is_ready(addresses: Mapping[str, str]) -> bool:
    return answers(f"{addresses['url']}/connectors")


CONNECT = Engine(
    "connect", ("kafka", *_PLUGINS), ("rest",), ("kafka",), _command, _addresses, _is_ready
)
