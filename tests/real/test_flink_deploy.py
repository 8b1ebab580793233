"""Jobs on a real Flink: started, upgraded from savepoints, judged, put back, killed in between."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest
from confluent_kafka import Consumer

from cdk_stream.plugin.system import Outcome, SystemFailed, Wanted
from cdk_stream.results.plan import Key, Step
from cdk_stream_flink.deploy.jobmanager import Job, JobManager
from cdk_stream_flink.deploy.jobs import FlinkJobs
from cdk_stream_flink.deploy.probation import Patience
from cdk_stream_flink.deploy.upgrade import Flink
from cdk_stream_flink.sql_gateway import open_session
from tests.real.topics import Topics

TABLES = """\
SET 'pipeline.name' = 'shop.{model}';
SET 'execution.checkpointing.interval' = '{interval} s';

CREATE TEMPORARY TABLE `orders` (
  `customer` STRING,
  `amount` INT
) WITH (
  'connector' = 'kafka',
  'topic' = '{inputs}',
  'properties.bootstrap.servers' = '{brokers}',
  'properties.group.id' = '{model}',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json'
);

CREATE TEMPORARY TABLE `totals` (
  `customer` STRING NOT NULL,
  `orders` BIGINT NOT NULL,{more}
  PRIMARY KEY (`customer`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = '{outputs}',
  'properties.bootstrap.servers' = '${{env:BROKERS}}',
  'key.format' = 'raw',
  'value.format' = 'json'
);

"""
COUNT = "INSERT INTO `totals` SELECT customer, COUNT(*) FROM `orders` GROUP BY customer\n;\n"
MORE = "\n  `amount` INT,"
SUM = (
    "INSERT INTO `totals` SELECT customer, COUNT(*), SUM(amount) FROM `orders`"
    " GROUP BY customer\n;\n"
)
PATIENCE = Patience(start=60, checkpoint=30, checkpoints=2, stop=60, pause=0.05)


class Killed(BaseException):
    """The process ends here; nothing of ours runs after it."""


class Paper:
    """Notes on paper, and a deploy that dies when it writes the `dies`-th of them."""

    def __init__(self, dies: int = -1, *, before: bool = False) -> None:
        self.written: dict[str, Any] = {}
        self._dies = dies
        self._before = before

    def get(self, name: str) -> Any:
        return self.written.get(name)

    def keep(self, name: str, value: Any) -> None:
        self._dies -= 1
        if self._dies == 0 and self._before:
            raise Killed
        self.written[name] = json.loads(json.dumps(value))
        if self._dies == 0:
            raise Killed


class Shop:
    """One model, its topics, and the system that runs its job."""

    def __init__(self, kafka: Topics, flink: Mapping[str, str]) -> None:
        self.model = f"totals{uuid.uuid4().hex[:8]}"
        self.kafka = kafka
        self.manager = JobManager(flink["rest"])
        brokers = kafka.addresses["bootstrap_servers"]
        self.inputs, self.outputs = kafka.create("orders"), kafka.create("totals")
        names = {"model": self.model, "inputs": self.inputs, "outputs": self.outputs}
        self._tables = partial(TABLES.format, brokers=brokers, **names)
        gateway = partial(open_session, flink["url"])
        self.system = FlinkJobs(
            "main", "shop", Flink(self.manager, gateway, lambda _: brokers, PATIENCE)
        )

    def script(self, query: str = COUNT, interval: int = 5, more: str = "") -> str:
        return str(self._tables(interval=interval, more=more)) + query

    def wanted(self, script: str, previous: str | None = None, state: str = "keep") -> Wanted:
        key = Key("flink", "main", "flink_job", self.model)
        digest = hashlib.sha256(script.encode()).hexdigest()
        return Wanted(key, f"model.{self.model}", script, digest, previous, {"state": state})

    def apply(self, wanted: Wanted, notes: Paper | None = None) -> Outcome:
        live = self.system.observe([wanted], ()).get(wanted.key)
        compared = self.system.compare(wanted, live)
        step = Step(wanted.key, compared.action, wanted.node, compared.why)
        return self.system.apply(step, wanted, live, notes or Paper())

    def order(self, *customers: str) -> None:
        self.kafka.write(self.inputs, [(c, {"customer": c, "amount": 10}) for c in customers])

    def totals(self, **expected: int) -> bool:
        """Whether the last row of each customer comes to say so."""
        settings = {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"}
        consumer = Consumer(self.kafka.settings | settings)
        consumer.subscribe([self.outputs])
        last: dict[str, int] = {}
        deadline = time.monotonic() + 30
        try:
            while last != expected and time.monotonic() < deadline:
                message = consumer.poll(0.2)
                if message is not None and not message.error():
                    last[message.key().decode()] = json.loads(message.value())["orders"]
        finally:
            consumer.close()
        return last == expected

    def running(self) -> list[Job]:
        mine = f"shop.{self.model}@"
        return [job for job in self.manager.jobs() if job.name.startswith(mine) and not job.ended]

    def end(self) -> None:
        for job in self.running():
            self.manager.cancel(job.id)
        self.system.close()


@pytest.fixture
def shop(kafka: Topics, flink: dict[str, str]) -> Iterator[Shop]:
    made = Shop(kafka, flink)
    yield made
    made.end()


def test_a_job_is_started_once(shop: Shop) -> None:
    wanted = shop.wanted(shop.script())
    assert shop.system.compare(wanted, None).action == "create"
    outcome = shop.apply(wanted)
    assert outcome.live is not None
    assert outcome.live.ours
    assert shop.system.compare(wanted, outcome.live).action == "nothing"
    (job,) = shop.running()
    shop.apply(wanted)
    assert [found.id for found in shop.running()] == [job.id]
    shop.order("ada", "ada")
    assert shop.totals(ada=2)


def test_an_upgrade_goes_on_where_the_old_job_stopped(shop: Shop) -> None:
    first = shop.script()
    shop.apply(shop.wanted(first))
    shop.order("ada", "ada", "bob")
    assert shop.totals(ada=2, bob=1)
    second = shop.wanted(shop.script(interval=7), first)
    compared = shop.system.compare(second, shop.system.observe([second], ()).get(second.key))
    assert compared.action == "restart"
    assert [one.field for one in compared.differences] == ["SET 'execution.checkpointing.interval'"]
    assert "restored from" in shop.apply(second).told
    shop.order("ada")
    assert shop.totals(ada=3, bob=1)


def test_a_job_whose_state_does_not_restore_gives_way_to_the_old_one(shop: Shop) -> None:
    first = shop.script()
    shop.apply(shop.wanted(first))
    shop.order("ada", "ada")
    assert shop.totals(ada=2)
    with pytest.raises(SystemFailed, match=r"the new job 'shop.*' failed") as caught:
        shop.apply(shop.wanted(shop.script(SUM, more=MORE), first))
    assert "the old job runs again from" in caught.value.mend
    (job,) = shop.running()
    assert job.name == f"shop.{shop.model}@{hashlib.sha256(first.encode()).hexdigest()[:12]}"
    shop.order("ada")
    assert shop.totals(ada=3)


def test_what_the_planner_does_not_take_stops_nothing(shop: Shop) -> None:
    first = shop.script()
    shop.apply(shop.wanted(first))
    (before,) = shop.running()
    wrong = shop.script(COUNT.replace("customer, COUNT", "custommer, COUNT"))
    with pytest.raises(SystemFailed, match="planner does not take") as caught:
        shop.apply(shop.wanted(wrong, first))
    assert "nothing was stopped" in caught.value.mend
    assert [job.id for job in shop.running()] == [before.id]


@pytest.mark.parametrize(("state", "ada"), [("reset", 1), ("replay", 3)])
def test_without_its_state_a_job_starts_where_the_author_says(
    shop: Shop, state: str, ada: int
) -> None:
    first = shop.script()
    shop.apply(shop.wanted(first))
    shop.order("ada", "ada")
    assert shop.totals(ada=2)
    shop.apply(shop.wanted(shop.script(SUM, more=MORE), first, state))
    shop.order("ada")
    assert shop.totals(ada=ada)


@pytest.mark.parametrize("before", [False, True])
def test_a_deploy_that_is_killed_anywhere_converges(shop: Shop, before: bool) -> None:
    """At every note that it takes, just before and just after: one job, no row lost or doubled."""
    script = shop.script()
    shop.apply(shop.wanted(script))
    shop.order("ada")
    assert shop.totals(ada=1)
    killed = 0
    for dies in itertools.count(1):
        wanted = shop.wanted(shop.script(interval=10 + dies), script)
        notes = Paper(dies, before=before)
        try:
            shop.apply(wanted, notes)
        except Killed:
            killed += 1
            shop.order("ada")
            shop.apply(wanted, notes)
            (job,) = shop.running()
            assert job.name.endswith(wanted.digest[:12])
            script = wanted.spec
        else:
            break
    assert killed == 5
    assert shop.totals(ada=1 + killed)


@pytest.mark.parametrize("before", [False, True])
def test_a_deploy_that_is_killed_while_it_puts_the_old_job_back_converges(
    shop: Shop, before: bool
) -> None:
    first = shop.script()
    shop.apply(shop.wanted(first))
    shop.order("ada")
    assert shop.totals(ada=1)
    wanted = shop.wanted(shop.script(SUM, more=MORE), first)
    notes = Paper(6, before=before)
    with pytest.raises(Killed):
        shop.apply(wanted, notes)
    with pytest.raises(SystemFailed, match="failed"):
        shop.apply(wanted, notes)
    (job,) = shop.running()
    assert job.name.endswith(hashlib.sha256(first.encode()).hexdigest()[:12])
    shop.order("ada")
    assert shop.totals(ada=2)


def test_a_job_that_is_wanted_no_more_leaves_its_state(shop: Shop) -> None:
    wanted = shop.wanted(shop.script())
    live = shop.apply(wanted).live
    step = Step(wanted.key, "delete", wanted.node, "model is gone")
    assert "its state is kept in" in shop.system.apply(step, None, live, Paper()).told
    assert shop.running() == []
    assert not shop.system.apply(step, None, live, Paper()).changed


def test_a_second_job_of_a_model_is_never_started(shop: Shop) -> None:
    first, second = shop.wanted(shop.script()), shop.wanted(shop.script(interval=9))
    shop.apply(first)
    with pytest.raises(SystemFailed, match="another job of"):
        shop.system.apply(Step(second.key, "create", "", ""), second, None, Paper())
    assert len(shop.running()) == 1
