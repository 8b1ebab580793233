"""A repository on GitHub, as the core sees it."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_stream.plugin.forge import StatusState
from cdk_stream_github.answers import Pull, T
from cdk_stream_github.branch import Branches
from cdk_stream_github.client import Client, Path
from cdk_stream_github.comment import Author
from cdk_stream_github.environment import Environment
from cdk_stream_github.fetch import fetch
from cdk_stream_github.pull_request import GitHubPullRequest
from cdk_stream_github.session import Session
from cdk_stream_github.status import set_status
from cdk_stream_github.team import Teams

_MOST_OPEN = 2_000
_MOST_OF_COMMIT = 100


class GitHub:
    """One session for a run: what was asked once about teams is not asked again."""

    def __init__(self, environment: Environment, session: Session | None = None) -> None:
        self.repository = environment.repository
        self._environment = environment
        self._path: Path = ("repos", *environment.repository.split("/"))
        self.client = Client(session or Session(environment))
        self._author = Author(self.client, environment.token, environment.app)
        self._teams = Teams(self.client)
        self._branches = Branches(self.client, self._path)

    def pull_request(self, number: int) -> GitHubPullRequest:
        """As it is now."""
        pull = self.client.get(Pull, *self._path, "pulls", number)
        return self._of(pull)

    def open(self) -> Sequence[GitHubPullRequest]:
        """All that are open, oldest first."""
        return [self._of(pull) for pull in self._open()]

    def open_with_head(self, commit: str) -> Sequence[GitHubPullRequest]:
        """Found by looking at all of them: GitHub's events name none of a fork's."""
        return [self._of(pull) for pull in self._open() if pull.head.sha == commit]

    def merged_as(self, commit: str) -> Sequence[GitHubPullRequest]:
        """Also those that were merged into another branch than the commit now stands on."""
        return [pull for pull in self.with_commit(commit) if pull.facts.state == "merged"]

    def with_commit(self, commit: str) -> Sequence[GitHubPullRequest]:
        """The pull requests, open or not, that GitHub knows a commit from."""
        path = (*self._path, "commits", commit, "pulls")
        return [self._of(pull) for pull in self.client.list(Pull, *path, most=_MOST_OF_COMMIT)]

    def compare(self, model: type[T], base: str, head: str) -> T:
        """What lies between two commits, at most 250 of them."""
        return self.client.get(model, *self._path, "compare", f"{base}...{head}")

    def fetch(self, directory: str, commits: Sequence[str]) -> None:
        """Bring commits into the repository at `directory`, as objects."""
        fetch(self._environment, directory, commits)

    def set_status(
        self, commit: str, context: str, state: StatusState, description: str, url: str
    ) -> None:
        """A status of any commit: the head of a merge group has no pull request."""
        set_status(self.client, self._path, commit, context, state, description, url)

    def _open(self) -> list[Pull]:
        path = (*self._path, "pulls")
        return self.client.list(Pull, *path, most=_MOST_OPEN, state="open", direction="asc")

    def _of(self, pull: Pull) -> GitHubPullRequest:
        return GitHubPullRequest(
            self.client, self._path, self._branches.based(pull), self._author, self._teams
        )
