"""Start and stop engines; whoever asks second finds what the first one started."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.real.engines.connect import CONNECT
from tests.real.engines.engine import Engine, Site, free_ports
from tests.real.engines.flink import JOBMANAGER, SQL_GATEWAY, TASKMANAGER
from tests.real.engines.folder import run_folder
from tests.real.engines.jars import assemble
from tests.real.engines.kafka import KAFKA
from tests.real.engines.process import birth, start, stop
from tests.real.engines.registry import REGISTRY
from tests.real.engines.state import Running, alone, is_in_use, read_state, write_state

ENGINES = {
    engine.name: engine
    for engine in (KAFKA, REGISTRY, JOBMANAGER, TASKMANAGER, SQL_GATEWAY, CONNECT)
}
"""In the order of their needs."""
GROUPS = {"flink": ("jobmanager", "taskmanager", "sql-gateway")}
_LIMIT = 120.0


class NotReady(Exception):
    """An engine ended, or did not answer in time; the text shows the end of its log."""


def up(names: Iterable[str] = tuple(ENGINES), *, keep: bool = True) -> dict[str, Running]:
    """All engines that now run, `names` and what they need among them, each of them ready.

    Those that are not to `keep` end with `leave`, by the last one who uses them.
    """
    with alone():
        state = read_state()
        wanted = _closure(names)
        started = [name for name in wanted if name not in state]
        for pom in {pom for name in started for pom in ENGINES[name].poms}:
            assemble(pom)
        began = time.monotonic()
        try:
            for name in started:
                state[name] = _start(ENGINES[name], state)
                write_state(state)
            for name in started:
                state[name] = _await(state[name], began)
            for name in wanted if keep else []:
                state[name] = replace(state[name], kept=True)
        except BaseException:
            _end([state.pop(name) for name in started if name in state])
            raise
        finally:
            write_state(state)
        return state


def down(names: Iterable[str] = tuple(ENGINES)) -> list[str]:
    """Stop engines; the names of those that ran. Data is removed, logs stay."""
    chosen = {member for name in names for member in GROUPS.get(name, (name,))}
    with alone():
        return _down(chosen, read_state())


def leave() -> None:
    """Stop what nobody uses any more and nobody wants to keep."""
    with alone():
        if not is_in_use():
            state = read_state()
            _down({name for name, record in state.items() if not record.kept}, state)


def _down(chosen: set[str], state: dict[str, Running]) -> list[str]:
    ended = [state.pop(name) for name in list(state) if name in chosen]
    _end(ended)
    write_state(state)
    return [record.name for record in ended]


def health() -> dict[str, bool]:
    """Whether each running engine answers."""
    return {name: ENGINES[name].is_ready(record.addresses) for name, record in read_state().items()}


def _closure(names: Iterable[str]) -> list[str]:
    wanted: set[str] = set()
    waiting = [member for name in names for member in GROUPS.get(name, (name,))]
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting += ENGINES[name].needs
    return [name for name in ENGINES if name in wanted]


def _start(engine: Engine, state: dict[str, Running]) -> Running:
    folder = _folder(engine.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    jars = {pom: assemble(pom) for pom in engine.poms}
    neighbours = {name: state[name].addresses for name in engine.needs}
    site = Site(folder, free_ports(engine.ports), jars, neighbours)
    log = run_folder() / f"{engine.name}.log"
    pid = start(engine.command(site), log, folder, {})
    return Running(
        engine.name, pid, birth(pid) or "", str(log), dict(site.ports), engine.addresses(site)
    )


def _await(record: Running, began: float) -> Running:
    engine = ENGINES[record.name]
    while not engine.is_ready(record.addresses):
        if not record.is_alive:
            raise NotReady(f"'{record.name}' ended\n{_tail(record)}")
        if time.monotonic() - began > _LIMIT:
            raise NotReady(f"'{record.name}' does not answer\n{_tail(record)}")
        time.sleep(0.1)
    return replace(record, seconds=round(time.monotonic() - began, 1))


def _end(records: list[Running]) -> None:
    for record in reversed(records):
        stop(record.pid, record.born)
        shutil.rmtree(_folder(record.name), ignore_errors=True)


def _folder(name: str) -> Path:
    return run_folder() / name


def _tail(record: Running) -> str:
    text = Path(record.log).read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-30:])
