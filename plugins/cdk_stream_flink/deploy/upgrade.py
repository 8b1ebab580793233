"""The deployment protocol of one job: ask, stop, start, judge, and put the old one back."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from cdk_stream.plugin.system import Notes, Secrets, SystemFailed
from cdk_stream_flink.deploy.jobmanager import Forgotten, Job, JobManager
from cdk_stream_flink.deploy.naming import JobName, read_name
from cdk_stream_flink.deploy.probation import Patience, judge
from cdk_stream_flink.deploy.start import OpenSession, Refused, Start, explain, submit
from cdk_stream_flink.deploy.stop import SAVEPOINT, stop

State = Literal["keep", "reset", "replay"]
_FAILED, _BACK, _STARTED = "failed", "put_back", "started"


@dataclass(frozen=True, slots=True)
class Flink:
    """The two doors of one Flink cluster, and how long to wait at them."""

    manager: JobManager
    gateway: OpenSession
    secrets: Secrets
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From what runs to what shall run."""

    name: JobName
    script: str
    state: State
    previous: tuple[JobName, str] | None = None
    """The name and script of the job before, if it is known: what is put back."""
    savepoint: str = ""
    """Where a job that was paused, and that Flink remembers no more, goes on from."""


def running(jobs: Iterable[Job], name: JobName) -> Job | None:
    """The live job of exactly this script."""
    return next((job for job in jobs if job.name == str(name) and not job.ended), None)


def upgrade(flink: Flink, wanted: Upgrade, old: Job | None, notes: Notes) -> str:
    """Bring the job there, once, however often it is called; what was done, in words.

    `old` is the job of the same model that ran before. Raises `SystemFailed` when the new job is
    not taken or fails its probation: then the old one runs again from where it was stopped.
    """
    if notes.get(_FAILED):  # a run before this one was killed while it put the old job back
        _put_back(flink, wanted, str(notes.get(SAVEPOINT) or ""), notes)
        raise _gave_way(wanted, str(notes.get(_FAILED)), notes)
    jobs = flink.manager.jobs()
    _refuse_others(jobs, wanted.name, old)
    job = running(jobs, wanted.name) or _started(flink, wanted.name, notes)
    if job is None:
        savepoint = _end_of(flink, wanted, old, notes)
        job_id = _start(flink, wanted, savepoint, notes)
        notes.keep(_STARTED, {"name": str(wanted.name), "job": job_id})
    else:
        savepoint, job_id = str(notes.get(SAVEPOINT) or ""), job.id
    fault = judge(flink.manager, job_id, flink.patience)
    if fault:
        _give_way(flink, wanted, job_id, savepoint, fault, notes)
    return f"job {job_id[:8]} runs" + (f", restored from {savepoint}" if savepoint else "")


def _started(flink: Flink, name: JobName, notes: Notes) -> Job | None:
    """The job that was started before, though the overview does not show it yet."""
    known = notes.get(_STARTED)
    if not known or known["name"] != str(name):
        return None
    try:
        job = flink.manager.job(known["job"])
    except Forgotten:
        return None
    return None if job.ended else job


def _refuse_others(jobs: Iterable[Job], name: JobName, old: Job | None) -> None:
    """Two jobs of a model write every row twice."""
    known = {str(name), old.name if old is not None else ""}
    for job in jobs:
        if not job.ended and job.name not in known and read_name(job.name).base == name.base:
            raise SystemFailed(
                f"another job of '{name.base}' runs: {job.id[:8]}",
                "stop it in Flink's own pages, or plan again",
            )


def _end_of(flink: Flink, wanted: Upgrade, old: Job | None, notes: Notes) -> str:
    """Stop the old job, if there is one; the savepoint to go on from, empty for none."""
    first = Start(wanted.name, wanted.script)
    if not notes.get(SAVEPOINT) and (old is None or not old.ended):
        _ask(flink, first)
    savepoint = str(notes.get(SAVEPOINT) or "")
    if savepoint and old is not None and not old.ended:
        stop(flink.manager, old.id, notes, flink.patience)  # killed before it was seen to end
    if not savepoint:
        savepoint = wanted.savepoint if old is None else _last_state(flink, wanted, old, notes)
    return savepoint if wanted.state == "keep" else ""


