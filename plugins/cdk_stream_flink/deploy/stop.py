"""A running job -> its savepoint, whatever moment the deploy was killed at before."""

from __future__ import annotations

import time

from cdk_stream.plugin.system import Notes, SystemFailed
from cdk_stream_flink.deploy.jobmanager import Forgotten, JobManager
from cdk_stream_flink.deploy.probation import Patience
from cdk_stream_flink.stack_trace import read_failure

SAVEPOINT = "savepoint"
_STOPPING = "stopping"
_TRIES = 3


def stop(manager: JobManager, job_id: str, notes: Notes, patience: Patience) -> str:
    """Stop a job with a savepoint; the savepoint's address.

    Raises `SystemFailed` when there is none: then the job goes on as before.
    """
    known = notes.get(SAVEPOINT)
    if not known:
        known = _left(manager, job_id, notes, patience) or _asked(manager, job_id, notes, patience)
        notes.keep(SAVEPOINT, known)
    # the savepoint is there a moment before the job has ended, and two must never run at once
    try:
        if not _finishes(manager, job_id, patience):
            name = manager.job(job_id).name
            raise SystemFailed(f"the job '{name}' wrote its savepoint and does not end")
    except Forgotten:
        return str(known)  # a JobManager that was started again runs nothing that it does not know
    return str(known)


def _left(manager: JobManager, job_id: str, notes: Notes, patience: Patience) -> str:
    """What the run before this one asked for, if it did not live to see the answer."""
    asked = notes.get(_STOPPING)
    if asked and asked["job"] == job_id:
        if asked["request"]:
            return _await(manager, job_id, asked["request"], patience)[0]
        _finishes(manager, job_id, patience)  # two requests at once disturb each other
    return manager.kept_state(job_id) if manager.job(job_id).state == "FINISHED" else ""


def _asked(manager: JobManager, job_id: str, notes: Notes, patience: Patience) -> str:
    reason = ""
    for _ in range(_TRIES):
        notes.keep(_STOPPING, {"job": job_id, "request": ""})
        request = manager.stop(job_id)
        notes.keep(_STOPPING, {"job": job_id, "request": request})
        location, reason = _await(manager, job_id, request, patience)
        if location:
            return location
    raise SystemFailed(
        f"Flink writes no savepoint of the job '{manager.job(job_id).name}': {reason}",
        "it goes on as before; see that it runs and has an `execution.checkpointing.savepoint-dir`,"
        " or say 'on_state_change: reset' or 'replay'",
    )


def _await(manager: JobManager, job_id: str, request: str, patience: Patience) -> tuple[str, str]:
    """The savepoint's address, else why there is none."""
    deadline = time.monotonic() + patience.stop
    while time.monotonic() < deadline:
        trigger = manager.stopped(job_id, request)
        if trigger.state == "done":
            return trigger.location, ""
        if trigger.state == "failed":
            if _finishes(manager, job_id, patience):  # by a request that was lost
                return manager.kept_state(job_id), "the job has ended without one"
            return "", read_failure(trigger.failure).message.splitlines()[0]
        time.sleep(patience.pause)
    return "", f"none was complete after {patience.stop:.0f} seconds"


def _finishes(manager: JobManager, job_id: str, patience: Patience) -> bool:
    deadline = time.monotonic() + patience.close
    while time.monotonic() < deadline:
        job = manager.job(job_id)
        if job.ended:
            return job.state == "FINISHED"
        time.sleep(patience.pause)
    return False
