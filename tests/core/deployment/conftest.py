"""A project of ten jobs: forty resources, and the file-backed systems it is deployed to."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.deployment.file_store import FileStore
from cdk_stream.deployment.secrets import Resolver
from cdk_stream.plugin import live as loading
from cdk_stream.plugin import live_hookspecs
from cdk_stream.plugin.live import Live
from cdk_stream.plugin.system import System
from cdk_stream.resources.environment import Environment
from cdk_stream.results.record import StepResult
from cdk_stream.stages.plan.judge import Choices
from cdk_stream.tree import WorkTree
from cdk_stream.workflow.compile import Compiled, compile_tree
from cdk_stream.workflow.deploy import Deployed, Order, deploy
from cdk_stream.workflow.draft import Asked, Draft, draft
from cdk_stream.workflow.site import Place, Site
from tests.core.deployment import plugin
from tests.core.deployment.double import KINDS, FileSystem, Point, no_proof
from tests.core.deployment.repository import ENVIRONMENTS, commit, git

PROJECT = """\
name: shop
default_cluster: main
clusters:
  main:
    kafka: { bootstrap_servers: "kafka:9092" }
    schema_registry: { url: "http://registry:8081" }
    flink: { sql_gateway: "http://flink:8083", jobmanager: "http://flink:8081", version: "2.2" }
owners: { shop: { github: ["@acme/shop"] } }
"""
SOURCE = """\
sources:
  - name: orders
    topic: orders.v1
    format: avro
    owner: shop
    key: [id]
    columns:
      - { name: id, type: STRING }
      - { name: amount, type: BIGINT }
      - { name: seen, type: "TIMESTAMP(3)" }
    event_time: { column: seen }
"""


class Quiet:
    """Nobody watches."""

    def planned(self, total: int) -> None:
        pass

    def begun(self, work: Any) -> None:
        pass

    def ended(self, result: StepResult) -> None:
        pass


def model(number: int, factor: int = 2) -> str:
    """A model that only Flink can run; every second one reads the one before."""
    reads = f'{{{{ ref("m{number - 1}") }}}}' if number % 2 else '{{ source("orders") }}'
    return f"""\
models:
  - name: m{number}
    materialized: flink_stream
    owner: shop
    key: [id]
    sql: |
      SELECT id, amount * {factor} AS amount, seen FROM {reads}
"""


def write_project(root: Path, models: int = 10, factor: int = 2, more: str = "") -> Path:
    for folder in ("sources", "models"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir(parents=True)
    (root / "stream_project.yml").write_text(PROJECT + more)
    (root / "sources" / "orders.yml").write_text(SOURCE)
    for number in range(models):
        (root / "models" / f"m{number}.yml").write_text(model(number, factor))
    return root


def compiled(root: Path) -> Compiled:
    found = compile_tree(WorkTree(root))
    assert found.compilation.ok, found.compilation.problems
    return found


@dataclass
class World:
    """Live systems and a store; everything in it lies on disk."""

    folder: Path
    at_once: int = 1
    runs: int = 0
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        return self.folder / "live"

    def systems(self, point: Point = lambda _: None) -> list[System]:
        return [FileSystem(self.live, name, "main", point) for name in KINDS]

    def site(self, project: Compiled, point: Point = lambda _: None) -> Site:
        """A later run: what leases there were have run out."""
        self.runs += 1
        late = self.runs * 3600
        store = FileStore(self.folder / "state", lambda: time.time() + late)
        place = Place(self.folder, "dev", Environment(), WorkTree(self.folder), "")
        secrets = Resolver(self.environ)
        project.project.__dict__["deploy"] = project.project.deploy.model_copy(
            update={"at_once": self.at_once}
        )
        return Site(place, project, store, Live({}), secrets, self.systems(point))

    def plan(
        self, project: Compiled, adopt: tuple[str, ...] = (), delete: tuple[str, ...] = ()
    ) -> Draft:
        return draft(self.site(project), Asked(Choices(adopt, delete)))

    def deploy(
        self,
        project: Compiled,
        digest: str = "",
        adopt: tuple[str, ...] = (),
        delete: tuple[str, ...] = (),
        point: Point = lambda _: None,
    ) -> Deployed:
        order = Order(Asked(Choices(adopt, delete)), digest, "a test")
        return deploy(self.site(project, point), order, no_proof, Quiet())


@pytest.fixture
def world() -> Iterator[World]:
    """On a disk that forgets, where there is one: fsync costs nothing there."""
    shelf = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="cdk-", dir=shelf) as folder:
        (Path(folder) / "live").mkdir()
        yield World(Path(folder))


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return compiled(write_project(tmp_path_factory.mktemp("first")))


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The same project: nine jobs multiply by three, and the tenth is gone."""
    return compiled(write_project(tmp_path_factory.mktemp("second"), 9, 3))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Always the same folder: what was found out of the policies is kept for it."""
    return tmp_path_factory.mktemp("deploys")


@pytest.fixture
def project(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two models, committed on `main`; the systems are files."""
    shutil.rmtree(shelf / "shop", ignore_errors=True)
    point = EntryPoint("kafka", "tests.core.deployment.plugin", live_hookspecs.PROJECT)
    monkeypatch.setattr(loading, "entry_points", lambda group: [point])
    monkeypatch.setenv("CDK_STREAM_CACHE", str(shelf / "cache"))
    monkeypatch.setenv("CDK_TEST_LIVE", str(tmp_path / "live"))
    monkeypatch.delenv("GITHUB_ACTOR", raising=False)
    root = write_project(shelf / "shop", 2, more=ENVIRONMENTS)
    (root / ".gitignore").write_text(".cdk-stream/\ntarget/\n*.json\n")
    monkeypatch.chdir(root)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    yield root
    plugin.forges.clear()
