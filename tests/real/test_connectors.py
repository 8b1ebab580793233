"""What a real worker says of the connectors that are compiled, and of our tables of their keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_stream_connect.capability import Capability
from cdk_stream_connect.framework import LOGICAL, NATIVE
from cdk_stream_connect.kinds import jdbc, snowflake, source, store
from tests.real.projects import PROJECTS, artefacts, compiled
from tests.real.rest import send

GOLDEN = Path(__file__).parents[1] / "plugins" / "connect" / "golden"
TABLES = {
    "debezium_jdbc": jdbc.DEBEZIUM_3,
    "debezium_mysql": source.MYSQL,
    "debezium_postgres": source.POSTGRES,
    "file": store.FILE,
    "snowflake": snowflake.V3,
}
"""The connectors that Maven Central has."""
HERE = {table.connector_class for table in TABLES.values()}
UNDECLARED = {
    "debezium_jdbc": {"connection.provider", "use.reduction.buffer"},
    "snowflake": {"snowflake.enable.schematization"},
}
"""Keys that a connector reads without declaring them."""
NEWER = {"snowflake": {"snowflake.oauth.token.endpoint"}}
"""Keys of Snowflake 3: Maven Central ends at 2.5."""
NOWHERE = {"database.hostname": "127.0.0.1", "database.port": "1"}
_ELSEWHERE = "io.confluent."
"""Converters that are published elsewhere than on Maven Central."""


def validate(connect: str, config: dict[str, str]) -> dict[str, list[str]]:
    """Key -> what the worker says is wrong with it."""
    class_ = config["connector.class"]
    path = f"{connect}/connector-plugins/{class_}/config/validate"
    found = send("PUT", path, config)["configs"]
    return {one["value"]["name"]: one["value"]["errors"] for one in found}


def refusals(connect: str, document: Any) -> dict[str, list[str]]:
    config = {**document["config"], "name": document["name"]}
    said = validate(connect, config)
    return {
        key: errors
        for key, errors in said.items()
        if errors and not config.get(key, "").startswith(_ELSEWHERE)
    }


@pytest.mark.parametrize("project", PROJECTS)
def test_every_connector_of_a_project_is_valid(project: str, connect: str, tmp_path: Path) -> None:
    for document in artefacts(compiled(project, tmp_path), "connector"):
        assert refusals(connect, document) == {}


def _golden() -> list[Path]:
    found = sorted(GOLDEN.glob("*.json"))
    return [
        path for path in found if json.loads(path.read_text())["config"]["connector.class"] in HERE
    ]


@pytest.mark.parametrize("path", _golden(), ids=lambda path: path.stem)
def test_every_golden_connector_is_valid(path: Path, connect: str) -> None:
    document = json.loads(path.read_text())
    config = document["config"]
    if "database.hostname" in config:
        config |= NOWHERE
    wrong = refusals(connect, document)
    assert set(wrong) == NOWHERE.keys() & config.keys() - {"database.port"}


@pytest.mark.parametrize("name", TABLES)
def test_every_key_of_our_tables_is_known_to_the_connector(name: str, connect: str) -> None:
    table = TABLES[name]
    told = send("GET", f"{connect}/connector-plugins/{table.connector_class}/config")
    read = UNDECLARED.get(name, set()) | NEWER.get(name, set())
    assert _keys(table) - {one["name"] for one in told} == read


def _keys(table: Capability) -> set[str]:
    targets = [*table.keys.values(), *table.connection.values()]
    keys = {to.key for to in targets} | {key for to in targets for key in to.also}
    keys |= {key for mode in table.modes.values() for key in mode}
    named = {table.key_mode, table.key_columns, table.topic_key} - {""}
    return keys | named | table.native | set(table.required) | set(table.defaults)


def test_every_key_of_the_framework_is_known_to_the_worker(connect: str) -> None:
    config = {"connector.class": store.FILE.connector_class, "name": "x", "topics": "x"}
    known = set(validate(connect, config))
    assert ({to.key for to in LOGICAL.values()} | NATIVE) - known == set()
