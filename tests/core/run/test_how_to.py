"""The how-to shows what the commands say; CDK_STREAM_WRITE=1 renews it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "run-on-a-laptop.md"
_SHOWN = re.compile(r"```console\n\$ cdk-stream ([^\n]+)\n```\n\n```text\n(.*?)```\n", re.DOTALL)
_TAKEN = re.compile(r"\d+ ms")


def test_the_page_shows_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    ignored = shutil.ignore_patterns("target")
    shutil.copytree(ROOT / "examples" / "fraud", tmp_path / "fraud", ignore=ignored)
    monkeypatch.chdir(tmp_path / "fraud")

    def said(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])) == 0
        shown = _TAKEN.sub("1 ms", capsys.readouterr().out)
        return f"```console\n$ cdk-stream {match[1]}\n```\n\n```text\n{shown}```\n"

    page = PAGE.read_text(encoding="utf-8")
    assert len(_SHOWN.findall(page)) == 3
    renewed = _SHOWN.sub(said, page)
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        PAGE.write_text(renewed, encoding="utf-8")
        page = renewed
    assert page == renewed
