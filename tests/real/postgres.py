"""A throw-away PostgreSQL, where the machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real.engines.engine import LOOPBACK, free_ports, listens
from tests.real.engines.process import birth, start, stop

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
"""PostgreSQL refuses to run as root."""


class Database:
    """One database with one user, who needs no password."""

    def __init__(self, port: int) -> None:
        self.address = f"{LOOPBACK}:{port}"
        self._psql = [*_program("psql"), "-h", LOOPBACK, "-p", str(port), "-U", "shop", "-d"]

    def rows(self, query: str) -> list[list[str]]:
        """The rows as text; none when the table does not exist yet."""
        command = [*self._psql, "postgres", "--no-align", "--tuples-only", "-c", query]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return [line.split("|") for line in done.stdout.splitlines()]


def is_installed() -> bool:
    return bool(_program("postgres")) and bool(_program("psql"))


@contextmanager
def running() -> Iterator[Database]:
    (port,) = free_ports(("sql",)).values()
    with tempfile.TemporaryDirectory(prefix="cdk-stream-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        data = f"{folder}/data"
        command = [*_program("initdb"), "-D", data, "-U", "shop", "--auth=trust", "--no-sync"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
        command = [*_program("postgres"), "-D", data, "-h", LOOPBACK, "-p", str(port)]
        command += ["-k", folder, "-c", "fsync=off"]
        pid = start(command, Path(folder, "log"), Path(folder), {})
        born = birth(pid) or ""
        try:
            _await(f"{LOOPBACK}:{port}")
            yield Database(port)
        finally:
            stop(pid, born)


def _program(name: str) -> list[str]:
    found = shutil.which(name) or next(
        (str(folder / name) for folder in _FOLDERS if (folder / name).exists()), None
    )
    if found is None:
        return []
    return [*_NOBODY, found] if os.geteuid() == 0 else [found]


def _await(address: str) -> None:
    deadline = time.monotonic() + 30
    while not listens(address):
        assert time.monotonic() < deadline, "PostgreSQL does not answer"
        time.sleep(0.1)
