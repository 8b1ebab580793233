"""A program in a process group of its own: started, looked at, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PATIENCE = 20.0


def start(command: Sequence[str], log: Path, folder: Path, environment: Mapping[str, str]) -> int:
    """The id of the new process, which outlives this one; what it prints goes to `log`."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # else Python warns of a process that it does not see end
    return process.pid


def birth(pid: int) -> str | None:
    """When the process began, so that a later one with the same id is not taken for it."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return _birth_by_ps(pid)
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def _birth_by_ps(pid: int) -> str | None:
    if Path("/proc/self").exists():
        return None
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def stop(pid: int, born: str) -> None:
    """Ask the process group to end; make it end when it has not after 20 seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if birth(pid) != born:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)
        _await_end(pid, born)


def _await_end(pid: int, born: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if birth(pid) != born:
            return
        time.sleep(0.05)
