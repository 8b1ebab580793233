"""What each format looks like; CDK_STREAM_WRITE=1 in the environment rewrites the files."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from cdk_stream.report import github, json, junit, markdown, sarif, text
from cdk_stream.report.frame import Frame
from tests.core.report.conftest import VERDICTS

GOLDEN = Path(__file__).parent / "golden"
SUFFIX = {
    text: "txt",
    json: "json",
    markdown: "md",
    github: "github.txt",
    sarif: "sarif.json",
    junit: "xml",
}


@pytest.mark.parametrize("renderer", SUFFIX, ids=SUFFIX.values())
@pytest.mark.parametrize("name", VERDICTS)
def test_looks_as_before(name: str, renderer: ModuleType) -> None:
    file = GOLDEN / f"{name}.{SUFFIX[renderer]}"
    shown = renderer.render(VERDICTS[name], Frame(prefix="projects/fraud/"))
    if os.environ.get("CDK_STREAM_WRITE"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
