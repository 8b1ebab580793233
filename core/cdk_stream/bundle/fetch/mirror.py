"""The objects of a bare repository, one question at a time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.limits import Faulty
from cdk_stream.git.command import FOREIGN
from cdk_stream.tree import MAX_BYTES


class Objects:
    """Reads objects by id, and keeps what it has read."""

    def __init__(self, mirror: Path) -> None:
        self.seen: dict[str, tuple[str, bytes]] = {}
        """Id -> kind (`commit`, `tree`, `blob`) and content."""
        self._process = subprocess.Popen(
            ("git", "--no-replace-objects", "--git-dir", str(mirror), "cat-file", "--batch"),
            cwd=mirror,
            env={name: text for name, text in os.environ.items() if name not in FOREIGN},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self, name: str) -> bytes:
        """The content of an object; raises `FetchFailed`, and `Faulty` when it is too large."""
        if name not in self.seen:
            self.seen[name] = self._read(name)
        return self.seen[name][1]

    def _read(self, name: str) -> tuple[str, bytes]:
        requests, answers = cast(IO[bytes], self._process.stdin), self._process.stdout
        assert answers is not None
        requests.write(f"{name}\n".encode())
        requests.flush()
        header = answers.readline().split()
        if len(header) != 3:
            raise FetchFailed(f"the repository lacks object {name[:7]}")
        size = int(header[2])
        if size > MAX_BYTES:
            raise Faulty(f"a file of it is larger than {MAX_BYTES // 1024 // 1024} MB")
        content = answers.read(size)
        answers.read(1)  # a newline ends it
        return header[1].decode(), content
