"""From a merged pull request to rows at the sink, and what is refused, kept and rolled back.

The example project on real Kafka, Connect, Flink and PostgreSQL; GitHub is a double that holds a
real bare repository. The virtual topic is a Flink job here, since no Gateway can run.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cdk_stream.cli.main import main
from cdk_stream_flink.deploy.jobmanager import Job, JobManager
from tests.gateway.double.double import Double as Proxy
from tests.gateway.double.server import serve
from tests.github import contract as published
from tests.github.double.server import Double, double
from tests.github.double.world import PullRequest
from tests.github.left_out import CONTRACT
from tests.real import postgres
from tests.real.example import MODEL, SCORE, copy_example, replace
from tests.real.stubs import scalar_jar
from tests.real.test_fraud_end_to_end import SCORING, World, drop_topics
from tests.real.topics import Topics

PROJECT = "stream_project.yml"
WAREHOUSE = "models/fraud_events_warehouse.yml"
TABLES = """\
  warehouse:
    kind: debezium_jdbc
    version: 3
    region: EU
    connection:
      url: "jdbc:postgresql://DATABASE/postgres"
      user: shop
      password: "${env:PASSWORD}"
  snowflake-sink:
"""
SINK = """\
    sink:
      type: jdbc_table
      connector: warehouse
      cluster: prod-eu
      config:
        table: scored
        insert_mode: UPSERT
        key_mode: record_value
        key_columns: [payment_id]
        dead_letter_topic: fraud.failed
        errors.deadletterqueue.topic.replication.factor: 1
        schema.evolution: basic
        value.converter: io.apicurio.registry.utils.converter.AvroConverter
        value.converter.apicurio.registry.url: REGISTRY
        value.converter.apicurio.registry.as-confluent: "true"
        value.converter.apicurio.registry.use-id: contentId
"""
ENVIRONMENTS = """
topics: { partitions: 1, replication_factor: 1 }
deploy: { state: { file: "STATE/{environment}" }, lease: "3 seconds" }
environments:
  prod: { protected: true }
  dev: {}
