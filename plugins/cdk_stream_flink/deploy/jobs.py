"""The jobs of one Flink cluster as a live system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.health import Condition, Health
from cdk_stream.results.plan import Danger, Difference, Key, Step
from cdk_stream_flink.deploy.differences import differences
from cdk_stream_flink.deploy.jobmanager import Forgotten, Job
from cdk_stream_flink.deploy.naming import job_name, read_name
from cdk_stream_flink.deploy.stop import SAVEPOINT, stop
from cdk_stream_flink.deploy.upgrade import Flink, State, Upgrade, upgrade

KIND = "flink_job"
_OLD = "old"
_CONDITIONS: dict[str, Condition] = {
    "CREATED": "starting",
    "INITIALIZING": "starting",
    "RUNNING": "running",
    "RESTARTING": "degraded",
    "FAILING": "degraded",
    "FAILED": "failed",
    "CANCELLING": "failed",
    "CANCELED": "failed",
    "FINISHED": "paused",
    "SUSPENDED": "degraded",
}


class Forgetful:
    """Notes for what can be asked again after a kill: Flink itself knows where a job stopped."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        return self._kept.get(name)

    def keep(self, name: str, value: Any) -> None:
        self._kept[name] = value


class FlinkJobs:
    """Session jobs that an SQL Gateway starts, known by their names."""

    name = "flink"
    kinds: tuple[str, ...] = (KIND,)

    def __init__(self, cluster: str, project: str, flink: Flink) -> None:
        self.cluster = cluster
        self._project = project
        self._flink = flink

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """In one request: the job of each name that runs; of a recorded one, else the newest.

        A job that has ended and that nobody remembers is history.
        """
        asked = {_base(one): one.key for one in wanted}
        known = {f"{self._project}.{key.name}": key for key in recorded}
        found: dict[Key, Live] = {}
        for base, jobs in _by_base(self._flink.manager.jobs()).items():
            key = known.get(base) or (None if _ended(jobs) else asked.get(base))
            key = key or self._unasked(base, jobs)
            if key is not None:
                found[key] = _live(key, jobs)
        return found

    def _unasked(self, base: str, jobs: Iterable[Job]) -> Key | None:
        """A job of this project that nobody wants or remembers."""
        project, _, model = base.partition(".")
        if project != self._project or _ended(jobs):
            return None
        return Key(self.name, self.cluster, KIND, model)

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        if live is None:
            return Comparison("create", "no such job runs")
        name = job_name(wanted.spec, wanted.digest)
        mark = live.facts["mark"]
        if mark == name.mark and live.facts["running"]:
            return Comparison("nothing")
        if mark == name.mark:
            return Comparison("restart", f"its job has {live.facts['state'].lower()}")
        state = _state(wanted)
        action, dangers = _dangers(state)
        differences = _lines(wanted) or (Difference("script", mark, name.mark),)
        return Comparison(action, "its script differs", differences, dangers)

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        old = self._old(wanted, live, notes)
        if wanted is None:
            return self._end(old, notes)
        told = upgrade(self._flink, _upgrade(wanted, old), old, notes)
        return Outcome(self.observe([wanted], ()).get(wanted.key), told=told)

    def suspend(self, live: Live) -> tuple[Live | None, Mapping[str, Any]]:
        """Stopped with a savepoint, which is what it goes on from."""
        flink = self._flink
        savepoint = stop(flink.manager, live.facts["job"], Forgetful(), flink.patience)
        return self.observe((), [live.key]).get(live.key), {"savepoint": savepoint}

    def proceed(self, wanted: Wanted, live: Live | None) -> Live | None:
        """Started from its savepoint, once, and on probation as after an upgrade."""
        old = self._flink.manager.job(live.facts["job"]) if live is not None else None
        upgrade(self._flink, _upgrade(wanted, old), old, Forgetful())
        return self.observe((), [wanted.key]).get(wanted.key)

    def health(self, live: Live) -> Health:
        """A job that has finished was stopped with a savepoint, by us or by somebody."""
        state = str(live.facts["state"])
        return Health(_CONDITIONS.get(state, "unknown"), f"its job is {state.lower()}")

    def close(self) -> None:
        self._flink.manager.close()

    def _end(self, old: Job | None, notes: Notes) -> Outcome:
        if old is None or old.ended:
            return Outcome(None, changed=False)
        savepoint = stop(self._flink.manager, old.id, notes, self._flink.patience)
        return Outcome(None, told=f"stopped, its state is kept in {savepoint}")

    def _old(self, wanted: Wanted | None, live: Live | None, notes: Notes) -> Job | None:
        """The job that ran when the deploy began: after a kill, `live` may be the new one."""
        known = notes.get(_OLD)
        if known is None:
            known = {"job": live.facts["job"]} if live is not None else {"job": ""}
            notes.keep(_OLD, known)
        try:
            return self._flink.manager.job(known["job"]) if known["job"] else None
        except Forgotten as lost:
            if wanted is not None and _state(wanted) == "keep" and not notes.get(SAVEPOINT):
                mend = "say 'on_state_change: reset' or 'replay': what it remembered is not known"
                raise SystemFailed(str(lost), mend) from None
            return None


def _by_base(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(read_name(job.name).base, []).append(job)
    return found


def _ended(jobs: Iterable[Job]) -> bool:
    return all(job.ended for job in jobs)


def _live(key: Key, jobs: list[Job]) -> Live:
    """The job that runs, else the newest; two that run would write every row twice."""
    alive = [job for job in jobs if not job.ended]
    if len(alive) > 1:
        raise SystemFailed(
            f"{len(alive)} jobs of '{key.name}' run: {', '.join(job.id[:8] for job in alive)}",
            "stop all but one of them in Flink's own pages",
        )
    job = alive[0] if alive else jobs[0]
    name = read_name(job.name)
    spec = {"name": name.base, "script": name.mark, "running": not job.ended}
    digest = hashlib.sha256(f"{name}\n{not job.ended}".encode()).hexdigest()
    facts = {"job": job.id, "state": job.state, "mark": name.mark, "running": not job.ended}
    return Live(key, spec, digest, bool(name.mark) or None, facts)


def _base(wanted: Wanted) -> str:
    return job_name(wanted.spec, wanted.digest).base


def _state(wanted: Wanted) -> State:
    return cast(State, wanted.settings.get("state") or "keep")


def _upgrade(wanted: Wanted, old: Job | None) -> Upgrade:
    known = old is not None and isinstance(wanted.previous, str)
    return Upgrade(
        job_name(wanted.spec, wanted.digest),
        wanted.spec,
        _state(wanted),
        (read_name(old.name), wanted.previous) if old is not None and known else None,
        str(wanted.settings.get("savepoint") or ""),
    )


def _lines(wanted: Wanted) -> tuple[Difference, ...]:
    previous = wanted.previous
    return tuple(differences(previous, wanted.spec)) if isinstance(previous, str) else ()


def _dangers(state: State) -> tuple[Any, tuple[tuple[Danger, str], ...]]:
    if state == "keep":
        return "restart", (("downtime", "the job is stopped with a savepoint and started from it"),)
    if state == "replay":
        why = "it starts empty and reads its inputs again: results come out once more"
        return "replace", (("replay", why),)
    why = "it starts empty where the old job stopped: totals begin at nothing"
    return "replace", (("state_drift", why),)
