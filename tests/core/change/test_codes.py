from __future__ import annotations

import re
from pathlib import Path

from cdk_stream.stages.diff.codes import CODES

ROOT = Path(__file__).parents[3]
_ROW = re.compile(r"^\| `(\w+)` \| ([a-z, ]+) \| (\w+) \| (.+) \|$", re.MULTILINE)


def test_the_page_explains_every_aspect_and_no_other() -> None:
    rows = _ROW.findall((ROOT / "docs" / "changes.md").read_text(encoding="utf-8"))

    assert {code: (axis, "(quiet)" not in text) for code, _, axis, text in rows} == {
        code: (kind.axis, kind.spreads) for code, kind in CODES.items()
    }


def test_every_aspect_on_the_page_is_told_somewhere() -> None:
    folder = ROOT / "core" / "cdk_stream" / "stages" / "diff"
    files = [*sorted(folder.glob("*.py")), ROOT / "core/cdk_stream/workflow/rules.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)

    assert [code for code in CODES if text.count(f'"{code}"') < 2] == []