def _ask(flink: Flink, start: Start) -> None:
    try:
        explain(start, flink.gateway, flink.secrets)
    except Refused as reason:
        told = f"Flink's planner does not take the job '{start.name.base}': {reason}"
        raise SystemFailed(
            told, "nothing was stopped; `cdk-stream verify` asks it as well"
        ) from None


def _last_state(flink: Flink, wanted: Upgrade, old: Job, notes: Notes) -> str:
    """A job whose state is not wanted is stopped with a savepoint too: it may be put back."""
    if not old.ended:
        return _stopped(flink, wanted, old, notes)
    kept = flink.manager.kept_state(old.id) or wanted.savepoint
    if kept:
        notes.keep(SAVEPOINT, kept)
    elif wanted.state == "keep":
        raise SystemFailed(
            f"the job '{old.name}' has {old.state.lower()} and left no state",
            "say 'on_state_change: reset' or 'replay', or start it by hand from a checkpoint",
        )
    return kept


def _stopped(flink: Flink, wanted: Upgrade, old: Job, notes: Notes) -> str:
    """A job that fails over and over gives no savepoint; it may go when its state may go."""
    try:
        return stop(flink.manager, old.id, notes, flink.patience)
    except SystemFailed as failure:
        if wanted.state == "keep" or failure.unsure or failure.again:
            raise
    flink.manager.cancel(old.id)
    _await_end(flink, old.id)
    return ""


def _start(flink: Flink, wanted: Upgrade, savepoint: str, notes: Notes) -> str:
    start = Start(wanted.name, wanted.script, savepoint, wanted.state == "reset")
    try:
        return _submit(flink, start)
    except Refused as reason:
        _give_way(flink, wanted, "", savepoint, str(reason), notes)
        raise AssertionError from None  # giving way always raises


def _submit(flink: Flink, start: Start) -> str:
    """Start a job once: when the answer is lost, the job itself may still come."""
    try:
        return submit(start, flink.gateway, flink.secrets)
    except SystemFailed as failure:
        if not failure.unsure:
            raise
        deadline = time.monotonic() + flink.patience.close
        while time.monotonic() < deadline:
            job = running(flink.manager.jobs(), start.name)
            if job is not None:
                return job.id
            time.sleep(flink.patience.pause)
        raise


def _give_way(
    flink: Flink, wanted: Upgrade, job_id: str, savepoint: str, fault: str, notes: Notes
) -> None:
    notes.keep(_FAILED, fault)
    _put_back(flink, wanted, str(notes.get(SAVEPOINT) or savepoint), notes, job_id)
    raise _gave_way(wanted, fault, notes)


def _put_back(
    flink: Flink, wanted: Upgrade, savepoint: str, notes: Notes, job_id: str = ""
) -> None:
    """End the new job, and start the old one from the same savepoint; both once."""
    jobs = flink.manager.jobs()
    failed = running(jobs, wanted.name)
    for found in {job_id} | ({failed.id} if failed else set()):
        if found:
            flink.manager.cancel(found)
            _await_end(flink, found)
    if wanted.previous is None or not savepoint or notes.get(_BACK):
        return
    name, script = wanted.previous
    old = running(jobs, name)
    try:
        back = old.id if old else _submit(flink, Start(name, script, savepoint))
    except Refused as reason:
        raise SystemFailed(
            f"the job '{name}' cannot be put back: {reason}",
            f"start it by hand from the savepoint {savepoint}",
        ) from None
    notes.keep(_BACK, back)


def _await_end(flink: Flink, job_id: str) -> None:
    deadline = time.monotonic() + flink.patience.start
    while not flink.manager.job(job_id).ended:
        if time.monotonic() > deadline:
            raise SystemFailed(f"the job {job_id[:8]} does not end, though it was cancelled")
        time.sleep(flink.patience.pause)


def _gave_way(wanted: Upgrade, fault: str, notes: Notes) -> SystemFailed:
    message = f"the new job '{wanted.name.base}' failed: {fault}"
    if notes.get(_BACK):
        told = f"the old job runs again from {notes.get(SAVEPOINT)}"
        return SystemFailed(message, told, settled=True)
    notes.keep(_FAILED, None)  # the next deploy tries again, from the same state
    saved = notes.get(SAVEPOINT)
    rest = f"the old job's state is kept in {saved}" if saved else "no job of the model runs now"
    return SystemFailed(message, rest)
