"""A project deployed by the command line onto real brokers, registry and Connect, and the Gateway's
double: made, left alone, changed, put back, removed."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from tests.gateway.double.double import Double
from tests.gateway.double.kinds import ACCOUNT, CLUSTER
from tests.gateway.double.server import Serving, serve
from tests.real.rest import send
from tests.real.topics import Topics

PROJECT = """
name: {name}
default_cluster: main
default_classification: internal
topics: {{ replication_factor: 1, partitions: 2, name: "{name}.{{model}}" }}
clusters:
  main:
    kafka: {{ bootstrap_servers: "{kafka}" }}
    schema_registry: {{ url: "{registry}" }}
    connect: {{ url: "{connect}" }}
    gateway:
      url: "{gateway}"
      bootstrap_servers: "gateway:6969"
      virtual_cluster: eu
connectors:
  archive: {{ kind: file, cluster: main }}
roles:
  support: {{ service_accounts: [{name}-desk] }}
  fraud: {{ service_accounts: [{name}-fraud] }}
environments:
  dev: {{}}
deploy: {{ lease: 1 second }}
"""
SOURCE = """
sources:
  - name: raw
    topic: {name}.raw
    format: json
    key: id
    columns:
      - {{ name: id, type: STRING }}
      - {{ name: card, type: STRING, classification: highly_sensitive }}
      - {{ name: status, type: STRING }}
    security:
      policies:
        - mask: {{ column: card }}
        - allow: {{ roles: [fraud], purpose: fraud_detection }}
  - name: marks
    topic: {name}.marks
    format: json
    key: id
    columns:
      - {{ name: id, type: STRING }}
      - {{ name: score, type: DOUBLE }}
"""
MODELS = """
models:
  - name: clean
    materialized: virtual_topic
    sql: |
      SELECT id, card FROM {{{{ source("raw") }}}} WHERE status = 'OK'
  - name: scores
    materialized: topic
    from: source("marks")
    format: avro
    key: id
    topic: {{ retention: {retention} }}
    columns:
      - {{ name: id, type: STRING }}
      - {{ name: score, type: DOUBLE }}
  - name: scores_file
    materialized: sink
    sink:
      type: file
      connector: archive
      config:
        file: {file}
        value.converter: org.apache.kafka.connect.storage.StringConverter
    from: ref("scores")
"""
EXPOSURES = """
exposures:
  - name: desk
    consumes: [ref("clean"), ref("scores")]
    access: { allowed_roles: [support, fraud] }
"""


@pytest.fixture
def name() -> str:
    return f"live{uuid.uuid4().hex[:8]}"


@pytest.fixture
def double(name: str) -> Double:
    made = Double(login=("admin", "s3cret"))
    cluster = {"aclEnabled": True, "aclMode": "REST_API", "acls": [], "type": "Standard"}
    made.stored[CLUSTER.name]["eu",] = _body("VirtualCluster", {"name": "eu"}, cluster)
    for account in (f"{name}-desk", f"{name}-fraud"):
        metadata = {"name": account, "vCluster": "eu"}
        body = _body("GatewayServiceAccount", metadata, {"type": "LOCAL"})
        made.stored[ACCOUNT.name][account, "eu"] = body
    return made


@pytest.fixture
def gateway(double: Double) -> Iterator[Serving]:
    with serve(double) as serving:
        yield serving


class Deployed:
    """The project's folder, and what the command line says there."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], **settings: Any) -> None:
        self.folder = folder
        self.name = settings["name"]
        self.settings = settings
        self._capsys = capsys
        for part in ("sources", "models", "exposures"):
            (folder / part).mkdir(parents=True)
        self.write("7 days")

    def write(self, retention: str) -> None:
        told = {**self.settings, "retention": retention, "file": self.folder / "out.txt"}
        files = {
            "stream_project.yml": PROJECT.format(**told),
            "sources/raw.yml": SOURCE.format(**told),
            "models/models.yml": MODELS.format(**told),
            "exposures/desk.yml": EXPOSURES,
        }
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, verb: str, *more: str) -> tuple[int, str]:
        code = main([verb, "--environment", "dev", *more])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def plan(self) -> dict[str, str]:
        """The actions of a plan, by `kind/name`, without those that do nothing."""
        code, out = self.run("plan", "--format", "json")
        assert code == 0, out
        return {
            f"{one['kind']}/{one['name']}": one["action"]
            for one in json.loads(out)["steps"]
            if one["action"] != "nothing"
        }


