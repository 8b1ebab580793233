"""A JobManager and an SQL Gateway as one function of requests, with one fault among them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

FAULTS = ("refused", "timeout", "error", "reset", "truncated", "empty")
"""`refused` and `error` come before the request arrives; the others lose its answer."""
_SET = re.compile(r"SET '(.*)' = '(.*)'")


@dataclass
class Running:
    """One job, as Flink remembers it."""

    id: str
    name: str
    state: str = "RUNNING"
    restored: str = ""
    savepoint: str = ""
    inserted: bool = False
    overviews: int = 0

    def told(self) -> dict[str, Any]:
        vertices = [{"status": self.state}]
        start = int(self.id, 16)
        return {
            "jid": self.id,
            "name": self.name,
            "state": self.state,
            "start-time": start,
            "vertices": vertices,
        }


@dataclass
class FlinkDouble:
    """Stateful; `fault` strikes the `strikes`-th request, or all from there on with `forever`."""

    fault: str = ""
    strikes: int = 0
    forever: bool = False
    late: int = 0
    """How many overviews do not show a job yet that an INSERT has started."""
    jobs: list[Running] = field(default_factory=list)
    asked: int = 0
    most: int = 0
    """How many jobs have run at one time."""
    settings: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        hit = self.asked == self.strikes or (self.forever and self.asked >= self.strikes > 0)
        if hit and self.fault == "refused":
            raise httpx.ConnectError("connection refused")
        if hit and self.fault == "error":
            return httpx.Response(500, text="oops")
        status, told = self._answer(request)
        self.most = max(self.most, len(self.alive))
        if hit and self.fault == "timeout":
            raise httpx.ReadTimeout("timed out")
        if hit and self.fault == "reset":
            raise httpx.ReadError("connection reset")
        if hit and self.fault == "truncated":
            return httpx.Response(status, text=json.dumps(told)[:-1])
        return httpx.Response(status, json={} if hit and self.fault == "empty" else told)

    @property
    def alive(self) -> list[Running]:
        return [job for job in self.jobs if job.state == "RUNNING"]

    def _answer(self, request: httpx.Request) -> tuple[int, Any]:
        path = request.url.path
        if path.startswith("/v3"):
            return 200, self._gateway(request.method, path, request.content)
        if path == "/jobs/overview":
            return 200, {"jobs": [job.told() for job in self.jobs if self._shown(job)]}
        _, _, job_id, *rest = path.split("/")
        job = next((one for one in self.jobs if one.id == job_id), None)
        if job is None:
            return 404, {"errors": [f"Could not find Flink job ({job_id})"]}
        return 200, self._job(request.method, job, rest)

    def _shown(self, job: Running) -> bool:
        job.overviews += 1
        return not job.inserted or job.overviews > self.late

    def _job(self, method: str, job: Running, rest: list[str]) -> Any:
        if method == "PATCH":
            job.state = "CANCELED"
            return {}
        if rest == ["stop"]:
            job.state, job.savepoint = "FINISHED", f"file:/savepoints/{job.id}"
            return {"request-id": "1"}
        if rest == ["checkpoints"]:
            latest = {"savepoint": {"external_path": job.savepoint} if job.savepoint else None}
            return {"request-id": "2"} if method == "POST" else {"latest": latest}
        if rest[:1] == ["exceptions"]:
            return {"exceptionHistory": {"entries": []}}
        if rest:
            return {"status": {"id": "COMPLETED"}, "operation": {"location": job.savepoint}}
        return job.told()

    def _gateway(self, method: str, path: str, content: bytes) -> Any:
        if path == "/v3/sessions":
            self.settings = {}
            return {"sessionHandle": "s"}
        if path.endswith("/statements"):
            return {"operationHandle": self._execute(json.loads(content)["statement"])}
        if path.endswith("/info"):
            return {"version": "2.3.0"}
        if method != "GET":
            return {"status": "CLOSED"}
        job_id = path.split("/")[5].removeprefix("o")
        return {"resultType": "EOS", "results": {}, **({"jobID": job_id} if job_id else {})}

    def _execute(self, statement: str) -> str:
        found = _SET.match(statement)
        if found:
            self.settings[found[1]] = found[2]
        if not statement.startswith("INSERT"):
            return "o"
        restored = self.settings.get("execution.state-recovery.path", "")
        name = self.settings["pipeline.name"]
        self.jobs.append(
            Running(f"{len(self.jobs) + 1:032x}", name, restored=restored, inserted=True)
        )
        return f"o{self.jobs[-1].id}"
