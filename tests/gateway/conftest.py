"""A Gateway's API for each test, and what its contract says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.contract import FILE, Contract, load
from tests.gateway.double.double import Double
from tests.gateway.double.server import Serving, serve

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--gateway-url",
        help="run tests/gateway/seen on a real Gateway: "
        "http://USER:PASSWORD@HOST:8888?bootstrap=HOST:6969",
    )


@pytest.fixture(scope="session")
def contract() -> Contract:
    if not FILE.exists():
        pytest.skip(f"the vendor's API description is not at {FILE}: set CDK_STREAM_CONTRACTS")
    return load()


@pytest.fixture
def double(contract: Contract) -> Iterator[Double]:
    """A double that must answer as the contract says."""
    made = Double()
    yield made
    assert made.violations == []


@pytest.fixture
def server(double: Double) -> Iterator[Serving]:
    with serve(double) as serving:
        yield serving


@pytest.fixture
def api(server: Serving) -> Iterator[httpx.Client]:
    """A client of the double that is logged in."""
    with httpx.Client(
        base_url=f"{server.url}/gateway/v2", auth=("admin", "conduktor"), timeout=5
    ) as client:
        yield client


@pytest.fixture
def interceptor() -> Callable[..., dict[str, Any]]:
    return make_interceptor


def make_interceptor(
    name: str = "x", scope: dict[str, Any] | None = None, priority: int = 1, topic: str = "^t$"
) -> dict[str, Any]:
    """A read-only rule; it differs by its topic."""
    metadata: dict[str, Any] = {"name": name}
    if scope is not None:
        metadata["scope"] = scope
    return {
        "kind": "Interceptor",
        "apiVersion": "gateway/v2",
        "metadata": metadata,
        "spec": {
            "priority": priority,
            "pluginClass": "io.conduktor.gateway.interceptor.safeguard.ReadOnlyTopicPolicyPlugin",
            "config": {"topic": topic, "action": "BLOCK"},
        },
    }
