"""The example project on real Kafka and Flink: rows in, right rows out, stopped, upgraded.

Its virtual topic needs the Gateway, which cannot run here: a Flink job compiled from the same model
stands in for it, by `materialized: flink_stream`. All else is as compiled.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from cdk_stream.cli.main import main
from cdk_stream_flink.sql_gateway import Session, open_session
from cdk_stream_flink.statement import split_statements
from tests.real.apply import create_topics, register
from tests.real.example import MODEL, SCORE, copy_example, replace
from tests.real.projects import artefacts, compile_folder
from tests.real.rest import send
from tests.real.stubs import scalar_jar
from tests.real.topics import Topics

RAW, CDC, SCORED = "payments.raw.v1", "crm.customers.cdc", "fraud.events.enriched"
TOPICS = [
    RAW, CDC, SCORED, "card_payments_clean", "customer_risk_profile", "card_payments_fraud_events",
    "fraud.failed",
]  # fmt: skip
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SCORING = """\
    public Double eval(Long cents, String currency, String network, String risk, String kyc) {{
        double base = risk.equals("HIGH") ? 0.6 : risk.equals("MEDIUM") ? 0.3 : 0.0;
        return Math.round(100 * (base + Math.min(cents, 40000) / 100000.0)) / 100.0;
    }}"""
BANDS = ["LOW", "MEDIUM", "HIGH"]


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


class World:
    """The project, the systems it runs on, and the jobs that are started of it."""

    def __init__(self, project: Path, kafka: Topics, registry: str, gateway: str) -> None:
        self.project = project
        self.kafka = kafka
        self.registry = registry
        self.gateway = gateway
        self.rest = ""
        self.jobs: dict[str, str] = {}
        self.target = compile_folder(project)
        self.customer_schema = 0

    def prepare(self) -> None:
        """Topics and schemas of ours as compiled, and those of others."""
        create_topics(self.kafka, artefacts(self.target, "topic"))
        for document in artefacts(self.target, "subject"):
            register(self.registry, document)
        self.prepare_others()

    def prepare_others(self) -> None:
        """What is there before the project."""
        others = [{"metadata": {"name": name}, "spec": {"partitions": 1, "configs": {}}}
                  for name in (RAW, CDC)]  # fmt: skip
        create_topics(self.kafka, others)
        schema = (self.project / "schemas" / "crm.customers.v3.avsc").read_text()
        subject = {"name": f"{CDC}-value"}
        spec = {"schema": schema, "format": "AVRO", "compatibility": "BACKWARD"}
        self.customer_schema = register(self.registry, {"metadata": subject, "spec": spec})

    def start(self, model: str, savepoint: str = "") -> None:
        (path,) = self.target.glob(f"*/flink_job/{model}.sql")
        with open_session(self.gateway) as session:
            if savepoint:
                session.execute(f"SET 'execution.state-recovery.path' = '{savepoint}'")
            for statement in split_statements(path.read_text(encoding="utf-8")):
                result = session.execute(statement)
        assert result.job_id
        self.jobs[model] = result.job_id

    def stop(self, model: str) -> str:
        """The savepoint's address."""
        with open_session(self.gateway) as session:
            job = self.jobs.pop(model)
            _await_running(session, job)
            (row,) = session.execute(f"STOP JOB '{job}' WITH SAVEPOINT").rows
        return str(row[0])

    def pay(self, payment: str, customer: str, cents: int, minutes: int, **more: Any) -> None:
        row = {
            "payment_id": payment, "customer_id": customer, "card_number": "4111111111111111",
            "customer_email": None, "amount_cents": cents, "currency": "EUR",
            "status": "AUTHORIZED", "card_network": "VISA", "event_time": _iso(at(minutes)),
        }  # fmt: skip
        self.kafka.write(RAW, [(payment, row | more)])

    def register_customer(self, customer: str, band: str, kyc: str, minutes: int) -> None:
        """In Avro as the registry frames it: a zero, the schema's id, the record."""
        record = _text(customer) + b"\0" + _text("ID-1") + _number(BANDS.index(band)) + _text(kyc)
        record += _number(int(at(minutes).timestamp() * 1000))
        producer = Producer(self.kafka.settings)
        frame = b"\0" + self.customer_schema.to_bytes(4, "big")
        producer.produce(CDC, key=customer, value=frame + record)
        assert producer.flush(30) == 0

    def scored(self, count: int) -> dict[str, tuple[str, float, str]]:
        """Payment -> customer, score and decision; `count` rows, and not one more."""
        rows = self.kafka.read(SCORED, count)
        assert len(rows) == count
        assert [key for key, _ in rows] == [value["payment_id"] for _, value in rows]
        return {
            value["payment_id"]: (value["customer_id"], value["risk_score"], value["decision"])
            for _, value in rows
        }

    def written(self, topic: str) -> int:
        """How many rows there are, some time after the last one was written."""
        time.sleep(2)
        consumer = Consumer(self.kafka.settings | {"group.id": "counter"})
        try:
            partitions = self.kafka.admin.list_topics(topic, timeout=30).topics[topic].partitions
            ends = [consumer.get_watermark_offsets(TopicPartition(topic, n)) for n in partitions]
        finally:
            consumer.close()
        return sum(high - low for low, high in ends)


