"""Rooms stay small: the figures of the house rules."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("core", "hooks", "plugins", "policies")
    for path in (ROOT / folder).rglob("*.py")
)
FUNCTION_LIMIT = 60
FILE_LIMIT = 400


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_over_the_limit() -> None:
    long = {
        str(path.relative_to(ROOT)): lines for path in FILES if (lines := _lines(path)) > FILE_LIMIT
    }
    assert not long


def test_no_function_is_over_the_limit() -> None:
    long = {
        name: lines for path in FILES for name, lines in _functions(path) if lines > FUNCTION_LIMIT
    }
    assert not long


def test_most_files_and_functions_are_small() -> None:
    functions = [lines for path in FILES for _, lines in _functions(path)]
    assert statistics.median(map(_lines, FILES)) <= 120
    assert statistics.median(functions) <= 10
