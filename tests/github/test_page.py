"""The how-to of the action says what there is; CDK_STREAM_WRITE=1 renews its tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.github.test_workflows import FOLDER, PERMISSIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "set-up-the-github-action.md"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    head, *rest = rows
    lines = [head, ("---",) * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- ", "|---") + "\n"


def _words(text: str) -> str:
    return " ".join(text.split())


def _default(told: Any) -> str:
    text = str(told.get("default", ""))
    return f"`{text}`" if text else ""


TABLES: dict[str, list[tuple[str, ...]]] = {
    "inputs": [
        ("input", "default", "meaning"),
        *(
            (f"`{name}`", _default(told), _words(told["description"]))
            for name, told in ACTION["inputs"].items()
        ),
    ],
    "outputs": [
        ("output", "meaning"),
        *((f"`{name}`", _words(told["description"])) for name, told in ACTION["outputs"].items()),
    ],
}


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_of_the_action(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    real = block.sub(lambda found: f"{found[1]}{_table(TABLES[name])}{found[2]}", page)
    if os.environ.get("CDK_STREAM_WRITE"):
        PAGE.write_text(real, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == real


@pytest.mark.parametrize("name", PERMISSIONS)
def test_every_workflow_and_its_rights_are_told(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{name}` \|(.*)\|$", page, re.MULTILINE)
    events, rights = (cell.strip() for cell in row.split("|")[:2])
    assert set(re.findall(r"`([^`]+)`", rights)) == {
        f"{scope}: {level}" for scope, level in PERMISSIONS[name].items()
    }
    triggers = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))[True]
    told = set(re.findall(r"`(\w+)`", events))
    assert told == set(triggers) - {"workflow_dispatch"}
    assert ("by hand" in events) == ("workflow_dispatch" in triggers)
