"""The real action.yml, run by act as a runner would, against the double."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.github.double.server import Double
from tests.github.left_out import ACT

ROOT = Path(__file__).parents[3]
WORKFLOWS = ROOT / "examples" / "workflows"
_PIN = re.compile(r"conduktor/cdk-stream@([0-9a-f]{40})")


def executable() -> str | None:
    beside = Path(sys.executable).parent / "act"
    return str(beside) if beside.is_file() else shutil.which("act")


@dataclass
class Ran:
    """What act made of a workflow."""

    code: int
    log: str

    @property
    def outputs(self) -> dict[str, str]:
        """Of all steps, the last one of a name wins."""
        return dict(re.findall(r"::set-output:: ([\w-]+)=(.*)", self.log))


Act = Callable[..., Ran]


@pytest.fixture
def act(github: Double, tmp_path: Path) -> Act:
    """Run one of the workflows that users copy; only its Python is given, so that pip may rest."""
    path = executable()
    if path is None:
        pytest.skip(ACT)
    action = tmp_path / "action"
    action.mkdir()
    shutil.copy(ROOT / "action.yml", action)
    shutil.copytree(ROOT / "action", action / "action")

    def run(
        workflow: str, event: str, payload: Any, workspace: Path, token: str = "ghs_actions",
        more: str = "",
    ) -> Ran:  # fmt: skip
        text = (WORKFLOWS / f"{workflow}.yml").read_text(encoding="utf-8")
        (pin,) = set(_PIN.findall(text)) or {"0" * 40}
        given = f"          python: {sys.executable}\n{more}"
        copied = tmp_path / f"{workflow}.yml"
        copied.write_text(
            re.sub(r"(          command: \w+\n)", lambda found: found[1] + given, text),
            encoding="utf-8",
        )
        told = tmp_path / "event.json"
        told.write_text(json.dumps(payload), encoding="utf-8")
        environ = github.environ(token)
        secret = environ.pop("GITHUB_TOKEN")
        command = [
            path, event, "--workflows", str(copied), "--eventpath", str(told),
            "--platform", "ubuntu-latest=-self-hosted", "--action-offline-mode",
            "--no-cache-server", "--action-cache-path", str(tmp_path / "cache"),
            "--local-repository", f"conduktor/cdk-stream@{pin}={action}",
            "--secret", f"GITHUB_TOKEN={secret}",
            *(part for name, value in environ.items() for part in ("--env", f"{name}={value}")),
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=workspace, capture_output=True, text=True, check=False, timeout=120
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    return run
