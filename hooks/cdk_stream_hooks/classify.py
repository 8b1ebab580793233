"""By hand: columns with personal data that nobody classified, and the patch that does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdk_stream.git.projects import staged_holdings
from cdk_stream_hooks.hook import each, hook, projects_of


def main(argv: Sequence[str] | None = None) -> int:
    """1 when there is something to classify; `argv` goes to `cdk-stream classify`."""
    return hook(_classify, argv)


def _classify(arguments: list[str]) -> int:
    staged = staged_holdings(Path.cwd())
    return each("classify", staged.top, projects_of(staged), arguments, "--check")
