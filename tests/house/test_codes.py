"""The codes of the source and of the documentation are the same."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (CS\d{3}) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PAGE = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
DOCUMENTED = [match[1] for match in ROW.finditer(PAGE)]


def _used() -> set[str]:
    return {
        code
        for folder in ("core", "hooks", "plugins", "policies")
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r"""["'](CS\d{3})["']""", path.read_text(encoding="utf-8"))
    }


def test_every_code_is_documented() -> None:
    assert not _used() - set(DOCUMENTED)


def test_every_documented_code_is_used() -> None:
    assert not set(DOCUMENTED) - _used()


def test_codes_stand_once_and_in_order() -> None:
    assert sorted(set(DOCUMENTED)) == DOCUMENTED


def test_every_row_is_whole() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| CS")]
    assert len(rows) == len(DOCUMENTED)
    for _, severity, meaning, mend in (match.groups() for match in ROW.finditer(PAGE)):
        assert severity.strip() in {"error", "warning", "note"} or "," in severity
        assert meaning.strip() and mend.strip()