"""
LOGINS = {
    '["@acme/team-payments"]': "[cem]",
    '["@acme/team-crm"]': "[cem]",
    '["@acme/team-fraud"]': "[bea]",
    '["@dana", "@eli"]': "[cem]",
    '["@acme/platform"]': "[mia]",
}


class Team:
    """The people around the project: who writes, who approves, and the clone that CI deploys."""

    def __init__(self, github: Double, folder: Path, sources: Path) -> None:
        self.github = github
        self.clone = folder / "clone"
        self.folder = folder
        self.sources = sources
        git("clone", "--quiet", str(github.world.git.path), str(self.clone))

    def propose(self, *files: str, title: str) -> PullRequest:
        """A pull request of ann's with files as they lie in the project's folder."""
        texts = {file: (self.sources / file).read_text(encoding="utf-8") for file in files}
        return self.github.world.open("ann", title.lower().replace(" ", "-"), texts, title=title)

    def approve(self, pull: PullRequest, *logins: str) -> None:
        for login in logins:
            self.github.world.review(pull, login)

    def merge(self, pull: PullRequest) -> None:
        self.github.world.merge(pull)
        git("-C", str(self.clone), "pull", "--quiet")

    def deploy(self) -> int:
        """As the workflow does: plan, then deploy exactly that plan."""
        plan = str(self.folder / "plan.json")
        planned = main(["plan", "--environment", "prod", "--out", plan])
        return planned or main(["deploy", plan])


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Database]:
    if not postgres.is_installed():
        pytest.skip("there is no PostgreSQL on this machine")
    with postgres.running() as started:
        yield started


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Double]:
    contract = published.load()
    if contract is None:
        pytest.skip(CONTRACT)
    with double(contract, tmp_path / "github") as made:
        for login in ("ann", "bea", "cem", "mia"):
            made.world.person(login, "write")
        made.world.push("main", {"README.md": "# streams\n"}, "mia", "Start")
        yield made


@pytest.fixture
def proxy() -> Iterator[str]:
    """The URL of a Gateway that keeps what it is told."""
    with serve(Proxy()) as serving:
        for name in ("support-ui", "bi-reader"):  # as the platform's team would
            document = {
                "kind": "GatewayServiceAccount",
                "apiVersion": "gateway/v2",
                "metadata": {"name": name, "vCluster": "passthrough"},
                "spec": {"type": "LOCAL"},
            }
            url = f"{serving.url}/gateway/v2/service-account"
            httpx.put(url, json=document, auth=("admin", "conduktor")).raise_for_status()
        yield serving.url
        assert not serving.double.violations


@pytest.fixture
def world(
    tmp_path: Path,
    proxy: str,
    kafka: Topics,
    registry: str,
    flink: dict[str, str],
    connect: str,
    database: postgres.Database,
) -> Iterator[World]:
    project = tmp_path / "fraud"
    copy_example(project, flink["url"], scalar_jar(tmp_path, SCORE, SCORING), tmp_path)
    settings = project / PROJECT
    replace(settings, "kafka-eu.internal:9092", kafka.addresses["bootstrap_servers"])
    replace(settings, "http://registry-eu.internal:8081", registry)
    replace(settings, "http://flink-eu.internal:8081", flink["rest"])
    login = proxy.replace("//", "//admin:conduktor@")
    replace(settings, "http://gateway-eu.internal:8888", login)
    replace(settings, "http://connect-eu.internal:8083", connect)
    replace(settings, "  snowflake-sink:\n", TABLES.replace("DATABASE", database.address))
    for team, login in LOGINS.items():
        replace(settings, team, login)
    state = ENVIRONMENTS.replace("STATE", str(tmp_path / "state"))
    settings.write_text(settings.read_text(encoding="utf-8") + state, encoding="utf-8")
    replace(project / "models/card_payments_clean.yml", "virtual_topic", "flink_stream")
    replace(project / MODEL, "    key: payment_id", "    key: payment_id\n    format: avro")
    warehouse = project / WAREHOUSE
    text = warehouse.read_text(encoding="utf-8")
    sink = SINK.replace("REGISTRY", registry.replace("ccompat/v7", "registry/v2"))
    warehouse.write_text(text[: text.index("    sink:")] + sink, encoding="utf-8")
    clear(kafka, flink["rest"], connect)
    made = World(project, kafka, registry, flink["url"])
    made.rest = flink["rest"]
    made.prepare_others()
    yield made
    clear(kafka, flink["rest"], connect)


def clear(kafka: Topics, flink: str, connect: str) -> None:
    """What this test or one that was interrupted has left on engines that go on."""
    manager = JobManager(flink)
    for job in manager.jobs():
        if job.name.startswith("fraud.") and not job.ended:
            manager.cancel(job.id)
    manager.close()
    httpx.delete(f"{connect}/connectors/fraud.fraud_events_warehouse", timeout=30)
    drop_topics(kafka)


@pytest.fixture
def team(
    github: Double, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Team]:
    for name, value in github.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    made = Team(github, tmp_path, world.project)
    monkeypatch.chdir(made.clone)
    yield made


def git(*arguments: str) -> None:
    subprocess.run(("git", *arguments), check=True, capture_output=True)


def files_of(project: Path) -> list[str]:
    kinds = (".yml", ".avsc", ".json", ".sql")
    found = [path for path in project.rglob("*") if path.suffix in kinds]
    return [path.relative_to(project).as_posix() for path in found if "target" not in path.parts]


def at_the_sink(database: postgres.Database, count: int, seconds: float = 60) -> dict[str, str]:
    """Payment -> decision, once there are `count` of them, or after some seconds."""
    deadline = time.monotonic() + seconds
    rows: list[Any] = []
    while len(rows) < count and time.monotonic() < deadline:
        rows = database.rows("SELECT payment_id, decision FROM scored")
        time.sleep(0.3)
    return {payment: decision for payment, decision in rows}


@contextmanager
def paying(world: World, at_least: int = 10) -> Iterator[list[str]]:
    """Payments come in while something else happens; the ids of those that were written."""
    paid: list[str] = []
    done = threading.Event()

    def pay() -> None:
        while not done.wait(0.1):
            world.pay(f"x{len(paid)}", "bob", 20_000, 15)
            paid.append(f"x{len(paid)}")

    thread = threading.Thread(target=pay)
    thread.start()
    try:
        yield paid
    finally:
        done.set()
        thread.join()
    assert len(paid) >= at_least


def test_the_way_of_a_change(
    team: Team, world: World, database: postgres.Database, capsys: pytest.CaptureFixture[str]
) -> None:
    first = team.propose(*files_of(world.project), title="Score payments")
    team.approve(first, "bea", "cem", "mia")
    team.merge(first)
    assert team.deploy() == 0
    world.register_customer("bob", "HIGH", "APPROVED", 0)
    for number in range(10):
        world.pay(f"a{number}", "bob", 20_000, 2 + number)
    assert at_the_sink(database, 10) == {f"a{number}": "REVIEW" for number in range(10)}
    assert team.deploy() == 0  # nothing to do: see the record
    assert main(["status", "--environment", "prod"]) == 0

    replace(world.project / MODEL, "risk_score > 0.9", "risk_score > 0.75")
    second = team.propose(MODEL, title="Block sooner")
    team.approve(second, "bea", "cem")
    team.merge(second)
    with paying(world) as paid:
        assert team.deploy() == 0
    world.pay("b0", "bob", 20_000, 20)
    after = at_the_sink(database, 11 + len(paid))
    assert after.keys() == {*(f"a{number}" for number in range(10)), *paid, "b0"}
    assert {after[f"a{number}"] for number in range(10)} == {"REVIEW"}
    assert after["b0"] == "BLOCK"

    model = ("card_payments_fraud_events", "--environment", "prod")
    assert main(["pause", *model, "--reason", "INC-812"]) == 0
    world.pay("p0", "bob", 20_000, 21)
    assert main(["status", "--environment", "prod"]) == 0
    assert "INC-812" in capsys.readouterr().out
    assert team.deploy() == 0  # leaves at rest what rests
    assert at_the_sink(database, len(after) + 1, seconds=3) == after
    assert main(["resume", *model]) == 0
    after["p0"] = "BLOCK"
    assert at_the_sink(database, len(after)) == after

    replace(world.project / MODEL, "risk_score > 0.75", "risk_score > 0.1")
    third = team.propose(MODEL, title="Block everything")
    team.merge(third)  # an administrator may; nothing is deployed by that
    assert team.deploy() == 1
    world.pay("c0", "ann", 1_000, 40)
    assert at_the_sink(database, len(after)) == after

    team.approve(third, "bea", "cem")
    assert team.deploy() == 0
    world.pay("d0", "bob", 1_000, 41)
    assert at_the_sink(database, len(after) + 1)["d0"] == "BLOCK"

    back = str(team.folder / "back.json")
    assert main(["rollback", "2", "--environment", "prod", "--out", back]) == 0
    assert main(["deploy", back]) == 0
    world.pay("e0", "bob", 1_000, 42)
    assert at_the_sink(database, len(after) + 2)["e0"] == "ALLOW"


@pytest.mark.parametrize("delay", [1.6, 3.2])
def test_a_killed_deploy_of_a_running_pipeline_loses_no_row(
    world: World, database: postgres.Database, monkeypatch: pytest.MonkeyPatch, delay: float
) -> None:
    """Counted at the sink; rows that came twice are told, since jobs promise at least once."""
    database.rows("DROP TABLE IF EXISTS scored")
    monkeypatch.chdir(world.project)
    command = (sys.executable, "-m", "cdk_stream.cli.main", "deploy", "--environment", "dev")
    subprocess.run(command, check=True, capture_output=True)
    world.register_customer("bob", "HIGH", "APPROVED", 0)
    world.pay("first", "bob", 20_000, 2)
    assert at_the_sink(database, 1).keys() == {"first"}
    replace(world.project / MODEL, "risk_score > 0.9", "risk_score > 0.75")
    with paying(world, at_least=5) as paid:
        deploying = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(delay)
        deploying.kill()
        deploying.communicate()
        deadline = time.monotonic() + 60
        while subprocess.run(command, check=False, capture_output=True).returncode:
            assert time.monotonic() < deadline, "the deploy does not come to its end"
            time.sleep(0.5)
    expected = {"first", *paid}
    assert at_the_sink(database, len(expected)).keys() == expected
    (job,) = [job for job in running(world) if "card_payments_fraud_events" in job.name]
    assert job.state == "RUNNING"
    twice = world.written("card_payments_fraud_events") - len(expected)
    assert twice >= 0
    print(f"killed after {delay} s: {twice} rows came twice")


def running(world: World) -> list[Job]:
    manager = JobManager(world.rest)
    try:
        return [job for job in manager.jobs() if job.name.startswith("fraud.") and not job.ended]
    finally:
        manager.close()
