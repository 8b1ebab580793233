"""The `git` executable: run so that nothing in a repository can make it do more than read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from typing import IO, cast

from cdk_stream.problems import Usage

_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "safe.bareRepository=explicit")
_PREFIX = (
    "git",
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(argument for setting in _SETTINGS for argument in ("-c", setting)),
)
# Of a repository that a hook runs for; the project says which repository is meant.
FOREIGN = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
_OWN = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_TIMEOUT = 60
_BATCH = 200  # requests written before their answers are read: they fit in any pipe


class GitFailed(Exception):
    """Git said no; `str()` is what it wrote on stderr."""


def run_git(directory: str, *arguments: str, index: str = "") -> bytes:
    """What `git ARGUMENTS` prints; `index` is another index file to look at.

    Raises GitFailed when it exits with an error, Usage when it cannot run at all.
    """
    try:
        done = subprocess.run(
            (*_PREFIX, *arguments),
            cwd=directory,
            env=_environment(index),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError as error:
        missing = "git is not installed, or not on the PATH"
        if error.filename == directory:
            missing = f"there is no folder '{directory}'"
        raise Usage(missing) from None
    except subprocess.TimeoutExpired:
        raise Usage(f"git did not answer within {_TIMEOUT} seconds") from None
    if done.returncode:
        raise GitFailed(done.stderr.decode(errors="replace").strip())
    return done.stdout


def read_blobs(directory: str, ids: Iterable[str], limit: int) -> list[bytes]:
    """The contents of blobs in the order of `ids`, each cut off at `limit` bytes; one process."""
    wanted = list(ids)
    if not wanted:
        return []
    process = subprocess.Popen(
        (*_PREFIX, "cat-file", "--batch"),
        cwd=directory,
        env=_environment(""),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process, cast(IO[bytes], process.stdin) as requests:
        return _ask(requests, cast(IO[bytes], process.stdout), wanted, limit)


def _ask(requests: IO[bytes], answers: IO[bytes], wanted: list[str], limit: int) -> list[bytes]:
    contents = []
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        requests.write("".join(f"{blob}\n" for blob in batch).encode())
        requests.flush()
        contents += [_read_blob(answers, blob, limit) for blob in batch]
    return contents


def _read_blob(answers: IO[bytes], blob: str, limit: int) -> bytes:
    header = answers.readline().split()
    if len(header) != 3:
        raise Usage(
            f"git has no content for blob {blob}: the clone is partial or damaged\n"
            "    fetch it whole: git fetch --refetch --no-filter"
        )
    size = int(header[2])
    content = answers.read(min(size, limit))
    rest = size - len(content) + 1  # a newline ends it
    while rest > 0:
        rest -= len(answers.read(min(rest, 1 << 20))) or rest
    return content


def _environment(index: str) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    variables.update(_OWN)
    if index:
        variables["GIT_INDEX_FILE"] = index
    return variables
