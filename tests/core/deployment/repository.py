"""A project in a Git repository, and the command line on it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from tests.core.deployment.double import log

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
Shown = pytest.CaptureFixture[str]
ENVIRONMENTS = """\
environments:
  dev: {}
  prod:
    protected: true
    topics: { replication_factor: 2 }
  pr: { ephemeral: true }
"""


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run([*GIT, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "a change")
    return git(root, "rev-parse", "HEAD")


def run(capsys: Shown, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def names(live: Path) -> set[str]:
    return {line.partition(" ")[2] for line in log(live)}


def record(root: Path, environment: str, serial: int) -> dict[str, Any]:
    path = root / ".cdk-stream" / environment / "records" / f"{serial:06}.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found
