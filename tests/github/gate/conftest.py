"""A small project on GitHub, and the action's review as a run of the gate does it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.action.__main__ import main
from cdk_stream.plugin.live import Live
from cdk_stream.workflow.prove import prove
from tests.core.review.conftest import BROKEN_MODEL, EXPOSURES, FILES, MODEL, PROJECT
from tests.github.double.server import Double
from tests.github.double.world import PullRequest, Token

CONTEXT = "cdk-stream/approval (main)"
BOT = "github-actions[bot]"
BROKEN = {"models/paid.yml": BROKEN_MODEL}
"""A column less: the exposures `invoices` (team-billing) and `storefront` (team-shop) are hit."""
FINE = {"notes/a.md": "nothing that compiles"}
PEOPLE_ONLY = PROJECT.replace('"@acme/billing"', '"@bea"')
__all__ = ["BROKEN", "CONTEXT", "EXPOSURES", "FINE", "MODEL", "Gate", "Run", "git"]


@dataclass
class Run:
    """What a run of the gate came to."""

    code: int
    out: str
    outputs: dict[str, str]
    summary: str

    @property
    def decision(self) -> str:
        return self.outputs.get("decision", "")


@dataclass
class Gate:
    """The repository, and the gate of it."""

    github: Double
    workspace: Path
    start: Callable[..., Run]
    made: list[PullRequest] = field(default_factory=list)

    def on(self, name: str, payload: Any, token: str = "ghs_actions", **more: str) -> Run:
        """The gate runs on an event."""
        return self.start(name, payload, token, **more)

    def about(self, pull: PullRequest, token: str = "ghs_actions", **more: str) -> Run:
        """The gate runs on a push to a pull request."""
        payload = {"pull_request": {"number": pull.number}}
        return self.on("pull_request_target", payload, token, **more)

    def open(self, files: dict[str, Any], author: str = "ann", **more: Any) -> PullRequest:
        pull = self.github.world.open(author, f"topic-{len(self.made)}", files, **more)
        self.made.append(pull)
        return pull

    def approve(self, pull: PullRequest, *people: str) -> None:
        for login in people:
            self.github.world.review(pull, login, "APPROVED")

    def state(self, pull: PullRequest, context: str = CONTEXT) -> str:
        """The status of its head; empty when there is none."""
        status = self.github.world.last_status(pull.head, context)
        return status.state if status else ""

    def push_main(self, files: dict[str, Any]) -> None:
        """Other rules for the branch."""
        self.github.world.push("main", files, "pia", "Rules")

    def proved(self, commit: str, token: str = "ghs_actions") -> bool:
        """What a deploy asks before it does anything."""
        git(self.workspace, "fetch", "--quiet", str(self.github.world.git.path), "main")
        forge = Live.load(["github"]).open_forge(self.github.environ(token))
        assert forge
        return prove(self.workspace, forge, commit, "main").passed

    def comments(self) -> list[str]:
        return [comment.body for comment in self.github.world.comments if comment.author == BOT]


@pytest.fixture
def gate(github: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> Gate:
    """`ana`, `bo` (team-shop), `bea` (team-billing) and `pia` (platform) may write."""
    world = github.world
    for login in ("ana", "bo", "pia"):
        world.person(login, "write")
    world.person("web-flow", "none")
    world.tokens["ghs_app"] = Token("stream-bot[bot]", organisation=True)
    world.person("stream-bot[bot]", "write", bot=True)
    world.push("main", {**FILES, "stream_project.yml": PEOPLE_ONLY}, "ann", "The project")
    workspace = tmp_path / "workspace"
    _clone(github, workspace)

    def start(name: str, payload: Any, token: str, **more: str) -> Run:
        files = {what: tmp_path / what for what in ("output", "summary", "event")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        files["event"].write_text(json.dumps(payload), encoding="utf-8")
        environ = github.environ(
            token, GITHUB_EVENT_NAME=name, GITHUB_EVENT_PATH=str(files["event"]),
            GITHUB_RUN_ID="7", GITHUB_OUTPUT=str(files["output"]),
            GITHUB_STEP_SUMMARY=str(files["summary"]), RUNNER_TEMP=str(tmp_path),
            CDK_STREAM_COMMAND="review", CDK_STREAM_PROJECT_DIR=str(workspace), **more,
        )  # fmt: skip
        for variable, value in environ.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.chdir(workspace)
        code = main(environ)
        shown = capfd.readouterr()
        outputs = _outputs(files["output"].read_text(encoding="utf-8"))
        summary = files["summary"].read_text(encoding="utf-8")
        return Run(code, shown.out + shown.err, outputs, summary)

    return Gate(github, workspace, start)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a server that will not come back."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def git(path: Path, *arguments: str) -> str:
    done = subprocess.run(("git", *arguments), cwd=path, check=True, capture_output=True)
    return done.stdout.decode().strip()


def _clone(github: Double, workspace: Path) -> None:
    """As actions/checkout leaves it: the base branch, no remote to ask, no token."""
    origin = str(github.world.git.path)
    subprocess.run(("git", "clone", "--quiet", origin, str(workspace)), check=True)
    subprocess.run(("git", "remote", "remove", "origin"), cwd=workspace, check=True)


def _outputs(text: str) -> dict[str, str]:
    """The file as the runner reads it."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        value = []
        for inner in lines:
            if inner == end:
                break
            value.append(inner)
        found[name] = "\n".join(value)
    return found
