"""Pull request -> who must approve it, who did, and whether it may go in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cdk_stream.plugin.forge import Forge, PullRequest
from cdk_stream.results.review import Reviewed


def review(
    root: Path,
    forge: Forge,
    pull_request: PullRequest,
    base: str = "",
    head: str = "",
    *,
    now: datetime | None = None,
) -> Reviewed:
    """Judge a pull request from Git objects and what the forge says; nothing is written.

    `base` and `head` are the commits that the caller knows of; left out, the forge's. What cannot
    be known is never an approval: the gate is then `error`, with the reason.
    Raises `Usage` for a repository that lacks the commits.
    """
    raise NotImplementedError
