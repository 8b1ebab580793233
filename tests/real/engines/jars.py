"""A pom -> a folder with its jars, by Maven, once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.real.engines.folder import jars_folder

POMS = Path(__file__).parent / "poms"
_LIMIT = 900


class NotAssembled(Exception):
    """Maven could not bring the jars; the text is its own last words."""


def assemble(name: str) -> Path:
    """The folder with the jars of `poms/NAME.xml`; a changed pom makes a new folder."""
    pom = POMS / f"{name}.xml"
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    folder = jars_folder() / f"{name}-{digest}"
    if not folder.exists():
        _fill(folder, pom)
    return folder


def _fill(folder: Path, pom: Path) -> None:
    # Maven writes beside the pom, and may be stopped half-way: hence a copy, renamed when whole.
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as temporary:
        shutil.copy(pom, Path(temporary, "pom.xml"))
        _maven(temporary, _goal(pom))
        Path(temporary, "jars").rename(folder)


def _goal(pom: Path) -> str:
    unpacks = "<artifactItem>" in pom.read_text(encoding="utf-8")
    return "unpack" if unpacks else "copy-dependencies"


def _maven(folder: str, goal: str) -> None:
    command = ["mvn", "--batch-mode", "--quiet", f"dependency:{goal}"]
    command += ["-DincludeScope=runtime", "-DoutputDirectory=jars"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_LIMIT, check=False
    )
    if done.returncode:
        told = [line for line in done.stdout.splitlines() if "ERROR" in line] or [done.stderr]
        raise NotAssembled(told[0].strip()[:500])
