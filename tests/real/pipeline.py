"""The project `shop/`, compiled for the running engines and brought to them."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cdk_stream_flink.sql_gateway import Session, open_session
from cdk_stream_flink.statement import split_statements
from tests.real.apply import bindings, create_acls, create_topics, create_user, register
from tests.real.projects import artefacts, compile_folder
from tests.real.rest import send
from tests.real.topics import Topics

SHOP = Path(__file__).parent / "shop"
_LOGIN = "org.apache.flink.kafka.shaded.org.apache.kafka.common.security.scram.ScramLoginModule"
_AVRO = "io.apicurio.registry.utils.converter.AvroConverter"
_PASSWORD = uuid.uuid4().hex


class Pipeline:
    """What is deployed of one compilation; everything in it has a name of this run."""

    def __init__(self, folder: Path, kafka: Topics, addresses: Mapping[str, str]) -> None:
        self.run = f"run{uuid.uuid4().hex[:8]}"
        self.kafka = kafka
        self.addresses = dict(addresses)
        self.jobs: dict[str, str] = {}
        self.target = self._compile(folder)

    def _compile(self, folder: Path) -> Path:
        shutil.copytree(SHOP, folder / "shop")
        for path in (folder / "shop").rglob("*.yml"):
            text = path.read_text().replace("run0", self.run)
            for name, address in self.addresses.items():
                text = text.replace(name, address)
            path.write_text(text)
        return compile_folder(folder / "shop")

    def topic(self, name: str) -> str:
        return f"{self.run}.{name}"

    def prepare(self, registry: str) -> None:
        """Topics, schemas, and a user with just the compiled rights for each principal."""
        source = {
            "metadata": {"name": self.topic("orders")},
            "spec": {"partitions": 1, "configs": {}},
        }
        create_topics(self.kafka, [source, *artefacts(self.target, "topic")])
        for document in artefacts(self.target, "subject"):
            register(registry, document)
        rights = artefacts(self.target, "acl")
        create_acls(self.kafka, bindings(rights))
        for document in rights:
            create_user(self.kafka, document["principal"].removeprefix("User:"), _PASSWORD)

    def login(self, model: str) -> tuple[str, str]:
        return f"cdk-shop-{self.run}-{model}", _PASSWORD

    def start(self, model: str, *first: str) -> None:
        """Submit the model's script as its own principal, after the statements `first`."""
        (path,) = self.target.glob(f"*/flink_job/{model}.sql")
        name, password = self.login(model)
        login = f'{_LOGIN} required username="{name}" password="{password}";'
        script = path.read_text().replace("${env:LOGIN}", login)
        with open_session(self.addresses["http://flink.test:8083"]) as session:
            for statement in [*first, *split_statements(script)]:
                result = session.execute(statement)
        assert result.job_id
        self.jobs[model] = result.job_id

    def stop(self, model: str) -> str:
        """Stop the model's job; the address of its savepoint."""
        job = self.jobs.pop(model)
        with open_session(self.addresses["http://flink.test:8083"]) as session:
            _await_running(session, job)
            (row,) = session.execute(f"STOP JOB '{job}' WITH SAVEPOINT").rows
        return str(row[0])

    def sink(self, connect: str, registry: str, model: str) -> str:
        """Create the connector, with Apicurio's Avro converter in place of Confluent's."""
        (document,) = [
            one for one in artefacts(self.target, "connector") if one["name"].endswith(model)
        ]
        config: dict[str, Any] = {
            key: value
            for key, value in document["config"].items()
            if not key.startswith("value.converter")
        }
        config |= {
            "connection.password": "none",
            "value.converter": _AVRO,
            "value.converter.apicurio.registry.url": registry.replace("ccompat/v7", "registry/v2"),
            "value.converter.apicurio.registry.as-confluent": "true",
            "value.converter.apicurio.registry.use-id": "contentId",
        }
        send("PUT", f"{connect}/connectors/{document['name']}/config", config)
        return str(document["name"])


def _await_running(session: Session, job: str) -> None:
    until(lambda: session.execute(f"DESCRIBE JOB '{job}'").rows[0][2] == "RUNNING")


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a condition that comes true sooner or later."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)
