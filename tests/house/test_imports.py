"""Imports run down, and nobody hides one."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("core", "hooks", "plugins", "policies")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_contracts_are_kept() -> None:
    script = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", script, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_room_of_the_core_has_a_floor() -> None:
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]
    named = {room for layer in contract["layers"] for room in layer.replace("|", ":").split(":")}
    floors = {room.strip() for room in named}
    core = ROOT / "core" / "cdk_stream"
    rooms = {f"cdk_stream.{path.stem}" for path in core.iterdir() if _is_room(path)}
    assert rooms <= floors


def _is_room(path: Path) -> bool:
    if path.is_dir():
        return (path / "__init__.py").exists()
    return path.suffix == ".py" and path.stem not in ("__init__", "__main__")


def test_nothing_is_imported_for_types_only() -> None:
    assert not [str(path) for path in FILES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")]


def test_imports_inside_functions_say_why() -> None:
    silent = []
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in _hidden_imports(path):
            if "#" not in lines[line - 1] and "#" not in lines[line - 2]:
                silent.append(f"{path.relative_to(ROOT)}:{line}")
    assert not silent


def _hidden_imports(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
