"""The how-to, followed step by step; CDK_STREAM_WRITE=1 renews what it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.bundle.house import ORDERS, PROJECT, House, commit, put

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "share-policies.md"
_FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.M | re.S)
_SHOWN = re.compile(r"^```console\n\$ cdk-stream ([^\n]+)\n```\n\n```text\n(.*?)^```$", re.M | re.S)
_NEXT = {
    "rules/bundle.yml": ("1.0.0", "1.1.0"),
    "rules/described.rego": ("default: 2,", "default: 3,"),
}


@pytest.fixture
def acme(house: House, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of the page, by the address of the page; the same ids at every run."""
    shutil.rmtree(house.rules)
    shutil.rmtree(house.project / "tests")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-05T09:00:00Z")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{house.address}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/acme/stream-rules.git")
    return house.rules


def test_the_page_shows_what_is_said(house: House, acme: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = dict(_FILE.findall(page))
    rules = {path: text for path, text in files.items() if path.startswith("rules/")}
    commit(acme, rules)
    source, _, _ = ORDERS.partition("models:\n")
    project = {"sources/orders.yml": source, "models/orders.yml": files["models/orders.yml"]}
    settings = PROJECT + files["stream_project.yml"]
    put(house.project, {**project, "stream_project.yml": settings})
    text = project["models/orders.yml"]
    (house.project / "models/orders.yml").write_text(re.sub(r"    security:\n.*\n.*\n", "", text))

    def elsewhere() -> None:
        put(house.project, {path: files[path] for path in ("tests/pii.yml", "models/orders.yml")})

    def later() -> None:
        assert house.verdict()["passed"]
        changed = {path: rules[path].replace(*change) for path, change in _NEXT.items()}
        assert changed["rules/described.rego"] != rules["rules/described.rego"]
        commit(acme, changed)

    before: list[Callable[[], None]] = [lambda: None, lambda: None, elsewhere, later]

    def said(match: re.Match[str]) -> str:
        before.pop(0)()
        status, shown = house.run(*shlex.split(match[1]))
        assert status == 0, shown
        return f"```console\n$ cdk-stream {match[1]}\n```\n\n```text\n{shown}```"

    renewed = _SHOWN.sub(said, page)
    assert not before
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        PAGE.write_text(renewed, encoding="utf-8")
        page = renewed
    assert page == renewed
    put(house.folder, {"platform.yml": files["platform.yml"]})
    (command,) = re.findall(r"^```console\n\$ cdk-stream (check --require .*)\n", page, re.M)
    assert house.run(*shlex.split(command))[0] == 0
    shutil.rmtree(acme)  # nothing is asked for again
    assert house.verdict("--require", "../platform.yml")["passed"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("levels: { described: off }", "CS735"),
        ("levels: { described: warn }", "CS735"),
        ("params: { described: { words: 1 } }", ""),
    ],
)
def test_what_the_page_says_of_projects(house: House, acme: Path, said: str, code: str) -> None:
    files = dict(_FILE.findall(PAGE.read_text(encoding="utf-8")))
    commit(acme, {path: text for path, text in files.items() if path.startswith("rules/")})
    put(house.project, {"stream_project.yml": f"{PROJECT}{files['stream_project.yml']}  {said}\n"})
    house.fetch("--update")
    assert [found for _, _, found, _ in house.problems()] == ([code] if code else [])


def test_the_bundle_of_the_page_is_tested_where_it_lies(house: House, acme: Path) -> None:
    files = dict(_FILE.findall(PAGE.read_text(encoding="utf-8")))
    put(acme, {path: text for path, text in files.items() if path.startswith("rules/")})
    status, shown = house.run("policy", "test", str(acme / "rules"), "--engine", "embedded")
    assert status == 0, shown
    (acme / "rules/bundle.yml").write_text("name: acme\nrequird: all\n")
    status, shown = house.run("policy", "test", str(acme / "rules"))
    assert (status, "CS111 unknown key 'requird'" in shown) == (1, True)
