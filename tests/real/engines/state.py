"""What runs now: `state.json`, one record for each engine."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.real.engines.folder import run_folder
from tests.real.engines.process import birth


@dataclass(frozen=True, slots=True)
class Running:
    """A started engine; `seconds` is how long it took until it answered."""

    name: str
    pid: int
    born: str
    log: str
    ports: dict[str, int]
    addresses: dict[str, str]
    seconds: float = 0.0
    kept: bool = False
    """Somebody started it to stay; else it ends with the last test run that uses it."""

    @property
    def is_alive(self) -> bool:
        return birth(self.pid) == self.born


def read_state() -> dict[str, Running]:
    """The records of the engines that are alive; the rest is forgotten."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    records = [Running(**record) for record in found.values()]
    return {record.name: record for record in records if record.is_alive}


def write_state(state: dict[str, Running]) -> None:
    document = {name: asdict(record) for name, record in state.items()}
    temporary = _file().with_suffix(".new")
    temporary.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    temporary.replace(_file())


@contextmanager
def alone() -> Iterator[None]:
    """Hold the run folder: two that start engines at the same time take turns."""
    run_folder().mkdir(parents=True, exist_ok=True)
    with (run_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def in_use() -> Iterator[None]:
    """Count this process among the users of the engines."""
    users = run_folder() / "users"
    users.mkdir(parents=True, exist_ok=True)
    mine = users / str(os.getpid())
    mine.write_text(birth(os.getpid()) or "", encoding="utf-8")
    try:
        yield
    finally:
        mine.unlink(missing_ok=True)


def is_in_use() -> bool:
    """Whether a living process uses the engines."""
    users = (run_folder() / "users").glob("*")
    return any(birth(int(user.name)) == user.read_text(encoding="utf-8") for user in users)


def _file() -> Path:
    return run_folder() / "state.json"
