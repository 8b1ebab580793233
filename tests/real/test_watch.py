"""A bad row on real Kafka and Flink: reported, told to a webhook, and the model's job paused."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from cdk_stream_flink.deploy.jobmanager import Job, JobManager
from tests.real.topics import Topics

PROJECT = """\
name: {name}
default_cluster: main
owners:
  team: {{ alerts: "{hook}/owner" }}
clusters:
  main:
    kafka: {{ bootstrap_servers: "{brokers}" }}
    flink:
      sql_gateway: "{gateway}"
      jobmanager: "{rest}"
      version: "2.3"
      properties: {{ execution.checkpointing.interval: "1 s" }}
topics: {{ name: "{{project}}.{{model}}", partitions: 1, replication_factor: 1 }}
deploy: {{ state: {{ file: "{state}/{{environment}}" }}, lease: "3 seconds" }}
environments: {{ dev: {{}} }}
"""
NODES = """\
sources:
  - name: orders
    type: kafka_topic
    topic: {topic}
    format: json
    columns:
      - {{ name: id, type: "BIGINT NOT NULL" }}
      - {{ name: status, type: STRING }}
      - {{ name: card, type: STRING, classification: sensitive }}
"""
MODELS = """\
models:
  - name: open_orders
    materialized: flink_stream
    owner: team
    key: id
    sql: SELECT id, status, card FROM {{ source("orders") }}
tests:
  - name: open_orders_fine
    model: open_orders
    continuous: true
    assertions:
      - allowed_values: { column: status, values: [OPEN, PAID] }
      - not_null: { column: card }
    on_failure:
      actions:
        - pause_model: true
        - block_deploy: true
        - send_alert: "${env:ALERTS}"
"""
MORE = """\
models:
  - name: paid_orders
    materialized: topic
    from: source("orders")
    format: json
"""


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The address of a webhook, and what it was told."""
    told: list[tuple[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", told
    server.shutdown()
    server.server_close()


def test_a_bad_row_is_reported_and_acted_on(
    tmp_path: Path,
    kafka: Topics,
    flink: dict[str, str],
    hook: tuple[str, list[tuple[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address, told = hook
    name = f"shop{uuid.uuid4().hex[:8]}"
    topic = kafka.create(f"{name}.orders")
    write_project(tmp_path, name, topic, address, kafka, flink)
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ALERTS", f"{address}/test")
    monkeypatch.chdir(tmp_path)
    manager = JobManager(flink["rest"])
    watch = ["watch", "--environment", "dev", "--once"]
    try:
        assert main(["deploy", "--environment", "dev"]) == 0, capsys.readouterr()
        assert len(running(manager, name)) == 2
        kafka.write(topic, [("1", {"id": 1, "status": "OPEN", "card": "4111"})])
        kafka.write(topic, [("2", {"id": 2, "status": "LOST", "card": "4222"})])
        (row,) = kafka.read(f"{name}.violations", 1)
        assert row[0] == "open_orders_fine"
        assert row[1]["assertion"] == "allowed_values: status"
        assert json.loads(row[1]["key"]) == {"id": "2"}
        assert json.loads(row[1]["values"]) == {"status": "LOST"}

        assert main(watch) == 0, capsys.readouterr()
        assert [path for path, _ in told] == ["/test", "/owner"]
        assert told[0][1]["violations"] == 1
        assert soon(
            lambda: (
                [j.name.split("@")[0] for j in running(manager, name)]
                == [f"{name}.open_orders_fine.check"]
            )
        )
        assert main(["status", "--environment", "dev"]) == 0
        assert "test 'open_orders_fine': 1 violations" in capsys.readouterr().out

        assert main(watch) == 0
        assert len(told) == 2  # what was acted on is committed

        (tmp_path / "models" / "more.yml").write_text(MORE, encoding="utf-8")
        assert main(["deploy", "--environment", "dev"]) == 1
        assert "CS899 test 'open_orders_fine'" in capsys.readouterr().err
        assert main(["resume", "open_orders", "--environment", "dev"]) == 0
        assert main(["deploy", "--environment", "dev"]) == 0
    finally:
        for job in running(manager, name):
            manager.cancel(job.id)
        manager.close()
        mine = [one for one in kafka.admin.list_topics().topics if one.startswith(name)]
        for future in kafka.admin.delete_topics(mine).values():
            future.result(30)


def write_project(
    folder: Path, name: str, topic: str, hook: str, kafka: Topics, flink: dict[str, str]
) -> None:
    text = PROJECT.format(
        name=name,
        hook=hook,
        brokers=kafka.addresses["bootstrap_servers"],
        gateway=flink["url"],
        rest=flink["rest"],
        state=folder / "state",
    )
    (folder / "stream_project.yml").write_text(text, encoding="utf-8")
    (folder / "models").mkdir()
    (folder / "sources").mkdir()
    (folder / "sources" / "orders.yml").write_text(NODES.format(topic=topic), encoding="utf-8")
    (folder / "models" / "open_orders.yml").write_text(MODELS, encoding="utf-8")


def running(manager: JobManager, name: str) -> list[Job]:
    return [job for job in manager.jobs() if job.name.startswith(f"{name}.") and not job.ended]


def soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.2)
    return holds()
