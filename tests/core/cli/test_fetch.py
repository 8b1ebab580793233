"""Schemas of a registry, brought into the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cdk_stream.cli.main import main

AVRO = {"type": "record", "name": "Payment", "fields": [{"name": "id", "type": "string"}]}
ANSWERS: dict[str, Any] = {
    "/subjects/orders/versions": [1, 3],
    "/subjects/orders/versions/1": {"schema": "message Old {}", "schemaType": "PROTOBUF"},
    "/subjects/orders/versions/3": {"schema": "message Order {}", "schemaType": "PROTOBUF"},
    "/subjects/payments.v1/versions": {"message": "none of yours"},
    "/subjects/payments.v1/versions/latest": {"schema": json.dumps(AVRO)},
    "/subjects/orders/versions/latest": {"schema": "message Order {}", "schemaType": "PROTOBUF"},
}
Shown = pytest.CaptureFixture[str]


class _Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = ANSWERS.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(json.dumps(found or {"error_code": 40401}).encode())

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Registry) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def project(tmp_path: Path, registry: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stream_project.yml").write_text(
        "name: p\ndefault_cluster: main\nclusters:\n"
        f"  main: {{ schema_registry: {{ url: '{registry}/' }} }}\n"
        "  bare: {}\n"
        "  down: { schema_registry: { url: 'http://127.0.0.1:1' } }\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_keeps_the_newest_schema(project: Path, capsys: Shown) -> None:
    assert main(["fetch", "payments.v1", "orders"]) == 0
    assert capsys.readouterr().out == "schemas/payments.v1.avsc\nschemas/orders.proto\n"
    assert json.loads((project / "schemas/payments.v1.avsc").read_text()) == AVRO
    assert (project / "schemas/orders.proto").read_text() == "message Order {}"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nothing"], 1, "CS802 the registry has no subject 'nothing'"),
        (["orders", "--cluster", "down"], 1, "CS801 the registry at http://127.0.0.1:1 cannot"),
        (["orders", "--cluster", "bare"], 2, "cluster 'bare' has no schema registry"),
        (["orders", "--cluster", "mian"], 2, "did you mean 'main'?"),
        (["../../x"], 2, "'../../x' cannot be the name of a file under schemas/"),
    ],
)
def test_says_what_is_missing(
    project: Path, arguments: list[str], code: int, told: str, capsys: Shown
) -> None:
    assert main(["fetch", *arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == "" and told in shown.err
    assert not (project / "schemas").exists()


def test_keeps_every_version(project: Path, capsys: Shown) -> None:
    assert main(["fetch", "orders", "--history"]) == 0
    assert capsys.readouterr().out.split() == [
        "schemas/orders.proto",
        "schemas/history/orders/1.proto",
        "schemas/history/orders/3.proto",
    ]
    assert (project / "schemas/history/orders/1.proto").read_text() == "message Old {}"


def test_versions_that_are_none_are_refused(project: Path, capsys: Shown) -> None:
    assert main(["fetch", "payments.v1", "--history"]) == 1
    assert "is no list of versions" in capsys.readouterr().err
