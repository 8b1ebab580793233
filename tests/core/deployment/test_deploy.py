"""What a deploy does when all goes well, and when it does not."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import orjson
import pytest

from cdk_stream.deployment import step as carrying
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.problems import Refused
from cdk_stream.results.plan import Key
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.deploy import Order, deploy
from cdk_stream.workflow.draft import Asked
from tests.core.deployment.conftest import Quiet, World
from tests.core.deployment.double import FileSystem, log, no_proof, refused, snapshot
from tests.core.deployment.test_plan import spec

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "docs" / "deployment-record.schema.json"


class Faults:
    """Fails at chosen points, so many times."""

    def __init__(self, times: dict[str, int], failure: SystemFailed) -> None:
        self._left = Counter(times)
        self._failure = failure
        self._lock = threading.Lock()

    def __call__(self, what: str) -> None:
        with self._lock:
            if self._left[what] > 0:
                self._left[what] -= 1
                raise self._failure


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_FIRST_PAUSE", 0)


TIMEOUT = SystemFailed("the request timed out", unsure=True)
NOT_FOUND = SystemFailed("the registry says 404")


def test_a_second_deploy_of_the_same_writes_nothing(world: World, first: Compiled) -> None:
    done = world.deploy(first)
    assert Counter(one.result for one in done.results) == {"done": 40}
    written, serial = log(world.live), done.record and done.record.serial
    again = world.deploy(first)
    assert log(world.live) == written
    assert again.record is not None and again.record.serial == serial == 1


def test_the_record_says_what_was_left_behind(world: World, first: Compiled) -> None:
    record = world.deploy(first).record
    assert record is not None
    document = json.loads((world.folder / "state" / "records" / "000001.json").read_text())
    assert document == json.loads(json.dumps(record.document()))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    job = next(
        one for one in document["resources"] if one["name"] == "m1" and one["kind"] == "topic"
    )
    assert job["needs"] == ["main/subject/m0-value", "main/subject/m1-value", "main/topic/m0"]
    assert not (world.folder / "state" / "journal.jsonl").exists()


@pytest.mark.parametrize(
    ("point", "failure"),
    [
        ("before main/topic/m0", refused("the brokers")),
        ("before main/topic/m0", TIMEOUT),
        ("after main/topic/m0", TIMEOUT),
        ("after main/flink_job/m1", TIMEOUT),
        ("noted main/flink_job/m1", TIMEOUT),
    ],
)
def test_a_fault_that_passes_is_not_noticed_and_nothing_is_done_twice(
    world: World, first: Compiled, point: str, failure: SystemFailed
) -> None:
    done = world.deploy(first, point=Faults({point: 2}, failure))
    assert not done.failed
    assert not [line for line in log(world.live) if line.startswith("doubled")]
    assert world.plan(first).plan.writes == ()


def test_retries_are_bounded(world: World, first: Compiled) -> None:
    tried: list[str] = []

    def never(what: str) -> None:
        tried.append(what)
        if what == "before main/subject/m0-value":
            raise refused("the registry")

    world.deploy(first, point=never)
    assert tried.count("before main/subject/m0-value") == carrying.ATTEMPTS


def test_what_fails_for_good_keeps_back_what_needs_it_and_nothing_else(
    world: World, first: Compiled
) -> None:
    done = world.deploy(first, point=Faults({"before main/topic/m0": 1}, NOT_FOUND))
    results = {one.id: one for one in done.results}
    assert results["main/topic/m0"].told == "the registry says 404"
    skipped = {id_ for id_, one in results.items() if one.result == "skipped"}
    assert skipped == {
        "main/acl/cdk-shop-m0@model.m0",
        "main/acl/cdk-shop-m1@model.m1",
        "main/flink_job/m0",
        "main/flink_job/m1",
        "main/topic/m1",
    }
    assert sum(one.result == "done" for one in results.values()) == 34
    assert done.failed and done.record is not None and done.record.outcome == "failed"
    assert Key("kafka", "main", "topic", "m0") not in done.record.resources
    assert not world.deploy(first).failed
    assert len(log(world.live)) == 40


def test_a_write_that_may_have_arrived_is_in_the_record(world: World, first: Compiled) -> None:
    done = world.deploy(first, point=Faults({"after main/topic/m0": 9}, TIMEOUT))
    # it is looked at again, and it is there
    assert not done.failed
    gone = Faults({"before main/topic/m0": 9, "observe kafka": 0}, TIMEOUT)
    world_two = World(world.folder / "two")
    (world_two.folder / "live").mkdir(parents=True)
    done = world_two.deploy(first, point=gone)
    assert done.record is not None
    unsure = done.record.resources[Key("kafka", "main", "topic", "m0")]
    assert (unsure.unfinished, unsure.digest) == ("create", "")
    again = world_two.plan(first).plan
    topic = next(one for one in again.steps if one.id == "main/topic/m0")
    assert topic.action == "create"


@pytest.mark.parametrize("settled", [False, True])
def test_a_step_that_failed_half_way_keeps_its_notes_unless_it_undid_itself(
    world: World, first: Compiled, second: Compiled, settled: bool
) -> None:
    world.deploy(first)
    job = Key("flink", "main", "flink_job", "m0")
    failure = SystemFailed("the new job fails", settled=settled)
    done = world.deploy(second, point=Faults({"stopped main/flink_job/m0": 9}, failure))
    assert done.record is not None
    left = done.record.resources[job]
    assert (left.unfinished, list(left.notes)) == (
        ("", []) if settled else ("restart", ["savepoint"])
    )
    assert left.spec == spec(first, "main/flink_job/m0.sql")
    assert not world.deploy(second).failed


def test_a_write_that_cannot_be_seen_is_no_success(
    world: World, first: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = FileSystem.write

    def lost(self: FileSystem, key: Key, *rest: object, **more: object) -> None:
        if key.kind != "topic":
            written(self, key, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(FileSystem, "write", lost)
    done = world.deploy(first)
    topics = [one for one in done.results if one.id.startswith("main/topic/m0")]
    assert [(one.result, one.told) for one in topics] == [
        ("failed", "'main/topic/m0' does not show what was asked of it")
    ]


def test_the_approved_plan_is_carried_out_and_no_other(
    world: World, first: Compiled, second: Compiled
) -> None:
    digest = world.plan(first).plan.digest
    with pytest.raises(Refused, match=f"CS833 the plan is now .*, not {digest[:12]}"):
        world.deploy(second, digest)
    assert log(world.live) == []
    assert not world.deploy(first, digest).failed
    written = log(world.live)
    assert world.deploy(first, digest).plan.writes == ()  # once more is no harm
    assert log(world.live) == written


def test_a_live_system_that_changed_since_the_plan_refuses_it(
    world: World, first: Compiled, second: Compiled
) -> None:
    world.deploy(first)
    digest = world.plan(second).plan.digest
    job = Key("flink", "main", "flink_job", "m3")
    FileSystem(world.live, "flink", "main").write(job, "-- by hand")
    with pytest.raises(Refused, match="CS833"):
        world.deploy(second, digest)


def test_two_deploys_at_once_never_interleave(world: World, first: Compiled) -> None:
    site, inside, outcome = world.site(first), threading.Event(), []

    def wait(what: str) -> None:
        if what == "before main/topic/m4":
            inside.set()
            release.wait(5)

    release = threading.Event()
    for system in site.systems:
        system._point = wait  # type: ignore[attr-defined]
    order = Order(by="dana")
    runner = threading.Thread(
        target=lambda: outcome.append(deploy(site, order, no_proof, Quiet()).failed)
    )
    runner.start()
    assert inside.wait(5)
    world.runs -= 1  # at the same time
    before = len(log(world.live))
    with pytest.raises(Refused, match="CS835 another deploy of 'dev' runs: dana, process"):
        world.deploy(first)
    assert len(log(world.live)) == before
    release.set()
    runner.join()
    assert outcome == [False]
    world.runs += 1
    assert world.deploy(first).plan.writes == ()


def test_a_deploy_whose_lease_was_taken_over_stops_before_its_next_step(
    world: World, first: Compiled
) -> None:
    site = world.site(first)
    taken: list[object] = []

    def take(what: str) -> None:
        if what == "before main/topic/m0" and not taken:
            taken.append(world.site(first).store.acquire("another", 30))

    for system in site.systems:
        system._point = take  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"CS839 the lease of .* is lost: another deploy took"):
        deploy(site, Order(by="a test"), no_proof, Quiet())
    assert not [line for line in log(world.live) if line.startswith("create main/flink_job")]
    world.runs += 1
    done = world.deploy(first)
    assert not done.failed
    assert not [line for line in log(world.live) if line.startswith("doubled")]


def test_a_record_that_cannot_be_read_refuses(world: World, first: Compiled) -> None:
    world.deploy(first)
    path = world.folder / "state" / "records" / "000001.json"
    path.write_text("{}")
    with pytest.raises(Refused, match=r"CS836 the record '.*000001.json' cannot be read"):
        world.plan(first)


def test_a_journal_that_was_damaged_refuses(world: World, first: Compiled) -> None:
    world.deploy(first)
    (world.folder / "state" / "journal.jsonl").write_text("half a li\n")
    with pytest.raises(Refused, match=r"CS836 '.*journal.jsonl', line 1, is not JSON"):
        world.deploy(first)


def test_deploys_are_cumulative(world: World, first: Compiled, second: Compiled) -> None:
    """What one deploy could not do, the next does, whatever it is for."""
    faults = Faults({"before main/flink_job/m5": 1, "before main/topic/m9": 1}, NOT_FOUND)
    world.deploy(first, point=faults)
    assert not world.deploy(second).failed
    fresh = World(world.folder / "fresh")
    (fresh.folder / "live").mkdir(parents=True)
    fresh.deploy(first)
    fresh.deploy(second, delete=("*",))
    world.deploy(second, delete=("*",))
    assert snapshot(world.live) == snapshot(fresh.live)


def test_no_secret_is_written_down(
    world: World, first: Compiled, capsys: pytest.CaptureFixture[str]
) -> None:
    world.environ = {"KAFKA_PASSWORD": "tr0ub4dor&3"}
    site = world.site(first)
    password = site.secrets("${env:KAFKA_PASSWORD}")

    def loud(what: str) -> None:
        if what == "before main/topic/m0":
            raise SystemFailed(f"login with '{password}' was refused", unsure=True)

    for system in site.systems:
        system._point = loud  # type: ignore[attr-defined]
    done = deploy(site, Order(by="a test"), no_proof, Quiet())
    failed = [one for one in done.results if one.result == "failed"]
    assert failed[0].told == "login with '(secret)' was refused"
    written = b"".join(
        path.read_bytes() for path in (world.folder / "state").rglob("*") if path.is_file()
    )
    assert written and b"tr0ub4dor" not in written
    shown = capsys.readouterr()
    assert "tr0ub4dor" not in shown.out + shown.err


def test_an_older_journal_of_a_lease_that_was_taken_over_is_dropped(
    world: World, first: Compiled
) -> None:
    done = world.deploy(first)
    assert done.record is not None
    entry = {"entry": "begin", "serial": 1, "plan": "p", "commit": "", "steps": {}, "token": 9}
    late = {"entry": "start", "system": "kafka", "cluster": "main", "kind": "topic", "name": "m0"}
    lines = [entry, {**late, "action": "update", "node": "model.m0", "digest": "", "token": 8}]
    content = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    (world.folder / "state" / "journal.jsonl").write_bytes(content)
    state = world.site(first).store.load()
    assert [one["token"] for one in state.journal] == [9]


def test_who_asks_is_kept(world: World, first: Compiled) -> None:
    order = replace(Order(Asked(), "", "dana (run 7)"))
    record = deploy(world.site(first), order, no_proof, Quiet()).record
    assert record is not None and record.by == "dana (run 7)"
