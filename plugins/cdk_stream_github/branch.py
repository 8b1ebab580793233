"""The tip of a branch: a pull request tells only where its base was when it was last pushed to."""

from __future__ import annotations

from cdk_stream_github.answers import Branch, Pull
from cdk_stream_github.client import Client, Path


class Branches:
    """Each branch is asked for once in a run."""

    def __init__(self, client: Client, repository: Path) -> None:
        self._client = client
        self._repository = repository
        self._tips: dict[str, str] = {}

    def based(self, pull: Pull) -> Pull:
        """An open pull request with the tip of its base branch: today's rules are asked."""
        ref = pull.base.ref
        if pull.state != "open":
            return pull
        if ref not in self._tips:
            self._tips[ref] = tip(self._client, self._repository, ref)
        base = pull.base.model_copy(update={"sha": self._tips[ref]})
        return pull.model_copy(update={"base": base})


def tip(client: Client, repository: Path, ref: str) -> str:
    """The full id of its last commit, now."""
    return client.get(Branch, *repository, "branches", ref).commit.sha
