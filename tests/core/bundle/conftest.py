"""A platform, a team, and a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.bundle.house import House


@pytest.fixture
def house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> House:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CDK_STREAM_REQUIRED_BUNDLES", raising=False)
    found = House(tmp_path, capsys)
    monkeypatch.chdir(found.project)
    return found
