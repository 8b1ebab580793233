"""Nothing of the machine it was written on is in the project."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/",
    "a package index": r"https?://[\w.-]*(?:pythonhosted|artifactory|nexus|pypiserver)[\w.-]*/|/simple/",
    "a leftover": r"\b(?:FIXME|XXX|TODO)\b",
}
BINARY = {".png", ".gif", ".jpg", ".ico", ".bin", ".jar", ".whl"}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in _tracked():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found
