"""A mask that the Gateway lacks is a warning that says what is lost, and refused when strict."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "fraud"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source of the example project with a mask, which is the current folder."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    return folder / "sources" / "customers_cdc.yml"


def test_masks_that_the_gateway_has_pass(source: Path) -> None:
    assert main(["check"]) == main(["check", "--strict"]) == 0


@pytest.mark.parametrize("method", ["tokenization", "hash", "redact", "null"])
def test_masks_that_it_lacks_pass_with_a_warning_and_not_when_strict(
    method: str, source: Path, capsys: Shown
) -> None:
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("method: mask_all", f'method: "{method}"'), encoding="utf-8")
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert "CS523 the Gateway has no " in told
    assert "is masked whole (MASK_ALL), and " in told
    assert "write mask_all, mask_first_n or mask_last_n, encrypt the column" in told
    assert main(["check", "--strict"]) == 1
