"""The status of a commit: what a ruleset can ask for before a merge."""

from __future__ import annotations

from cdk_stream.plugin.forge import StatusState
from cdk_stream_github.client import Client, Path
from cdk_stream_github.errors import one_line

_LONGEST = 140


def set_status(
    client: Client,
    repository: Path,
    commit: str,
    context: str,
    state: StatusState,
    description: str,
    url: str,
) -> None:
    """The last status of a context is the one that counts, so that twice does no harm."""
    told = one_line(description)
    body = {
        "state": state,
        "context": context,
        "description": told if len(told) <= _LONGEST else told[: _LONGEST - 3] + "...",
    }
    if url.startswith(("https://", "http://")):
        body["target_url"] = url
    client.post((*repository, "statuses", commit), body, again=True)
