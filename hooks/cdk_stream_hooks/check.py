"""Before a commit: every project as it is staged, whole, with its policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_stream.git.projects import staged_holdings
from cdk_stream_hooks.hook import each, hook, projects_of


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every project is fine, 1 when one is refused; `argv` goes to `cdk-stream check`."""
    return hook(_check, argv)


def _check(arguments: list[str]) -> int:
    staged = staged_holdings(Path.cwd())
    return each("check", staged.top, projects_of(staged), arguments, "--staged")
