"""A running job -> its savepoint, whatever moment the deploy was killed at before."""

from __future__ import annotations

import time

from cdk_stream.plugin.system import Notes, SystemFailed
from cdk_stream_flink.deploy.jobmanager import JobManager
from cdk_stream_flink.deploy.probation import Patience
from cdk_stream_flink.stack_trace import read_failure

SAVEPOINT = "savepoint"
_STOPPING = "stopping"


def stop(manager: JobManager, job_id: str, notes: Notes, patience: Patience) -> str:
    """Stop a job with a savepoint; the savepoint's address.

    Raises `SystemFailed` when there is none: then the job goes on as before.
    """
    known = notes.get(SAVEPOINT)
    if known:
        _await_end(manager, job_id, patience)
        return str(known)
    location = _from_the_last_run(manager, job_id, notes, patience) or _stop(
        manager, job_id, notes, patience
    )
    notes.keep(SAVEPOINT, location)
    _await_end(manager, job_id, patience)
    return location


def _await_end(manager: JobManager, job_id: str, patience: Patience) -> None:
    """The savepoint is there a moment before the job has ended; two must never run at once."""
    if not _finishes(manager, job_id, patience):
        name = manager.job(job_id).name
        raise SystemFailed(f"the job '{name}' wrote its savepoint and does not end")


def _from_the_last_run(
    manager: JobManager, job_id: str, notes: Notes, patience: Patience
) -> str | None:
    """A run before this one may have asked already, and not have lived to see the answer."""
    asked = notes.get(_STOPPING)
    if asked and asked["job"] == job_id and asked.get("request"):
        trigger = _await(manager, job_id, asked["request"], patience)
        if trigger:
            return trigger
    if manager.job(job_id).state == "FINISHED":
        return manager.kept_state(job_id) or None
    return None


def _stop(manager: JobManager, job_id: str, notes: Notes, patience: Patience) -> str:
    notes.keep(_STOPPING, {"job": job_id, "request": ""})
    request = manager.stop(job_id)
    notes.keep(_STOPPING, {"job": job_id, "request": request})
    location = _await(manager, job_id, request, patience)
    if not location:
        raise SystemFailed(
            f"Flink wrote no savepoint of the job '{manager.job(job_id).name}' in "
            f"{patience.stop:.0f} seconds",
            "look at its checkpoints in Flink's own pages",
        )
    return location


def _await(manager: JobManager, job_id: str, request: str, patience: Patience) -> str:
    deadline = time.monotonic() + patience.stop
    while time.monotonic() < deadline:
        trigger = manager.stopped(job_id, request)
        if trigger.state == "done":
            return trigger.location
        if trigger.state == "failed":
            # another request of ours may be ending it: one that was lost with the run before
            if _finishes(manager, job_id, patience):
                return manager.kept_state(job_id)
            raise _refused(manager, job_id, trigger.failure)
        time.sleep(patience.pause)
    return ""


def _finishes(manager: JobManager, job_id: str, patience: Patience) -> bool:
    deadline = time.monotonic() + patience.close
    while time.monotonic() < deadline:
        job = manager.job(job_id)
        if job.ended:
            return job.state == "FINISHED"
        time.sleep(patience.pause)
    return False


def _refused(manager: JobManager, job_id: str, trace: str) -> SystemFailed:
    reason = read_failure(trace).message.splitlines()[0]
    return SystemFailed(
        f"Flink writes no savepoint of the job '{manager.job(job_id).name}': {reason}",
        "it goes on as before; set `execution.checkpointing.savepoint-dir` if it has nowhere to go",
    )
