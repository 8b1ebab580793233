"""docs/how-to/use-the-hooks.md says what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cdk_stream_hooks import check
from tests.hooks.conftest import ROOT, Git, add_project

PAGE = (ROOT / "docs" / "how-to" / "use-the-hooks.md").read_text(encoding="utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
LATE = """\
models:
  - name: late
    description: Large payments
    owner: team-fraud
    key: payment_id
    sql: SELECT payment_id, amount FROM {{ ref("card_payments_clean") }}
    public: true
"""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}[^\n]*\n(.*?)^```$", PAGE, re.M | re.S)


def test_five_lines_are_enough() -> None:
    assert len(blocks("yaml")[0].splitlines()) == 5


@pytest.mark.parametrize("text", blocks("yaml"))
def test_the_configurations_name_hooks_that_there_are(text: str) -> None:
    (repository,) = yaml.safe_load(text)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= {hook["id"] for hook in HOOKS}


def test_the_table_names_every_hook() -> None:
    named = re.findall(r"^\| `(cdk-stream-\S+)`", PAGE, re.M)
    assert sorted(named) == sorted(hook["id"] for hook in HOOKS)


def test_what_is_shown_is_what_is_said(
    top: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(top, "rm", "-qr", "teams")
    add_project(top / "stream")
    (top / "stream" / "models" / "late.yml").write_text(LATE, encoding="utf-8")
    git(top, "add", "-A")
    assert check.main([]) == 1
    said = capsys.readouterr().out
    shown = blocks("text")[0].partition("\n\n")[2]
    assert said.startswith(shown), said


def test_every_script_of_a_hook_is_installed() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for hook in HOOKS:
        module = hook["entry"].removeprefix("cdk-stream-").replace("-", "_")
        assert f'{hook["entry"]} = "cdk_stream_hooks.{module}:main"' in project


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("stream_project.yml", True),
        ("teams/fraud/models/a/b.yml", True),
        ("teams/fraud/models/a.sql", True),
        ("waivers.yml", True),
        ("tests/a.yaml", True),
        (".pre-commit-config.yaml", False),
        ("teams/fraud/schemas/a.json", False),
        ("mymodels/a.yml", False),
    ],
)
def test_the_formatter_is_given_the_files_of_projects(path: str, matches: bool) -> None:
    (files,) = [hook["files"] for hook in HOOKS if hook["id"] == "cdk-stream-format"]
    assert bool(re.search(files, path)) is matches
