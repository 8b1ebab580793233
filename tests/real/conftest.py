"""The engines that the collected tests ask for, started together, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_stream_flink.sql_gateway import Session, open_session
from tests.real.engines.control import ENGINES, GROUPS, leave, up
from tests.real.engines.state import Running, in_use
from tests.real.example import SCORE, copy_example
from tests.real.stubs import Function, function_jar, scalar_jar
from tests.real.topics import Topics

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("real")


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> Iterator[dict[str, Running]]:
    """All that any test of this run needs; another run at the same time shares them."""
    fixtures = {name for item in request.session.items for name in _fixtures(item)}
    with in_use():
        yield up(fixtures & {*ENGINES, *GROUPS}, keep=False)
    leave()


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


@pytest.fixture(scope="session")
def kafka(engines: dict[str, Running]) -> Topics:
    return Topics(engines["kafka"].addresses)


@pytest.fixture(scope="session")
def connect(engines: dict[str, Running]) -> str:
    """The worker's URL."""
    return engines["connect"].addresses["url"]


@pytest.fixture(scope="session")
def registry(engines: dict[str, Running]) -> str:
    """The URL that ends in the API's version."""
    return engines["registry"].addresses["url"]


@pytest.fixture(scope="session")
def flink(engines: dict[str, Running]) -> dict[str, str]:
    """The URLs of the SQL Gateway, `url`, and of the JobManager, `rest`."""
    return engines["jobmanager"].addresses | engines["sql-gateway"].addresses


@pytest.fixture
def session(flink: dict[str, str]) -> Iterator[Session]:
    with open_session(flink["url"]) as opened:
        yield opened


@pytest.fixture(scope="session")
def score_jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A jar with the example's FRAUD_SCORE, which always answers NULL."""
    return function_jar(tmp_path_factory.mktemp("stubs"), [Function(SCORE, "DOUBLE")])


@pytest.fixture(scope="session")
def strict_jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one signature, which nothing but its class knows."""
    eval_ = "    public Double eval(Long cents, String currency) {{ return null; }}"
    return scalar_jar(tmp_path_factory.mktemp("strict"), SCORE, eval_)


@pytest.fixture
def example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flink: dict[str, str], score_jar: Path
) -> Path:
    """The example project, current folder, on the real SQL Gateway and its release."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    copy_example(tmp_path / "fraud", flink["url"], score_jar, tmp_path)
    monkeypatch.chdir(tmp_path / "fraud")
    return tmp_path / "fraud"
