"""Tests on real engines run only when asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL = Path(__file__).parent / "real"
_LEFT_OUT = (
    "tests/real is left out: it starts Kafka and Flink; ask with --real or CDK_STREAM_REAL=1"
)
_IS_LEFT_OUT = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--real", action="store_true", help="run the tests on real engines as well")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A folder that the command line names is always collected."""
    if collection_path != REAL or config.getoption("--real") or _is_asked():
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
