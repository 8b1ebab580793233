"""Connectors of a cluster: observed, compared, started stopped, validated, resumed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cdk_stream.plugin.canonical import differences, digest
from cdk_stream.plugin.converge import converge
from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.health import Health
from cdk_stream.results.plan import Danger, Difference, Key, Step
from cdk_stream_connect.workers.client import Connector, Workers

CONNECTOR = "connector"
STARTING = 60.0
"""How long tasks may take to run, in seconds."""
SETTLED = 2.0
"""How long all must have run after a change: what a status shows may be of before it."""
_PAUSE = 0.25
_MASKED = re.compile(r"\*{4,}|\[hidden\]")
_READS = ("topics", "topics.regex")


class ConnectSystem:
    """The workers of one cluster; a plan asks them once, for everything."""

    name = "connect"
    kinds: tuple[str, ...] = (CONNECTOR,)

    def __init__(
        self,
        cluster: str,
        project: str,
        workers: Workers,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.cluster = cluster
        self._project = project
        self._names: dict[Key, str] = {}
        self._workers = workers
        self._clock = clock
        self._pause = pause

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """The connectors wanted or recorded."""
        keys = {one.key for one in wanted} | set(recorded)
        if not keys:
            return {}
        told = dict(recorded) if isinstance(recorded, Mapping) else {}
        told |= {one.key: one.spec for one in wanted}
        self._names |= {key: spec["name"] for key, spec in told.items() if _is_named(spec)}
        there = self._workers.connectors()
        named = {key: self._named(key) for key in keys}
        return {key: _live(key, there[name]) for key, name in named.items() if name in there}

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """A paused connector is as it should be: somebody paused it, and may resume it."""
        name = wanted.spec["name"]
        if live is None:
            return Comparison("create", f"connector '{name}' is new")
        changes = tuple(_changes(wanted.spec["config"], live.spec["config"]))
        if changes:
            fields = ", ".join(one.field for one in changes)
            return Comparison("update", f"{fields} differ", changes, _dangers(name, changes))
        if live.facts["state"] in ("STOPPED", "FAILED"):
            return Comparison("restart", f"it is {live.facts['state'].lower()}")
        if live.facts["failures"]:
            return Comparison("restart", live.facts["failures"][0])
        return Comparison("nothing", "it is paused" * (live.facts["state"] == "PAUSED"))

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        """Validated before anything changes, and done only when every task runs."""
        name = self._named(step.key)
        if wanted is None:
            return self._delete(name)
        config = wanted.spec["config"]
        self._workers.validate(name, config)
        done = converge(
            f"the configuration of '{name}'",
            lambda: self._workers.connector(name),
            lambda seen: seen is not None and not list(_changes(config, seen.config)),
            lambda seen: self._write(name, config, seen),
            pause=self._pause,
        )
        seen, started = self._started(name, done.changed)
        count = len(seen.tasks)
        told = f"{count} task{'s' * (count != 1)} running" if seen.runs else seen.state.lower()
        return Outcome(_live(step.key, seen), done.changed or started, told)

    def pause(self, name: str) -> None:
        """Let a connector rest, its tasks and offsets kept; raises `SystemFailed`."""
        self._turned(name, "PAUSED", self._workers.pause)

    def resume(self, name: str) -> None:
        """Let a paused connector go on; raises `SystemFailed`."""
        self._turned(name, "RUNNING", self._workers.resume)

    def suspend(self, live: Live) -> tuple[Live | None, Mapping[str, Any]]:
        """Its tasks stay where they are; nothing has to be remembered."""
        self.pause(self._named(live.key))
        return self.observe((), [live.key]).get(live.key), {}

    def proceed(self, wanted: Wanted, live: Live | None) -> Live | None:
        """From the offsets that its group has."""
        self.resume(self._named(wanted.key))
        return self.observe((), [wanted.key]).get(wanted.key)

    def health(self, live: Live) -> Health:
        """A connector with a failed task goes on with the others; rows of that one wait."""
        state, failures = live.facts["state"], live.facts["failures"]
        if failures:
            whole = state == "FAILED" or len(failures) > len(live.facts["tasks"])
            return Health("failed" if whole else "degraded", failures[0])
        if state in ("PAUSED", "STOPPED"):
            return Health("paused", f"it is {state.lower()}")
        return Health("running" if state == "RUNNING" else "unknown", f"it is {state.lower()}")

    def close(self) -> None:
        """Let go of connections."""
        self._workers.close()

    def _named(self, key: Key) -> str:
        """What Kafka Connect calls it; without its artefact, as the compiler names them."""
        return self._names.get(key, f"{self._project}.{key.name}")

    def _write(self, name: str, config: Mapping[str, str], seen: Connector | None) -> None:
        if seen is None:
            self._workers.create_stopped(name, config)
        else:
            self._workers.configure(name, config)

    def _started(self, name: str, changed: bool) -> tuple[Connector, bool]:
        """The connector once it runs, or is paused as it was; whether it had to be started."""
        deadline = self._clock() + STARTING
        since = started_at = None
        while True:
            seen = self._workers.connector(name)
            if seen is None:
                raise SystemFailed(f"connector '{name}' is gone", "deploy again")
            now = self._clock()
            since = (since or now) if seen.runs else None
            if seen.state == "PAUSED" or _has_settled(since, now, changed or bool(started_at)):
                return seen, started_at is not None
            if started_at is None and self._start(name, seen):
                started_at = now
            elif now > deadline or (seen.failures and now > (started_at or now) + SETTLED):
                raise _not_running(name, seen)
            self._pause(_PAUSE)

    def _start(self, name: str, seen: Connector) -> bool:
        """Start what does not run by itself; whether there was anything to start."""
        if seen.state == "STOPPED":
            self._workers.resume(name)
        elif seen.failures or seen.state == "FAILED":
            self._workers.restart_failed(name)
        else:
            return False
        return True

    def _turned(self, name: str, state: str, turn: Callable[[str], None]) -> None:
        converge(
            f"'{name}' being {state.lower()}",
            lambda: self._workers.connector(name),
            lambda seen: seen is not None and seen.state == state,
            lambda _: turn(name),
            pause=self._pause,
        )

    def _delete(self, name: str) -> Outcome:
        done = converge(
            f"the deletion of '{name}'",
            lambda: self._workers.connector(name),
            lambda seen: seen is None,
            lambda _: self._workers.delete(name),
            pause=self._pause,
        )
        return Outcome(None, done.changed, "its offsets stay: made again, it goes on from there")


def _is_named(spec: object) -> bool:
    return isinstance(spec, Mapping) and bool(spec.get("name"))


def _has_settled(since: float | None, now: float, changed: bool) -> bool:
    return since is not None and now - since >= (SETTLED if changed else 0)


def _live(key: Key, seen: Connector) -> Live:
    spec = {"config": dict(seen.config)}
    facts = {"state": seen.state, "tasks": dict(seen.tasks), "failures": list(seen.failures)}
    return Live(key, spec, digest(spec), None, facts)


def _changes(wanted: Mapping[str, str], live: Mapping[str, str]) -> Iterable[Difference]:
    for one in differences(live, {key: str(value) for key, value in wanted.items()}):
        if not (isinstance(one.live, str) and _MASKED.fullmatch(one.live)):
            yield Difference(f"config.{one.field}", one.live, one.wanted)


def _dangers(name: str, changes: Iterable[Difference]) -> tuple[tuple[Danger, str], ...]:
    fields = {one.field.removeprefix("config.") for one in changes}
    found: list[tuple[Danger, str]] = []
    if "connector.class" in fields:
        found.append(("replay", f"'{name}' gets another class, which may not read its offsets"))
    if not fields.isdisjoint(_READS):
        found.append(("replay", f"'{name}' reads topics that are new to it from their start"))
    return (*found, ("downtime", f"the tasks of '{name}' stop for a moment"))


def _not_running(name: str, seen: Connector) -> SystemFailed:
    if seen.failures:
        why = "; ".join(seen.failures)
        return SystemFailed(
            f"connector '{name}' has failed: {why}",
            "mend what it says, and deploy again; the rows wait in the topic",
        )
    shown = ", ".join(f"task {id_} {state.lower()}" for id_, state in sorted(seen.tasks.items()))
    return SystemFailed(
        f"connector '{name}' does not run after {STARTING:.0f} seconds: "
        f"{seen.state.lower() or 'no state'}, {shown or 'no task'}",
        "look at the logs of its workers",
    )
