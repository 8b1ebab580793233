"""A live system that keeps its resources in files, so that it outlives whoever deploys to it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.health import Health
from cdk_stream.results.plan import Difference, Key, Plan, Step
from cdk_stream.results.record import Record
from cdk_stream.workflow.proof import Proof


def no_proof(_plan: Plan, _last: Record | None) -> Proof:
    """For an environment that is not protected."""
    return Proof()


KINDS = {
    "registry": ("subject", "subject_compatibility"),
    "kafka": ("topic", "acl"),
    "gateway": ("gateway_acl", "group", "interceptor"),
    "flink": ("flink_job",),
    "connect": ("connector",),
}
Point = Callable[[str], None]
"""Called at every moment at which a test may want the process to end, or a request to fail."""


class FileSystem:
    """`log` tells every write; a job's `rows` are what it remembers, and are never to be lost."""

    def __init__(
        self,
        folder: Path,
        name: str,
        cluster: str,
        point: Point = lambda _: None,
        project: str = "",
    ) -> None:
        self.name = name
        self.cluster = cluster
        self.kinds: tuple[str, ...] = KINDS[name]
        self.asked = 0
        self._folder = folder / cluster / name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "log"
        self._point = point
        self._project = project
        self._lock = threading.Lock()

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        self._point(f"observe {self.name}")
        self.asked += 1
        keys = {*(one.key for one in wanted), *recorded}
        return {key: live for key in keys if (live := self._live(key)) is not None}

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        if live is None:
            return Comparison("create")
        if live.spec == wanted.spec and live.facts["running"]:
            return Comparison("nothing")
        action = "restart" if wanted.key.kind == "flink_job" else "update"
        return Comparison(action, "", (Difference("spec", "was", "is"),))  # type: ignore[arg-type]

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        self._point(f"before {step.id}")
        found = self.read(step.key)
        if wanted is None:
            if found is None:
                self._say(f"doubled {step.id}")
            self._path(step.key).unlink(missing_ok=True)
        elif step.key.kind == "flink_job":
            self._upgrade(step, wanted, found, notes)
        else:
            if found is not None and found["spec"] == wanted.spec:
                self._say(f"doubled {step.id}")
            self.write(step.key, wanted.spec)
        self._say(f"{step.action} {step.id}")
        self._point(f"after {step.id}")
        return Outcome(self._live(step.key))

    def close(self) -> None:
        """Nothing is open."""

    def _upgrade(
        self, step: Step, wanted: Wanted, found: dict[str, Any] | None, notes: Notes
    ) -> None:
        """Write down where the savepoint will be, stop with it, start from it.

        A job that was stopped knows nothing: without the note, its rows are lost.
        """
        name = notes.get("savepoint")
        if name is None:
            name = hashlib.sha1(orjson.dumps([str(step.key), found])).hexdigest()
            notes.keep("savepoint", name)
        self._point(f"noted {step.id}")
        savepoint = self._folder.parent.parent / f"savepoint-{name}"
        if found is not None and found["running"] and found["spec"] != wanted.spec:
            savepoint.write_text(str(found["rows"]))
            self.write(step.key, found["spec"], rows=0, running=False)
        self._point(f"stopped {step.id}")
        if found is None or not found["running"] or found["spec"] != wanted.spec:
            rows = int(savepoint.read_text()) if savepoint.exists() else 1
            self.write(step.key, wanted.spec, rows=rows, running=True)

    def read(self, key: Key) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = orjson.loads(self._path(key).read_bytes())
        except FileNotFoundError:
            return None
        return found

    def write(self, key: Key, spec: Any, rows: int = 0, running: bool = True) -> None:
        part = self._path(key).with_suffix(f".part{threading.get_ident()}")
        part.write_bytes(orjson.dumps({"spec": spec, "rows": rows, "running": running}))
        os.replace(part, self._path(key))

    def _live(self, key: Key) -> Live | None:
        found = self.read(key)
        if found is None:
            return None
        digest = hashlib.sha256(orjson.dumps([found["spec"], found["running"]])).hexdigest()
        holds = key.kind in ("topic", "subject")
        return Live(key, found["spec"], digest, None, {"running": found["running"]}, holds)

    def _path(self, key: Key) -> Path:
        """A job's own name bears that of its project."""
        owner = self._project if key.kind == "flink_job" else ""
        return self._folder / hashlib.sha1(f"{owner} {key}".encode()).hexdigest()

    def _say(self, line: str) -> None:
        with self._lock, open(self._log, "ab") as log:
            log.write(f"{line}\n".encode())


class FileJobs(FileSystem):
    """Jobs can rest: what they remember goes into a savepoint, and comes back from nowhere else."""

    def suspend(self, live: Live) -> tuple[Live | None, Mapping[str, Any]]:
        self._refuse_if_told(live.key)
        found = self.read(live.key)
        assert found is not None
        name = f"paused-{hashlib.sha1(str(live.key).encode()).hexdigest()}"
        if found["running"]:
            (self._folder.parent.parent / name).write_text(str(found["rows"]))
            self.write(live.key, found["spec"], rows=0, running=False)
            self._say(f"suspend {live.key}")
        return self._live(live.key), {"savepoint": name}

    def proceed(self, wanted: Wanted, live: Live | None) -> Live | None:
        self._refuse_if_told(wanted.key)
        rows = int((self._folder.parent.parent / wanted.settings["savepoint"]).read_text())
        self.write(wanted.key, wanted.spec, rows=rows)
        self._say(f"proceed {wanted.key}")
        return self._live(wanted.key)

    def health(self, live: Live) -> Health:
        return Health("running" if live.facts["running"] else "failed", "its job is a file")

    def _refuse_if_told(self, key: Key) -> None:
        """Fail for the job that a file beside the systems names."""
        refused = self._folder.parent.parent / "refuse"
        if refused.exists() and refused.read_text() == key.name:
            raise SystemFailed(f"the job '{key.name}' does not obey", "look at it")


def log(folder: Path) -> list[str]:
    """What was written to any of the systems, in order."""
    try:
        return (folder / "log").read_text().splitlines()
    except FileNotFoundError:
        return []


def snapshot(folder: Path) -> dict[str, bytes]:
    """All that is live."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.glob("*/*/*"))
        if path.is_file() and ".part" not in path.name
    }


def refused(what: str) -> SystemFailed:
    return SystemFailed(f"{what}: connection refused", again=True)
