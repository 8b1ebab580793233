"""Commits as objects, by Git; nothing of them is checked out or run."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Sequence
from urllib.parse import urlsplit

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.environment import Environment
from cdk_stream_github.errors import one_line

Settings = tuple[tuple[str, str], ...]

_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_TIMEOUT = 300
_MEND = "give the job 'contents: read', and check out with 'fetch-depth: 0'"
# Whatever the repository or the runner have configured: no program is started, no other host asked.
_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("credential.helper", ""),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    ("http.followRedirects", "false"),
    ("maintenance.auto", "false"),
    ("protocol.allow", "never"),
)


def fetch(environment: Environment, directory: str, commits: Sequence[str]) -> None:
    """Bring commits and their history; those that are there already cost no request."""
    wanted = [commit for commit in dict.fromkeys(commits) if commit]
    if wrong := [commit for commit in wanted if not _COMMIT.fullmatch(commit)]:
        raise ForgeError(f"{wrong[0][:50]!r} is no id of a commit")
    shallow = _git(directory, "rev-parse", "--is-shallow-repository").strip() == "true"
    missing = [commit for commit in wanted if shallow or not _is_here(directory, commit)]
    if not missing:
        return
    depth = ("--unshallow",) if shallow else ()
    address = f"{environment.server}/{environment.repository}"
    _git(
        directory, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *depth,
        "--end-of-options", address, *missing,
        settings=_authorised(environment),
    )  # fmt: skip


def _is_here(directory: str, commit: str) -> bool:
    """With all of its history: a commit alone may have come with a shallow fetch."""
    try:
        _git(directory, "cat-file", "-e", f"{commit}^{{commit}}")
    except ForgeError:
        return False
    return True


def _authorised(environment: Environment) -> Settings:
    """In the environment, where no list of processes shows it; and only for this server."""
    header = f"http.{environment.server}/.extraHeader"
    pair = base64.b64encode(f"x-access-token:{environment.token}".encode()).decode()
    settings = [
        (f"protocol.{urlsplit(environment.server).scheme}.allow", "always"),
        (header, ""),  # forgets the one of actions/checkout: GitHub refuses two
        (header, f"AUTHORIZATION: basic {pair}"),
    ]
    if environment.certificates:
        settings.append(("http.sslCAInfo", environment.certificates))
    return tuple(settings)


def _git(directory: str, *arguments: str, settings: Settings = ()) -> str:
    try:
        done = subprocess.run(
            ("git", "--no-pager", "--no-replace-objects", *arguments),
            cwd=directory,
            env=_environment((*_SETTINGS, *settings)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except OSError as error:
        raise ForgeError(f"git cannot be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise ForgeError(f"git fetched nothing within {_TIMEOUT} seconds") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ForgeError(f"git {arguments[0]} failed: {one_line(said)}", _MEND)
    return done.stdout.decode(errors="replace")


def _environment(settings: Settings) -> dict[str, str]:
    variables = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    variables |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }
    variables["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (name, text) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": text}
    return variables