@pytest.fixture
def world(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kafka: Topics,
    registry: str,
    flink: dict[str, str],
) -> Iterator[World]:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    project = tmp_path / "fraud"
    copy_example(project, flink["url"], scalar_jar(tmp_path, SCORE, SCORING), tmp_path)
    settings = project / "stream_project.yml"
    replace(settings, "kafka-eu.internal:9092", kafka.addresses["bootstrap_servers"])
    replace(settings, "http://registry-eu.internal:8081", registry)
    replace(project / "models/card_payments_clean.yml", "virtual_topic", "flink_stream")
    monkeypatch.chdir(project)
    drop_topics(kafka)
    made = World(project, kafka, registry, flink["url"])
    made.prepare()
    yield made
    with open_session(flink["url"]) as session:
        for job in made.jobs.values():
            session.execute(f"STOP JOB '{job}'")
    drop_topics(kafka)


def test_payments_are_scored_before_and_after_an_upgrade(world: World) -> None:
    assert main(["verify"]) == 0
    for model in ("card_payments_clean", "customer_risk_profile", "card_payments_fraud_events"):
        world.start(model)
    world.register_customer("ann", "LOW", "APPROVED", 0)
    world.register_customer("bob", "HIGH", "APPROVED", 1)
    world.register_customer("eve", "HIGH", "REJECTED", 1)  # filtered out by the profile
    world.pay("p1", "ann", 20_000, 2)
    world.pay("p2", "bob", 20_000, 3)
    world.pay("p3", "bob", 40_000, 4)
    world.pay("p4", "eve", 40_000, 4)
    world.pay("p5", "bob", 40_000, 5, status="DECLINED")  # filtered out by the view
    world.pay("p6", "bob", 1_000, 6)
    before = {
        "p1": ("ann", 0.2, "ALLOW"),
        "p2": ("bob", 0.8, "REVIEW"),
        "p3": ("bob", 1.0, "BLOCK"),
        "p6": ("bob", 0.61, "ALLOW"),
    }
    assert world.scored(4) == before

    savepoint = world.stop("card_payments_fraud_events")
    world.pay("p7", "bob", 20_000, 7)  # nobody scores it now
    replace(world.project / MODEL, "risk_score > 0.9", "risk_score > 0.75")
    compile_folder(world.project)
    assert main(["verify", "card_payments_fraud_events"]) == 0
    world.start("card_payments_fraud_events", savepoint)
    world.pay("p8", "ann", 20_000, 8)
    after = before | {"p7": ("bob", 0.8, "BLOCK"), "p8": ("ann", 0.2, "ALLOW")}
    assert world.scored(6) == after

    assert world.written(SCORED) == 6
    versions = send("GET", f"{world.registry}/subjects/customer_risk_profile-value/versions")
    assert len(versions) == 1  # Flink writes by the schema that was compiled, and adds none


def _await_running(session: Session, job: str) -> None:
    deadline = time.monotonic() + 60
    while session.execute(f"DESCRIBE JOB '{job}'").rows[0][2] != "RUNNING":
        assert time.monotonic() < deadline, "the job does not run"
        time.sleep(0.2)


def drop_topics(kafka: Topics) -> None:
    """Those of a run before this one, on engines that were left running."""
    there = [name for name in TOPICS if name in kafka.admin.list_topics(timeout=30).topics]
    for done in kafka.admin.delete_topics(there).values() if there else ():
        done.result(30)
    deadline = time.monotonic() + 30
    while set(there) & set(kafka.admin.list_topics(timeout=30).topics):
        assert time.monotonic() < deadline, "the topics do not go away"
        time.sleep(0.2)


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _text(text: str) -> bytes:
    return _number(len(text.encode())) + text.encode()


def _number(value: int) -> bytes:
    """A zigzag varint."""
    value = (value << 1) ^ (value >> 63)
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
