"""Every upgrade done on a real Flink: what becomes of the state is what was foretold.

GOLDEN=write in the environment keeps the plans for the tests that run without Flink.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import orjson
import pytest

from cdk_stream_flink.sql_gateway import Session, StatementError, open_session
from cdk_stream_flink.state.compare import compare
from cdk_stream_flink.state.plan import read_plan
from cdk_stream_flink.state.signature import Signature, signature
from tests.plugins.flink.state.pairs import DRIFTING, HARMLESS
from tests.plugins.flink.state.plans import Plan, keep, signed
from tests.plugins.flink.state.upgrades import BASES, TABLES, UPGRADES, Outcome, Upgrade

_SETTINGS = {
    "execution.checkpointing.interval": "500 ms",
    "parallelism.default": "1",
    "restart-strategy.type": "none",
    "table.plan.compile.catalog-objects": "IDENTIFIER",
    "table.plan.force-recompile": "true",
}
_AT_ONCE = 6
_LIMIT = 60.0
_ENDED = ("CANCELED", "FAILED", "FINISHED")


class Attempt(NamedTuple):
    """A job started from the savepoint of another; none when it was refused."""

    name: str
    job: str | None


class Lab:
    """A session with the tables of the upgrades, and the JobManager that runs their jobs."""

    def __init__(self, session: Session, rest: str, folder: Path) -> None:
        self.session = session
        self.rest = rest
        self.planned: dict[str, Signature] = {}
        """Base or upgrade -> what its plan says now."""
        self.folder = folder
        self.count = 0
        for name in TABLES:
            session.execute(_table(name))

    def insert(self, name: str, upgrade: Upgrade | None = None) -> str:
        """The INSERT of a base or an upgrade, once it is planned."""
        job = upgrade or BASES[name]
        connector = upgrade.connector if upgrade else "blackhole"
        insert, plan = self.plan(job.sql, job.ttl, connector)
        if os.environ.get("GOLDEN") == "write":
            keep(name, plan)
        self.planned[name] = signature(read_plan(plan))
        return insert

    def plan(self, sql: str, ttl: str = "", connector: str = "blackhole") -> tuple[str, Plan]:
        """An INSERT for a query, and its plan."""
        sink = self._sink(sql, connector)
        self.session.execute(f"SET 'table.exec.state.ttl' = '{ttl or '0 ms'}'")
        insert = f"INSERT INTO {sink} {sql}"
        file = self.folder / f"{sink}.json"
        self.session.execute(f"COMPILE PLAN '{file.as_uri()}' FOR {insert}")
        return insert, orjson.loads(file.read_bytes())

    def _sink(self, sql: str, connector: str) -> str:
        self.count += 1
        name = f"out_{self.count}"
        self.session.execute(f"CREATE TEMPORARY VIEW asked AS {sql}")
        rows = self.session.execute("DESCRIBE asked").rows
        self.session.execute("DROP TEMPORARY VIEW asked")
        columns = ", ".join(f"`{row[0]}` {row[1].partition(' *')[0]}" for row in rows)
        self.session.execute(
            f"CREATE TEMPORARY TABLE {name} ({columns}) WITH ('connector' = '{connector}')"
        )
        return name

    def start(self, insert: str, savepoint: str = "") -> str | None:
        """The job's id; None when Flink refuses it."""
        if savepoint:
            self.session.execute(f"SET 'execution.state-recovery.path' = '{savepoint}'")
        try:
            return self.session.execute(insert).job_id
        except StatementError as refused:
            assert "Cannot map checkpoint/savepoint state" in str(refused)
            return None
        finally:
            self.session.execute("RESET 'execution.state-recovery.path'")

    def outcome(self, job: str | None) -> Outcome:
        """What becomes of a job that was started: it ends, or completes a checkpoint."""
        if job is None:
            return "refused"
        deadline = time.monotonic() + _LIMIT
        while time.monotonic() < deadline:
            state = self._state(job)
            if state == "FAILED":
                assert "StateMigrationException" in self._failure(job)
                return "fails"
            if state == "RUNNING" and self._checkpoints(job):
                return "goes on"
            time.sleep(0.05)
        raise AssertionError(f"job {job} neither runs nor fails")

    def stop(self, job: str) -> str:
        """Stop with a savepoint; the savepoint's path."""
        (row,) = self.session.execute(f"STOP JOB '{job}' WITH SAVEPOINT").rows
        return str(row[0])

    def cancel(self, jobs: list[str]) -> None:
        for job in jobs:
            httpx.patch(f"{self.rest}/jobs/{job}", params={"mode": "cancel"}, timeout=30)
        while any(self._state(job) not in _ENDED for job in jobs):
            time.sleep(0.05)

    def _state(self, job: str) -> str:
        return str(self._get(f"/jobs/{job}")["state"])

    def _checkpoints(self, job: str) -> int:
        counts = self._get(f"/jobs/{job}/checkpoints").get("counts", {})
        return int(counts.get("completed", 0))

    def _failure(self, job: str) -> str:
        history = self._get(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"]
        return str(history[0]["stacktrace"])

    def _get(self, path: str) -> dict[str, Any]:
        document: dict[str, Any] = httpx.get(f"{self.rest}{path}", timeout=30).json()
        return document


def _table(name: str) -> str:
    """Rows that are made up, with the time at which they are."""
    options = {"connector": "datagen", "rows-per-second": "50"}
    lines = []
    for column, type_ in TABLES[name].items():
        if type_.startswith("TIMESTAMP"):
            mark = f"`{column}` - INTERVAL '1' SECOND"
            lines += [f"`{column}` AS LOCALTIMESTAMP", f"WATERMARK FOR `{column}` AS {mark}"]
            continue
        lines.append(f"`{column}` {type_}")
        if type_ == "STRING":
            options[f"fields.{column}.length"] = "1"
        else:
            options |= {f"fields.{column}.min": "1", f"fields.{column}.max": "5"}
    told = ", ".join(f"'{key}' = '{value}'" for key, value in options.items())
    return f"CREATE TEMPORARY TABLE {name} ({', '.join(lines)}) WITH ({told})"


@pytest.fixture(scope="module")
def lab(flink: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_session(flink["url"], _SETTINGS) as session:
        yield Lab(session, flink["rest"], tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="module")
def savepoints(lab: Lab) -> dict[str, str]:
    """The state of every base, after it has run for some seconds."""
    inserts = {name: lab.insert(name) for name in BASES}
    jobs = {name: lab.start(insert) or "" for name, insert in inserts.items()}
    for job in jobs.values():
        assert lab.outcome(job) == "goes on"
    return {name: lab.stop(job) for name, job in jobs.items()}


@pytest.fixture(scope="module")
def outcomes(lab: Lab, savepoints: dict[str, str]) -> dict[str, Outcome]:
    """What Flink does with each upgrade."""
    found: dict[str, Outcome] = {}
    names = list(UPGRADES)
    for start in range(0, len(names), _AT_ONCE):
        attempts = [
            Attempt(name, _attempt(lab, name, savepoints))
            for name in names[start : start + _AT_ONCE]
        ]
        found |= {name: lab.outcome(job) for name, job in attempts}
        lab.cancel([job for name, job in attempts if job and found[name] == "goes on"])
    return found


def _attempt(lab: Lab, name: str, savepoints: dict[str, str]) -> str | None:
    upgrade = UPGRADES[name]
    return lab.start(lab.insert(name, upgrade), savepoints[upgrade.base])


@pytest.mark.parametrize("name", UPGRADES)
def test_flink_does_what_was_written_down(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name] == UPGRADES[name].outcome


@pytest.mark.parametrize("name", UPGRADES)
def test_the_verdict_is_what_happened(name: str, outcomes: dict[str, Outcome]) -> None:
    verdict = compare(signed(UPGRADES[name].base), signed(name)).verdict

    if outcomes[name] == "goes on":
        assert verdict in ("safe", "drift")
    else:
        assert verdict in ("pinned", "incompatible", "drift")
    assert (verdict == "incompatible") <= (outcomes[name] != "goes on")


@pytest.mark.parametrize("name", [*BASES, *UPGRADES])
def test_the_planner_still_says_what_was_recorded(
    name: str, lab: Lab, outcomes: dict[str, Outcome]
) -> None:
    assert lab.planned[name] == signed(name)


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_the_planner_keeps_the_state_of_what_we_call_harmless(old: str, new: str, lab: Lab) -> None:
    base, head = (signature(read_plan(lab.plan(sql)[1])) for sql in (old, new))

    assert compare(base, head).verdict == "safe"


@pytest.mark.parametrize(("old", "new"), DRIFTING)
def test_the_planner_does_not_keep_what_we_call_drifting(old: str, new: str, lab: Lab) -> None:
    base, head = (signature(read_plan(lab.plan(sql)[1])) for sql in (old, new))

    assert compare(base, head).verdict in ("drift", "incompatible")
