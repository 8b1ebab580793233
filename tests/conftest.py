"""Tests on real engines run only when asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import opa
from tests.github import left_out
from tests.review import look

# The same examples at every run, so that a red run is about the change; `explore` looks further.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

HERE = Path(__file__).parent
REAL = (HERE / "real", HERE / "gateway" / "seen")
_LEFT_OUT = (
    "tests/real is left out: it starts Kafka and Flink; ask with --real or CDK_STREAM_REAL=1"
)
_IS_LEFT_OUT = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--real", action="store_true", help="run the tests on real engines as well")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A folder that the command line names is always collected."""
    if collection_path not in REAL or config.getoption("--real") or _is_asked():
        return None
    config.stash[_IS_LEFT_OUT] = True
    return True


def _is_asked() -> bool:
    return os.environ.get("CDK_STREAM_REAL") == "1"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if config.stash.get(_IS_LEFT_OUT, False):
        terminalreporter.write_line(_LEFT_OUT)
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for reason in (opa.LEFT_OUT, look.LEFT_OUT, left_out.CONTRACT, left_out.ACT):
        if any(reason in told for told in skipped):
            terminalreporter.write_line(reason)


@pytest.fixture(scope="session")
def opa_path() -> str:
    """A real OPA's executable; a test that asks for it is left out where there is none."""
    path = opa.executable()
    if path is None:
        pytest.skip(opa.LEFT_OUT)
    return str(path)


@pytest.fixture(scope="session")
def opa_server(opa_path: str) -> Iterator[str]:
    """The address of a real OPA server on loopback: `127.0.0.1:PORT`."""
    with opa.server() as address:
        yield address
