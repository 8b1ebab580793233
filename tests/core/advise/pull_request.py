"""Pull requests on the fraud project, in real repositories, and what a migration writes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from cdk_stream.results.migration import Migration, Step

FRAUD = Path(__file__).parents[3] / "examples" / "fraud"
NOBODY = ("-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false")

Edit = tuple[str, str, str]
"""(file, what stands there once, what stands there instead)."""


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *NOBODY, *arguments], cwd=folder, check=True, capture_output=True)


def opened(folder: Path, *edits: Edit, before: Iterable[Edit] = ()) -> Path:
    """The project on a branch that has left `main` by `edits`; `before` are on main as well."""
    root = folder / "fraud"
    shutil.copytree(FRAUD, root, ignore=shutil.ignore_patterns("target"))
    edit(root, before)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "base")
    git(root, "switch", "--quiet", "--create", "change")
    edit(root, edits)
    return root


def edit(root: Path, edits: Iterable[Edit]) -> None:
    for path, old, new in edits:
        text = (root / path).read_text(encoding="utf-8") if (root / path).exists() else ""
        assert text.count(old) == 1 or not text, (path, old)
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text.replace(old, new) if text else new, encoding="utf-8")


def carry_out(root: Path, migrations: Iterable[Migration]) -> None:
    """Do what the migrations say, as their readers would: steps, then moves."""
    told = list(migrations)
    for migration in told:
        for step in migration.steps:
            _do(root, step)
    for migration in told:
        for move in migration.moves:
            for step in move.steps:
                _do(root, step)


def _do(root: Path, step: Step) -> None:
    if step.effect == "file":
        assert not (root / step.path).exists()
        (root / step.path).write_text(step.snippet, encoding="utf-8")
    elif step.effect == "set":
        _set(root / step.path, yaml.safe_load(step.snippet))
    elif step.effect == "run":
        command = step.snippet.split()
        assert command[0] == "git"
        git(root, *command[1:])


def _set(path: Path, snippet: Mapping[str, Any]) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for section, resources in snippet.items():
        for keys in resources:
            (found,) = [one for one in document[section] if one["name"] == keys["name"]]
            _merge(found, keys)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _merge(into: dict[str, Any], keys: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
