"""The engines themselves: they come up, stay on loopback, and go."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

import pytest

from tests.real.engines.control import ENGINES, health, leave, up
from tests.real.engines.folder import jars_folder
from tests.real.engines.state import Running, in_use, read_state
from tests.real.rest import send
from tests.real.topics import Topics

_LISTENING = "0A"
_LOOPBACK = {"0100007F", "0" * 16 + "FFFF00000100007F", "0" * 24 + "01000000"}


def test_every_engine_answers(
    engines: dict[str, Running],
    kafka: Topics,
    connect: str,
    flink: dict[str, str],
    registry: str,
) -> None:
    assert health() == dict.fromkeys(ENGINES, True)


def test_who_starts_second_finds_what_runs(engines: dict[str, Running]) -> None:
    assert up(engines, keep=False) == engines


def _listening() -> dict[str, str]:
    """Inode of a listening socket -> its address, in hexadecimal."""
    found = {}
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING:
                found[fields[9]] = fields[1].partition(":")[0]
    return found


def test_nothing_listens_outside_loopback(engines: dict[str, Running]) -> None:
    listening = _listening()
    for engine in engines.values():
        links = Path(f"/proc/{engine.pid}/fd").iterdir()
        sockets = {os.readlink(link)[8:-1] for link in links if "socket:" in os.readlink(link)}
        own = {listening[inode] for inode in sockets if inode in listening}
        assert own
        assert own <= _LOOPBACK, engine.name


def test_an_engine_ends_and_leaves_only_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = jars_folder()
    monkeypatch.setenv("CDK_STREAM_ENGINES", str(tmp_path))
    (tmp_path / "jars").symlink_to(jars)
    engine = up(["registry"], keep=False)["registry"]
    with in_use():
        leave()
        assert engine.is_alive
    leave()
    assert not engine.is_alive
    assert read_state() == {}
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {"lock", "registry.log", "state.json", "users"}


def test_a_topic_is_written_and_read(kafka: Topics) -> None:
    topic = kafka.create("orders")
    rows = [("a", {"amount": 1}), (None, {"amount": 2}), ("a", None)]
    kafka.write(topic, rows)
    assert kafka.read(topic, 3) == rows


@pytest.mark.parametrize(
    ("compatible", "field"),
    [
        (True, {"name": "note", "type": ["null", "string"], "default": None}),
        (False, {"name": "note", "type": "string"}),
    ],
)
def test_the_registry_judges_an_evolution(registry: str, compatible: bool, field: object) -> None:
    subject = f"orders-{uuid.uuid4().hex[:8]}-value"
    send("PUT", f"{registry}/config/{subject}", {"compatibility": "BACKWARD"})
    send("POST", f"{registry}/subjects/{subject}/versions", _record())
    path = f"{registry}/compatibility/subjects/{subject}/versions/latest"
    assert send("POST", path, _record(field))["is_compatible"] is compatible


def _record(*fields: object) -> dict[str, str]:
    record = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}, *fields]}
    return {"schema": json.dumps(record)}
