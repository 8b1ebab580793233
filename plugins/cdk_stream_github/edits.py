"""Whether the text of a review is still as its author wrote it: only GraphQL tells."""

from __future__ import annotations

from typing import Any

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.client import Client

_MARK = "break-glass:"
_QUERY = (
    "query($id: ID!) { node(id: $id) { ... on PullRequestReview { databaseId lastEditedAt } } }"
)


def was_edited(client: Client, review: int, node: str, text: str) -> bool:
    """Ask about texts that matter, and believe nothing else than a plain no."""
    if not node or not text.strip().casefold().startswith(_MARK):
        return True
    try:
        told = client.graphql(_QUERY, {"id": node})
    except ForgeError:
        return True
    found: Any = told
    for key in ("data", "node"):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("databaseId") != review:
        return True
    return "lastEditedAt" not in found or found["lastEditedAt"] is not None
