"""The how-tos show what the commands say; CDK_STREAM_WRITE=1 renews them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from tests.core.deployment.conftest import write_project
from tests.core.deployment.repository import ENVIRONMENTS, commit, git

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
_SHOWN = re.compile(r"```console\n\$ cdk-stream ([^\n]+)\n```\n\n```text\n(.*?)```\n", re.DOTALL)


@pytest.mark.parametrize(("name", "shown"), [("deploy.md", 7), ("environments.md", 2)])
def test_the_page_shows_what_is_said(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    shown: int,
) -> None:
    write_project(project, 1, more=ENVIRONMENTS + "deploy: { at_once: 1 }\n")
    commit(project)
    main(["deploy", "--environment", "dev", "--commit", "HEAD"])
    (project / "models" / "m0.yml").write_text(
        (project / "models" / "m0.yml").read_text().replace("* 2", "* 3")
    )
    git(project, "commit", "--quiet", "--all", "--message", "another factor")
    capsys.readouterr()

    def said(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])) == 0
        out = re.sub(r"commit [0-9a-f]{7}", "commit 5b1d7f2", capsys.readouterr().out)
        out = re.sub(r"digest [0-9a-f]{64}", "digest 8e3c...", out)
        out = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z, by \S+", "2026-01-31T12:00:00Z, by dana@ci", out)
        out = re.sub(r"of [0-9a-f]{12}:", "of 5b1d7f2a9c04:", out)
        out = re.sub(r"'cdk-stream/[0-9a-f]+'", "'...'", out)
        return f"```console\n$ cdk-stream {match[1]}\n```\n\n```text\n{out}```\n"

    page = HOW_TO / name
    text = page.read_text(encoding="utf-8")
    assert len(_SHOWN.findall(text)) == shown
    renewed = _SHOWN.sub(said, text)
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        page.write_text(renewed, encoding="utf-8")
        text = renewed
    assert text == renewed
