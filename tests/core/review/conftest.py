"""A real repository with a small project, and a forge in memory around it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cdk_stream.results.approval import Vote
from cdk_stream.results.review import Reviewed
from cdk_stream.testing.forge import FakeForge, FakePullRequest
from cdk_stream.workflow.review import review

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
PROJECT = """\
name: shop
default_cluster: main
owners:
  team-shop: { github: ["@ana", "@bo"] }
  team-billing: { github: ["@acme/billing"] }
  platform: { github: ["@pia"] }
governance:
  owners: [platform]
clusters:
  main:
    region: EU
    kafka: { bootstrap_servers: "kafka:9092" }
    schema_registry: { url: "http://registry:8081" }
    gateway: { url: "http://gateway:8888", bootstrap_servers: "gateway:6969" }
policies:
  levels: { naming: "off", sla: "off", topics: "off", contracts: "off", fail_closed: "off" }
"""
SOURCE = """\
sources:
  - name: orders
    type: kafka_topic
    topic: orders.v1
    owner: team-shop
    format: json
    columns:
      - { name: id, type: STRING, classification: internal }
      - { name: amount, type: INT, classification: confidential }
      - { name: note, type: STRING, classification: internal }
"""
MODEL = """\
models:
  - name: paid
    materialized: virtual_topic
    owner: team-shop
    sql: |
      SELECT id, amount, note FROM {{ source("orders") }}
"""
EXPOSURES = """\
exposures:
  - name: invoices
    type: application
    owner: team-billing
    depends_on: [ref("paid")]
  - name: storefront
    type: application
    owner: team-shop
    depends_on: [ref("paid")]
"""
FILES = {
    "stream_project.yml": PROJECT,
    "sources/orders.yml": SOURCE,
    "models/paid.yml": MODEL,
    "exposures/apps.yml": EXPOSURES,
}
BROKEN_MODEL = MODEL.replace("id, amount, note", "id, amount")
"""A column less: both applications are hit."""


@dataclass
class World:
    """The repository and the forge; `main` is the tip of the base branch."""

    root: Path
    forge: FakeForge
    main: str = ""
    number: int = 0
    made: list[str] = field(default_factory=list)

    def git(self, *arguments: str, who: str = "mia") -> str:
        identity = (
            "-c", f"user.name={who}", "-c", f"user.email=1+{who}@users.noreply.forge.example",
            "-c", "commit.gpgsign=false",
        )  # fmt: skip
        done = subprocess.run(
            ("git", *identity, *arguments), cwd=self.root, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            target = self.root / path
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")

    def commit(
        self,
        files: Mapping[str, str | None],
        onto: str = "",
        *,
        who: str = "mia",
        message: str = "a change",
    ) -> str:
        """A commit on top of another one, main's tip unless told otherwise."""
        self.git("checkout", "--quiet", "--detach", onto or self.main)
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, who=who)
        return self.git("rev-parse", "HEAD")

    def advance(self, files: Mapping[str, str | None], *, who: str = "zoe") -> str:
        """A commit on main."""
        self.main = self.commit(files, who=who)
        for one in self.forge.pull_requests.values():
            if one.facts.state == "open" and one.facts.base_ref == "main":
                one.change(base=self.main)
        return self.main

    def open(
        self, files: Mapping[str, str | None], *, author: str = "mia", message: str = "a change"
    ) -> FakePullRequest:
        """A pull request with one commit."""
        head = self.commit(files, who=author, message=message)
        self.number += 1
        return self.forge.open(self.number, self.main, head, author)

    def push(
        self, pull_request: FakePullRequest, files: Mapping[str, str | None], *,
        who: str = "mia", message: str = "more",
    ) -> str:  # fmt: skip
        """One more commit on a pull request."""
        head = self.commit(files, pull_request.facts.head, who=who, message=message)
        pull_request.authors.add(who)
        pull_request.change(head=head)
        return head

    def judge(self, pull_request: FakePullRequest, now: datetime = NOW) -> Reviewed:
        return review(self.root, self.forge, pull_request, now=now)

    def gate(self, pull_request: FakePullRequest, now: datetime = NOW) -> tuple[str, str]:
        """State and description of the gate."""
        answer = self.judge(pull_request, now).approvals.gate
        return answer.state, answer.description


def owners(reviewed: Reviewed) -> dict[str, str]:
    """Owner -> how far it is."""
    return {one.requirement.owner: one.state for one in reviewed.approvals.standings}


def why_not(reviewed: Reviewed, owner: str) -> list[str]:
    """Why votes of an owner's people do not count."""
    standing = reviewed.approvals.of(owner)
    votes: tuple[Vote, ...] = standing.discounted if standing else ()
    return [vote.why_not for vote in votes]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is the same in every test: the repository's first commit, and a cache of policies."""
    folder = tmp_path_factory.mktemp("review")
    root = folder / "streams"
    root.mkdir()
    first = World(root, FakeForge())
    first.git("init", "--quiet", "--initial-branch=main")
    first.write(FILES)
    first.git("add", "--all")
    first.git("commit", "--quiet", "--message", "base", who="zoe")
    return folder


@pytest.fixture
def world(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The project on main, with people of all kinds."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(shelf / "cache"))
    root = shelf / "work"  # always the same: what was found out of the policies is kept for it
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(shelf / "streams", root)
    forge = FakeForge(
        permissions={
            "ana": "write", "bo": "write", "cem": "write", "dee": "maintain", "pia": "admin",
            "mia": "write", "zoe": "admin", "rex": "read",
        },
        teams={"acme/billing": {"cem", "dee", "rex"}},
    )  # fmt: skip
    world = World(root, forge)
    world.main = world.git("rev-parse", "HEAD")
    return world
