"""A change of a schema, checked against its base without a registry."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
PROJECT = """\
name: shop
version: "1"
default_cluster: eu
default_classification: internal
owners: { team: { github: ["@acme/team"] } }
clusters:
  eu:
    region: EU
    kafka: { bootstrap_servers: "kafka:9092" }
    schema_registry: { url: "http://registry:8081" }
    flink: { sql_gateway: "http://flink:8083" }
    gateway: { url: "http://gateway:8888", bootstrap_servers: "gateway:6969" }
"""
SOURCE = """\
sources:
  - name: orders
    type: kafka_topic
    topic: orders.v1
    schema_ref: sr://orders.v1
    owner: team
    key: id
"""
MODEL = """\
models:
  - name: big_orders
    materialized: flink_stream
    format: {format}
    owner: team
    key: id
    from: {{ source: orders }}
    sql: SELECT {columns} FROM {{{{ source("orders") }}}} WHERE amount > 100
    contract: {{ compatibility: {compatibility} }}
"""
PRODUCER = """\
exposures:
  - name: shop_api
    role: producer
    owner: team
    produces: [source("orders")]
    contracts: { versioning: VERSIONING }
    service_accounts: [shop-api]
"""
ID, AMOUNT = {"name": "id", "type": "string"}, {"name": "amount", "type": "long"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
Change = Callable[..., dict[str, str]]


def _avro(*fields: dict[str, Any]) -> str:
    return json.dumps({"type": "record", "name": "Order", "fields": [*fields]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    project = tmp_path / "shop"
    project.mkdir()
    monkeypatch.chdir(project)
    return project


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _files(**keys: str) -> dict[str, str]:
    """The project's files; `columns`, `format` and `compatibility` are the model's."""
    said = {"columns": "id, amount", "format": "avro", "compatibility": "backward"} | keys
    schema = said.pop("schema", _avro(ID, AMOUNT, NOTE))
    files = {
        "stream_project.yml": PROJECT,
        "sources/orders.yml": SOURCE,
        "schemas/orders.v1.avsc": schema,
        "models/big_orders.yml": MODEL.format(**said),
    }
    if versioning := said.get("versioning"):
        files["exposures/shop_api.yml"] = PRODUCER.replace("VERSIONING", versioning)
    return files


@pytest.fixture
def change(folder: Path, capsys: pytest.CaptureFixture[str]) -> Change:
    """(before, after) -> code of each of our problems -> its message."""

    def told(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
        _write(folder, before)
        for command in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "base"]):
            subprocess.run([*GIT, *command], cwd=folder, check=True)
        _write(folder, after)
        main(["check", "--base", "main", "--format", "json"])
        problems = json.loads(capsys.readouterr().out)["problems"]
        return {one["code"]: one["message"] for one in problems if one["code"][:4] == "CS61"}

    return told


def test_a_change_that_the_registry_takes(change: Change) -> None:
    assert change(_files(), _files(columns="id, amount, note")) == {}


def test_a_column_that_older_rows_lack_is_refused(change: Change, folder: Path) -> None:
    told = change(_files(), _files(columns="id, amount, amount * 2 AS twice"))
    assert told == {
        "CS613": "'big_orders-value' is not backward compatible: the new one does not read what "
        "the schema before wrote: 'twice': it is not in what was written, and has no default"
    }
    assert main(["check", "--base", "main"]) == 1


def test_the_problem_stands_at_the_contract(
    change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    change(_files(), _files(columns="id, amount, amount * 2 AS twice"))
    main(["check", "--base", "main"])
    shown = capsys.readouterr().out
    assert "models/big_orders.yml:9" in shown
    assert "the contract of 'big_orders' asks for it: change the schema so" in shown


@pytest.mark.parametrize(
    ("compatibility", "columns", "codes"),
    [
        ("backward", "id", []),
        ("forward", "id", ["CS613"]),
        ("full", "id", ["CS613"]),
        ("none", "id, amount * 2 AS twice", []),
        ("forward", "id, amount, amount * 2 AS twice", []),
    ],
)
def test_levels(compatibility: str, columns: str, codes: list[str], change: Change) -> None:
    said = {"compatibility": compatibility}
    assert sorted(change(_files(**said), _files(columns=columns, **said))) == codes


def test_rows_that_go_to_another_topic_begin_anew(change: Change) -> None:
    after = _files(columns="id, amount * 2 AS twice")
    after["models/big_orders.yml"] += "    topic: { name: big_orders.v2 }\n"
    assert change(_files(), after) == {}


def test_a_model_without_a_registry_is_warned_of(change: Change) -> None:
    before, after = (_files(format="json", columns=text) for text in ("id, amount", "id"))
    told = change(before, after)
    assert list(told) == ["CS614"]
    assert "'amount': it is not taken any more" in told["CS614"]


def test_json_schemas_may_get_nullable_columns(change: Change) -> None:
    before, after = (_files(format="json_schema", columns=c) for c in ("id", "id, note"))
    assert change(before, after) == {}


def test_a_source_whose_producer_promised(change: Change) -> None:
    needed = {"name": "channel", "type": "string"}
    before = _files(versioning="backward")
    told = change(before, _files(versioning="backward", schema=_avro(ID, AMOUNT, NOTE, needed)))
    assert list(told) == ["CS613"]
    assert told["CS613"].startswith("'orders.v1' is not backward compatible")


def test_a_source_of_which_nobody_promised_anything(change: Change) -> None:
    needed = {"name": "channel", "type": "string"}
    told = change(_files(), _files(schema=_avro(ID, AMOUNT, NOTE, needed)))
    assert list(told) == ["CS614"]


def test_a_default_that_is_taken_away_changes_no_column(change: Change) -> None:
    """Only the rules see it: the columns are the same."""
    bare = {"name": "note", "type": ["null", "string"]}
    said = {"versioning": "full"}
    told = change(_files(**said), _files(schema=_avro(ID, AMOUNT, bare), **said))
    assert told == {}
    told = change(
        _files(schema=_avro(ID, AMOUNT), **said), _files(schema=_avro(ID, AMOUNT, bare), **said)
    )
    assert list(told) == ["CS613"]


def test_transitive_says_when_it_knows_one_version_only(change: Change) -> None:
    said = {"compatibility": "backward_transitive"}
    told = change(_files(**said), _files(columns="id, amount, note", **said))
    assert list(told) == ["CS615"]


def test_transitive_asks_the_versions_that_are_kept(change: Change) -> None:
    record = {"type": "record", "name": "record", "namespace": "org.apache.flink.avro.generated"}
    kept = {
        f"schemas/history/big_orders-value/{number}.avsc": json.dumps({**record, "fields": fields})
        for number, fields in {9: [ID], 10: [ID, AMOUNT]}.items()
    }
    said = {"compatibility": "backward_transitive"}
    told = change(_files(**said) | kept, _files(columns="id, amount, note", **said))
    assert list(told) == ["CS613"]
    assert "does not read what version 9 wrote: 'amount'" in told["CS613"]


def test_a_schema_that_cannot_be_weighed_is_refused(change: Change) -> None:
    schema = '{"type": "object", "properties": {"id": {"$ref": "%s"}, "amount": {}, "note": {}}}'
    files = [_files(versioning="backward") for _ in range(2)]
    for one, reference in zip(files, ("https://a.example", "https://b.example"), strict=True):
        del one["schemas/orders.v1.avsc"], one["models/big_orders.yml"]
        one["schemas/orders.v1.json"] = schema % reference
    told = change(*files)
    assert list(told) == ["CS616"]
    assert "is in another document" in told["CS616"]
