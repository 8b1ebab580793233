"""The JobManager over REST: which jobs there are, how they fare, and how they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from cdk_stream.plugin.system import SystemFailed

_ENDED = ("FINISHED", "CANCELED", "FAILED")
_TRIES = 4
_PAUSE = 0.25


class Forgotten(SystemFailed):
    """The JobManager knows no such job: it was started again since, or the job is long over."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the overview tells it."""

    id: str
    name: str
    state: str
    """Flink's own word: `RUNNING`, `RESTARTING`, `FAILED`, `FINISHED`, ..."""
    started: int
    """Milliseconds since 1970."""

    @property
    def ended(self) -> bool:
        """Whether it will never run again."""
        return self.state in _ENDED


@dataclass(frozen=True, slots=True)
class Trigger:
    """How an asynchronous request of ours goes on."""

    state: Literal["running", "done", "failed"]
    location: str = ""
    failure: str = ""


class JobManager:
    """The REST API of one Flink cluster; every method raises `SystemFailed`."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 15.0,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause
        address = httpx.URL(url)
        self._client = httpx.Client(
            base_url=address.copy_with(userinfo=b""),
            auth=(address.username, address.password) if address.userinfo else None,
            timeout=timeout,
            transport=transport,
            trust_env=False,
        )

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return str(self._client.base_url).rstrip("/")

    def jobs(self) -> list[Job]:
        """All jobs it remembers, the newest first; one request."""
        told = self._get("/jobs/overview", "jobs")["jobs"]
        found = [self._job(one) for one in told or ()]
        return sorted(found, key=lambda job: -job.started)

    def job(self, job_id: str) -> Job:
        """One job."""
        reply = self._retried("GET", f"/jobs/{job_id}")
        if reply.status_code == httpx.codes.NOT_FOUND:
            message = f"the JobManager at '{self.address}' knows no job {job_id[:8]} any more"
            raise Forgotten(message, "plan again; if it was started again, see what still runs")
        return self._job(self._document(reply))

    def tasks_running(self, job_id: str) -> bool:
        """Whether every task of the job runs."""
        vertices = self._get(f"/jobs/{job_id}", "vertices")["vertices"]
        return bool(vertices) and all(one.get("status") == "RUNNING" for one in vertices)

    def failures(self, job_id: str) -> list[str]:
        """What has gone wrong in the job since it was started, the newest first."""
        told = self._get(f"/jobs/{job_id}/exceptions")
        entries = (told.get("exceptionHistory") or {}).get("entries") or ()
        return [str(one.get("stacktrace") or one.get("exceptionName")) for one in entries]

    def stop(self, job_id: str) -> str:
        """Ask for a savepoint and the end of the job; the id of the request."""
        reply = self._send("POST", f"/jobs/{job_id}/stop", {"drain": False}, "request-id")
        return str(reply["request-id"])

    def stopped(self, job_id: str, request: str) -> Trigger:
        """How far a `stop` has come; a request that is not known counts as failed."""
        return self._trigger(f"/jobs/{job_id}/savepoints/{request}")

    def kept_state(self, job_id: str) -> str:
        """The address of what a job left: its last savepoint, else a checkpoint that was kept."""
        latest = self._get(f"/jobs/{job_id}/checkpoints").get("latest") or {}
        for kind in ("savepoint", "completed"):
            found = latest.get(kind) or {}
            if found.get("external_path") and not found.get("discarded"):
                return str(found["external_path"])
        return ""

    def checkpoint(self, job_id: str) -> str:
        """Ask for a checkpoint now; the id of the request."""
        path, body = f"/jobs/{job_id}/checkpoints", {"checkpointType": "CONFIGURED"}
        reply = self._send("POST", path, body, "request-id")
        return str(reply["request-id"])

    def checkpointed(self, job_id: str, request: str) -> Trigger:
        """How far a `checkpoint` has come."""
        return self._trigger(f"/jobs/{job_id}/checkpoints/{request}")

    def cancel(self, job_id: str) -> None:
        """End a job without a savepoint; a job that has ended already is fine."""
        reply = self._reply("PATCH", f"/jobs/{job_id}?mode=cancel")
        if reply.is_error and not self.job(job_id).ended:
            raise self._refused(reply)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _trigger(self, path: str) -> Trigger:
        reply = self._retried("GET", path)
        if reply.status_code == httpx.codes.NOT_FOUND:
            return Trigger("failed", failure="Flink knows the request no more")
        told = self._document(reply, "status")
        if (told["status"] or {}).get("id") != "COMPLETED":
            return Trigger("running")
        operation: dict[str, Any] = told.get("operation") or {}
        cause = operation.get("failure-cause")
        if cause:
            return Trigger("failed", failure=str(cause.get("stack-trace") or cause.get("class")))
        return Trigger("done", location=str(operation.get("location") or ""))

    def _job(self, told: Mapping[str, Any]) -> Job:
        try:
            return Job(told["jid"], told["name"], told["state"], told["start-time"])
        except (KeyError, TypeError):
            raise self._strange(unsure=False) from None

    def _get(self, path: str, *fields: str) -> dict[str, Any]:
        return self._document(self._retried("GET", path), *fields)

    def _send(self, method: str, path: str, body: object, *fields: str) -> dict[str, Any]:
        return self._document(self._reply(method, path, body), *fields)

    def _retried(self, method: str, path: str) -> httpx.Response:
        """Questions may be asked again; a few times, since the answer may never come."""
        for attempt in range(1, _TRIES):
            try:
                reply = self._reply(method, path)
            except SystemFailed:
                reply = None
            if reply is not None and reply.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return reply
            self._pause(_PAUSE * 2**attempt)
        return self._reply(method, path)

    def _reply(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            message = f"the JobManager at '{self.address}' does not answer: {_said(error)}"
            mend = "check `flink: jobmanager:` of the cluster, and that it runs"
            asked = method == "GET"
            raise SystemFailed(message, mend, unsure=not asked, again=asked) from error

    def _document(self, reply: httpx.Response, *fields: str) -> dict[str, Any]:
        """A JSON object that has these fields."""
        if reply.is_error:
            raise self._refused(reply)
        try:
            document = reply.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or not document.keys() >= set(fields):
            raise self._strange(unsure=reply.request.method != "GET")
        return document

    def _strange(self, *, unsure: bool) -> SystemFailed:
        return SystemFailed(
            f"the JobManager at '{self.address}' does not speak as one",
            "check `flink: jobmanager:` of the cluster, and what stands before it",
            unsure=unsure,
            again=not unsure,
        )

    def _refused(self, reply: httpx.Response) -> SystemFailed:
        try:
            told = str(reply.json()["errors"][-1]).strip().splitlines()[0]
        except (ValueError, KeyError, IndexError, TypeError):
            told = f"{reply.status_code} {reply.reason_phrase}"
        asked, broken = reply.request.method == "GET", reply.is_server_error
        message = f"the JobManager at '{self.address}' refuses: {told}"
        return SystemFailed(message, unsure=broken and not asked, again=broken and asked)


def _said(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