@pytest.fixture
def project(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kafka: Topics,
    registry: str,
    connect: str,
    gateway: Serving,
) -> Iterator[Deployed]:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GATEWAY_PASSWORD", "s3cret")
    made = Deployed(
        tmp_path / name,
        capsys,
        name=name,
        kafka=kafka.addresses["bootstrap_servers"],
        registry=registry,
        connect=connect,
        gateway=gateway.url.replace("://", "://admin:${env:GATEWAY_PASSWORD}@"),
    )
    subprocess.run(["git", "init", "-q", str(made.folder)], check=True)
    monkeypatch.chdir(made.folder)
    yield made
    for connector in send("GET", f"{connect}/connectors"):
        if connector.startswith(name):
            send("DELETE", f"{connect}/connectors/{connector}")


def writes(double: Double) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in double.exchanges if one.method in ("PUT", "DELETE")]


def test_a_project_is_deployed_changed_and_put_back(
    project: Deployed, double: Double, kafka: Topics, registry: str, connect: str
) -> None:
    code, out = project.run("deploy")
    assert code == 0, out
    assert "s3cret" not in out
    assert project.plan() == {}
    assert f"{project.name}.scores-value" in send("GET", f"{registry}/subjects")
    status = send("GET", f"{connect}/connectors/{project.name}.scores_file/status")
    assert [task["state"] for task in status["tasks"]] == ["RUNNING"]
    held = double.stored[CLUSTER.name]["eu",]["spec"]["acls"]
    assert {one["principal"] for one in held} == {
        f"User:{project.name}-desk",
        f"User:{project.name}-fraud",
    }

    double.exchanges.clear()
    code, out = project.run("deploy")
    assert (code, "nothing to do" in out) == (0, True), out
    assert writes(double) == []

    project.write("3 days")
    assert project.plan() == {f"topic/{project.name}.scores": "update"}
    assert project.run("deploy")[0] == 0
    assert project.plan() == {}

    mask = next(one for one in double.interceptors() if one["spec"]["priority"] >= 700)
    mask["spec"] = {**mask["spec"], "priority": 999}
    (action,) = project.plan().values()
    assert action == "drift"
    assert project.run("deploy")[0] == 0
    assert project.plan() == {}


def test_a_deploy_that_is_killed_again_and_again_comes_to_its_end(
    project: Deployed, double: Double, kafka: Topics, registry: str, connect: str
) -> None:
    command = [sys.executable, "-m", "cdk_stream.cli.main", "deploy", "--environment", "dev"]
    killed = 0
    for tenths in range(10, 60, 4):
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            told, _ = running.communicate(timeout=tenths / 10)
            if running.returncode == 0:
                break
            assert b"another deploy" in told, told.decode()
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            killed += 1
    else:
        assert project.run("deploy")[0] == 0
    assert killed > 0
    assert project.plan() == {}
    assert send("GET", f"{registry}/subjects/{project.name}.scores-value/versions") == [1]
    status = send("GET", f"{connect}/connectors/{project.name}.scores_file/status")
    assert [task["state"] for task in status["tasks"]] == ["RUNNING"]
    assert len(double.stored[CLUSTER.name]["eu",]["spec"]["acls"]) == 4
    code, out = project.run("deploy")
    assert (code, "nothing to do" in out) == (0, True), out


def test_what_nobody_asks_for_any_more_goes_and_rows_only_when_said(
    project: Deployed, double: Double, kafka: Topics, registry: str, connect: str
) -> None:
    assert project.run("deploy")[0] == 0
    topic = f"{project.name}.scores"
    kafka.write(topic, [("k", 1)])
    for file in ("models/models.yml", "exposures/desk.yml"):
        (project.folder / file).unlink()
    code, out = project.run("deploy")
    assert code == 0, out
    assert f"{project.name}.scores_file" not in send("GET", f"{connect}/connectors")
    assert kafka.read(topic, 1) == [("k", 1)]
    assert f"{topic}-value" in send("GET", f"{registry}/subjects")
    names = {one["metadata"]["name"] for one in double.interceptors()}
    assert names == {f"cdk.{project.name}.raw.mask-except-fraud"}
    assert double.stored[CLUSTER.name]["eu",]["spec"]["acls"] == []
    code, out = project.run("deploy", "--delete", f"main/*/{topic}*")
    assert code == 0, out
    assert topic not in kafka.admin.list_topics(timeout=10).topics
    assert f"{topic}-value" not in send("GET", f"{registry}/subjects")
    assert project.plan() == {}


def _body(kind: str, metadata: Any, spec: Any) -> dict[str, Any]:
    return {"kind": kind, "apiVersion": "gateway/v2", "metadata": metadata, "spec": spec}
