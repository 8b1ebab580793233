"""A backend of a distribution that this project has never heard of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.plugin.manager import Plugins
from cdk_stream.problems import Refused
from cdk_stream.resources.model import Model
from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.sql.analysis import Analysis
from cdk_stream.stages.compile import compile_stream
from cdk_stream.stages.place import place, settle

HERE = Path(__file__).parent
STRANGER = HERE / "cdk-stream-ksqldb"
MODULE = "cdk_stream_ksqldb"
HOW_TO = HERE.parents[1] / "docs" / "how-to" / "write-a-backend.md"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the stranger was installed as anybody would install it."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([*pip, *offline, str(STRANGER)], check=True, capture_output=True, timeout=120)
    return target


@pytest.fixture
def plugins(site: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    return Plugins.load(["flink", "ksqldb"])


def make_stream(kind: str, name: str, resource: Source | Model, **keys: Any) -> Stream:
    columns = {"id": StreamColumn("STRING", False, None, False)}
    return Stream(
        id=f"{kind}.{name}",
        name=name,
        kind=kind,
        resource=resource,
        path="x.yml",
        pointer=f"/{kind}s/0",
        columns=columns,
        event_time="",
        watermark_ms=0,
        idle_timeout_ms=0,
        key=("id",),
        changelog=keys.get("changelog", "append"),
        open=False,
        cluster="prod",
        region="",
        format="json",
        topic=name,
        physical_topics=(name,),
        inputs=keys.get("inputs", {}),
        influences={},
        features=keys.get("features", frozenset()),
        sql=keys.get("sql", ""),
        analysis=Analysis([], key=("id",)),
    )


def make_count(*features: str) -> Stream:
    """A model without `materialized:`, which counts orders."""
    orders = make_stream("source", "orders", Source(name="orders"))
    return make_stream(
        "model",
        "order_count",
        Model(name="order_count"),
        inputs={orders.id: orders},
        features=frozenset({"group_by", *features}),
        sql="SELECT id, COUNT(*) AS n FROM `orders` GROUP BY id",
        changelog="upsert",
    )


def make_project(*tags: str) -> Project:
    kafka = {"bootstrap_servers": "kafka:9092"}
    prod = {"kafka": kafka, "flink": {"sql_gateway": "http://flink:8083"}, "tags": list(tags)}
    return Project.model_validate({"name": "shop", "clusters": {"prod": prod}})


def test_it_is_found_by_its_entry_point(plugins: Plugins) -> None:
    assert [backend.name for backend in plugins.backends] == ["flink", "ksqldb"]


def test_a_project_that_does_not_name_it_does_not_import_it(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    assert [backend.name for backend in Plugins.load(["flink"]).backends] == ["flink"]
    assert MODULE not in sys.modules


def test_without_the_distribution_the_name_is_refused() -> None:
    with pytest.raises(Refused, match="'ksqldb'"):
        Plugins.load(["flink", "ksqldb"])


def test_the_cheaper_offer_wins(plugins: Plugins) -> None:
    model = make_count()
    placement = place(model, plugins.backends, make_project("ksqldb"))
    assert placement.backend is not None
    assert placement.backend.name == "ksqldb"


@pytest.mark.parametrize(("features", "tags"), [((), ()), (("over",), ("ksqldb",))])
def test_what_it_refuses_goes_to_flink(
    plugins: Plugins, features: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    placement = place(make_count(*features), plugins.backends, make_project(*tags))
    assert placement.backend is not None
    assert placement.backend.name == "flink"


def test_a_model_that_is_placed_on_it_becomes_its_artefact(plugins: Plugins) -> None:
    model, project = make_count(), make_project("ksqldb")
    placement = place(model, plugins.backends, project)
    assert placement.backend is not None and placement.offer is not None
    settle(model, placement.backend, placement.offer)
    artifacts, remarks = compile_stream(model, plugins.backends, project)
    assert remarks == []
    assert [(artifact.kind, artifact.name) for artifact in artifacts] == [
        ("ksqldb_query", "order_count")
    ]
    assert str(artifacts[0].spec).endswith(f"AS\n{model.sql};\n")


def test_what_others_run_is_not_its_business(plugins: Plugins) -> None:
    model = make_count()
    model.backend = "flink"
    (ksqldb,) = [backend for backend in plugins.backends if backend.name == "ksqldb"]
    assert ksqldb.compile(model, make_project("ksqldb")) == Compiled()


def test_it_is_under_a_hundred_lines() -> None:
    files = [path for path in STRANGER.rglob("*") if path.suffix in (".py", ".toml")]
    assert sum(len(path.read_text().splitlines()) for path in files) < 100


@pytest.mark.parametrize(
    ("language", "file"), [("python", f"{MODULE}.py"), ("toml", "pyproject.toml")]
)
def test_the_how_to_shows_it_as_it_is(language: str, file: str) -> None:
    assert f"```{language}\n{(STRANGER / file).read_text()}```" in HOW_TO.read_text()
