"""A real OPA for tests: `python -m tests.opa` builds it once, outside of the repository."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = "v1.22.2"
MODULE = "github.com/open-policy-agent/opa"
LEFT_OUT = "tests on a real OPA are left out: build it with `python -m tests.opa`, which needs Go"


def folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "cdk-stream" / f"opa-{VERSION}"


def executable() -> Path | None:
    """Where it is, when it was built."""
    path = folder() / "opa"
    return path if path.is_file() else None


def conformance() -> Path | None:
    """OPA's own cases, as they come with its source."""
    path = folder() / "testdata"
    return path if path.is_dir() else None


def build() -> Path:
    """Build it, and keep its test cases beside it. Takes minutes the first time."""
    if found := executable():
        return found
    folder().mkdir(parents=True, exist_ok=True)
    made = {**os.environ, "GOBIN": str(folder()), "GOFLAGS": ""}
    subprocess.run(["go", "install", f"{MODULE}@{VERSION}"], env=made, check=True)
    listed = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", f"{MODULE}@{VERSION}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder(),
    )
    cases = Path(listed.stdout.strip()) / "v1" / "test" / "cases" / "testdata" / "v1"
    shutil.copytree(cases, folder() / "testdata", dirs_exist_ok=True, copy_function=shutil.copyfile)
    return folder() / "opa"


@contextmanager
def server(*options: str) -> Iterator[str]:
    """An OPA server on loopback with these further options: its `HOST:PORT`."""
    path = executable()
    assert path is not None
    port = _free_port()
    address = f"127.0.0.1:{port}"
    command = [str(path), "run", "--server", "--addr", address, "--log-level", "error", *options]
    process = subprocess.Popen(command, env={}, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, "the OPA server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the OPA server does not listen")


if __name__ == "__main__":
    if not shutil.which("go"):
        sys.exit("there is no go to build OPA with; see https://go.dev/doc/install")
    print(build())
