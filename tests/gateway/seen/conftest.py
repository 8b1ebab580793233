"""The stand of this run: a reference of our own, or the Gateway that `--gateway-url` names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.contract import FILE
from tests.gateway.double.double import Double
from tests.gateway.double.server import serve
from tests.gateway.reference.envelope import Keys
from tests.gateway.reference.gateway import Gateway
from tests.gateway.reference.proxy import stand as proxy
from tests.gateway.seen.project import Seen
from tests.gateway.seen.stand import Stand, real_stand
from tests.real.engines.control import down, up
from tests.real.engines.state import read_state

HERE = Path(__file__).parent
PROJECTS = sorted((HERE.parent / "projects").iterdir())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("real")


@pytest.fixture(scope="session")
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    url = request.config.getoption("--gateway-url", default=None)
    if url:
        yield from real_stand(url)
        return
    if not FILE.exists():
        pytest.skip(f"the vendor's API description is not at {FILE}: set CDK_STREAM_CONTRACTS")
    yield from _reference()


def _reference() -> Iterator[Stand]:
    before = set(read_state())
    running = up({"kafka"})
    broker = running["kafka"].addresses["bootstrap_servers"]
    double = Double()
    with serve(double) as server, proxy(Gateway(double, Keys()), broker) as clients:
        base = f"{server.url}/gateway/v2"
        with httpx.Client(base_url=base, auth=("admin", "conduktor"), timeout=30) as api:
            yield Stand(api, f"{clients.address.host}:{clients.address.port}", broker)
    down({"kafka"} - before)
    assert double.violations == []


@pytest.fixture(scope="session", params=PROJECTS, ids=lambda path: path.name)
def seen(request: pytest.FixtureRequest, stand: Stand) -> Seen:
    """A project, deployed and with its rows written."""
    made = Seen(request.param.name, request.param, stand)
    made.deploy()
    made.fill()
    return made
