"""Virtual environments for what is measured, kept between runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def cache() -> Path:
    """Where environments are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "cdk-stream" / "benchmarks"


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder for generated projects, in memory where the system has such a place.

    What a file system takes to create thousands of files differs tenfold from one to the next.
    """
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory("-cdk-stream", dir=memory if usable else None) as name:
        yield Path(name)


def scripts(name: str, requirements: Sequence[str]) -> Path:
    """The folder of commands of an environment that has `requirements`; made when missing."""
    digest = hashlib.sha256("\n".join(requirements).encode()).hexdigest()[:8]
    folder = cache() / f"{name}-{digest}"
    ready = folder / ".ready"
    if not ready.exists():
        print(f"installing {name}: {' '.join(requirements)}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
        subprocess.run([*pip, "--disable-pip-version-check", *requirements], cwd=ROOT, check=True)
        ready.touch()
    return folder / "bin"


def ours() -> Path:
    """The environment that runs this script."""
    return Path(sys.executable).parent


def fast() -> Path:
    """An environment of our own with the compiled parser."""
    return scripts("cdk-stream-fast", ["--editable", ".[fast]"])
