"""The how-tos show what the commands say; CDK_STREAM_WRITE=1 renews them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
_SHOWN = re.compile(r"```console\n\$ cdk-stream ([^\n]+)\n```\n\n```text\n(.*?)```\n", re.DOTALL)
_FILE = re.compile(r'```yaml title="([^"]+)"\n(.*?)```\n', re.DOTALL)
_TAKEN = re.compile(r"\d+ ms")


@pytest.mark.parametrize(
    ("name", "template", "codes"),
    [("start-a-project", "", (0, 0, 0)), ("test-a-model", "kyc", (1, 0, 0))],
)
def test_the_page_shows_what_is_said(
    name: str,
    template: str,
    codes: tuple[int, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "how-to" / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    if template:
        assert main(["init", "--template", template, "shop"]) == 0
        monkeypatch.chdir(tmp_path / "shop")
        for path, content in _FILE.findall(text):
            Path(path).write_text(content)
        capsys.readouterr()
    left = list(codes)

    def said(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])) == left.pop(0)
        shown = _TAKEN.sub("1 ms", capsys.readouterr().out)
        if match[1].startswith("init"):
            monkeypatch.chdir("shop")
        return f"```console\n$ cdk-stream {match[1]}\n```\n\n```text\n{shown}```\n"

    renewed = _SHOWN.sub(said, text)
    assert not left, "every command was run"
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        page.write_text(renewed, encoding="utf-8")
        text = renewed
    assert text == renewed
