"""A pull request on the fraud project, checked against its base in a throw-away repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

EXAMPLE = Path(__file__).parent / "fraud"
BRANCH = "only-captured-payments"
ENVIRONMENT = (
    os.environ
    | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "GIT_CONFIG_GLOBAL": os.devnull,  # whatever Git is told on this machine
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    | {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "dev"),
            ("EMAIL", "dev@example.com"),
            ("DATE", "2026-01-05T09:00:00Z"),
        )
    }
)
# one pull request: what it replaces in which file
CHANGE = (
    (
        "models/card_payments_fraud_events.yml",
        "    key: payment_id\n",
        "    key: payment_id\n    version: 2\n    on_state_change: replay\n",
    ),
    (
        "models/card_payments_clean.yml",
        "    key: payment_id\n",
        "    key: payment_id\n    version: 2\n",
    ),
    (
        "models/card_payments_clean.yml",
        "WHERE status IN ('AUTHORIZED', 'CAPTURED')",
        "WHERE status = 'CAPTURED'",
    ),
    ("models/card_payments_clean.yml", "        card_network,\n", ""),
    ("models/card_payments_fraud_events.yml", "          p.card_network,\n", ""),
    ("models/card_payments_fraud_events.yml", "p.currency, p.card_network, c.", "p.currency, c."),
    (
        "models/card_payments_fraud_events.yml",
        "        card_network,\n        event_time",
        "        event_time",
    ),
    *(
        (
            f"models/{model}.yml",
            "      compatibility: backward\n",
            "      compatibility: backward\n      migration_note: join the raw topic for it\n",
        )
        for model in ("card_payments_clean", "card_payments_fraud_events")
    ),
)


def main(arguments: Sequence[str] = ()) -> int:
    """The change and its verdict; with `--comment`, only what the pull request is told."""
    with tempfile.TemporaryDirectory(prefix="cdk-stream-demo-") as folder:
        repository = Path(folder) / "fraud"
        shutil.copytree(EXAMPLE, repository, ignore=shutil.ignore_patterns("target"))
        _git(repository, "init", "--quiet", "--initial-branch=main")
        _commit(repository, "The fraud project")
        _git(repository, "switch", "--quiet", "--create", BRANCH)
        for path, old, new in CHANGE:
            _replace(repository / path, old, new)
        lines = _changed_lines(_git(repository, "diff", "--unified=0"))
        _commit(repository, "Score captured payments only, drop card_network")
        if "--comment" in arguments:
            head = _git(repository, "rev-parse", "HEAD").strip()
            told = ["cdk-stream", "check", "--commit", head, "--base", "main"]
            command = [*told, "--format", "markdown"]
            return subprocess.run(command, cwd=repository, env=ENVIRONMENT, check=False).returncode
        print(f"A pull request, '{BRANCH}':\n")
        print(lines)
        print("$ cdk-stream check --base main\n", flush=True)
        check = ["cdk-stream", "check", "--base", "main"]
        status = subprocess.run(check, cwd=repository, env=ENVIRONMENT, check=False).returncode
        print(f"\n$ echo $?\n{status}")
    return 0 if status in (0, 1) else status


def _changed_lines(diff: str) -> str:
    """The files of a diff and their lines that came and went."""
    lines = []
    for line in diff.splitlines():
        if line.startswith("+++ b/"):
            lines.append(f"  {line.removeprefix('+++ b/')}")
        elif line.startswith(("+", "-")) and not line.startswith("--- "):
            lines.append(f"    {line[0]} {line[1:].strip()}")
    return "\n".join((*lines, ""))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{path.name} no longer has {old!r} once: mend the demo")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=repository, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout


def _commit(repository: Path, message: str) -> None:
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message", message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
