"""GitHub on loopback, with the people and the branch that most tests start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cdk_stream_github.environment import Environment, read_environment
from cdk_stream_github.forge import GitHub
from cdk_stream_github.session import Patience, Session
from tests.github import contract as published
from tests.github.contract import Contract
from tests.github.double.server import Double, double
from tests.github.left_out import CONTRACT

QUICK = Patience(connect=2, read=5, tries=3, pause=0, longest_wait=60, requests=200)


@dataclass
class Opened:
    """A forge as `token` sees it, and how long it would have waited."""

    forge: GitHub
    environment: Environment
    waits: list[float] = field(default_factory=list)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """GitHub's published API; tests that ask for it are left out where npm is missing."""
    loaded = published.load()
    if loaded is None:
        pytest.skip(CONTRACT)
    return loaded


@pytest.fixture
def github(contract: Contract, tmp_path: Path) -> Iterator[Double]:
    """`ann` writes, `bea` and `cem` may write, `mia` maintains, `tom` triages, `eve` may read."""
    with double(contract, tmp_path / "github") as made:
        world = made.world
        for login, permission in (
            ("ann", "write"), ("bea", "write"), ("cem", "write"), ("mia", "maintain"),
            ("tom", "triage"), ("eve", "read"),
        ):  # fmt: skip
            world.person(login, permission)
        world.push("main", {"README.md": "# streams\n"}, "ann", "Start")
        yield made


@pytest.fixture
def reach(github: Double) -> Callable[..., Opened]:
    """Open the double's repository with a token."""

    def opened(token: str = "ghs_actions", patience: Patience = QUICK, **more: str) -> Opened:
        environment = read_environment(github.environ(token, **more))
        assert environment
        waits: list[float] = []
        session = Session(environment, patience, waits.append)
        return Opened(GitHub(environment, session), environment, waits)

    return opened


@pytest.fixture
def forge(reach: Callable[..., Opened]) -> GitHub:
    """With the token that a workflow has."""
    return reach().forge
