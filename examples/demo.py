"""A pull request on the fraud project, checked against its base in a throw-away repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parent / "fraud"
IDENTITY = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
# one pull request: what it replaces in which file
CHANGE = (
    (
        "models/card_payments_clean.yml",
        "WHERE status IN ('AUTHORIZED', 'CAPTURED')",
        "WHERE status = 'CAPTURED'",
    ),
    ("models/card_payments_clean.yml", "event_time,\n        card_network\n", "event_time\n"),
    ("models/card_payments_fraud_events.yml", "          p.card_network,\n", ""),
    ("models/card_payments_fraud_events.yml", "p.currency, p.card_network, c.", "p.currency, c."),
    (
        "models/card_payments_fraud_events.yml",
        "        card_network,\n        event_time",
        "        event_time",
    ),
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="cdk-stream-demo-") as folder:
        repository = Path(folder) / "fraud"
        shutil.copytree(EXAMPLE, repository, ignore=shutil.ignore_patterns("target"))
        _git(repository, "init", "--quiet", "--initial-branch=main")
        _commit(repository, "The fraud project")
        _git(repository, "switch", "--quiet", "--create", "only-captured-payments")
        for path, old, new in CHANGE:
            _replace(repository / path, old, new)
        _show(repository, "git", "diff", "--stat", "main")
        _show(repository, "git", "diff", "--unified=0", "main")
        _commit(repository, "Score captured payments only, drop card_network")
        status = _show(repository, "cdk-stream", "check", "--base", "main")
        print(f"\nexit code {status}")
    return 0


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{path.name} no longer has {old!r} once: mend the demo")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _git(repository: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=repository, check=True)


def _commit(repository: Path, message: str) -> None:
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message", message)


def _show(repository: Path, *command: str) -> int:
    print("$", " ".join(command), flush=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = os.environ | {"PATH": path, "GIT_PAGER": "cat"}
    done = subprocess.run(command, cwd=repository, env=environment, check=False)
    print(flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
