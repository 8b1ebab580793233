"""What a run of a workflow on a forge is about: the pull requests and commits to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cdk_stream.plugin.forge import Forge, PullRequest, StatusState


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. Nothing in it was decided by the pull request, but its number and commits."""

    name: str
    """The forge's own word: `pull_request_target`, `merge_group`."""
    pull_requests: tuple[PullRequest, ...] = ()
    """Each is to be judged, as it is now."""
    commit: str = ""
    """The full id of the commit to judge as a whole: the head of a merge group, or what was
    pushed; empty when there is none."""
    base: str = ""
    """The full id of the commit that `commit` is compared with; empty for a new branch."""
    base_ref: str = ""
    """The branch that `commit` is on, or goes to: `main`."""
    quiet: str = ""
    """Why there is nothing to judge, in words; empty when there is."""


class WorkflowRun(Protocol):
    """One run. Every method raises `ForgeError`."""

    @property
    def forge(self) -> Forge:
        """The repository that it runs for."""
        ...

    @property
    def url(self) -> str:
        """Where people read what it did; empty when nobody can."""
        ...

    def event(self) -> Event:
        """What made it start, asked for anew at each call."""
        ...

    def fetch(self, directory: str, commits: Sequence[str]) -> None:
        """Bring commits with their history into the repository at `directory`, as objects.

        Nothing of them is checked out, and no branch is moved.
        """
        ...

    def set_status(
        self, commit: str, context: str, state: StatusState, description: str, url: str
    ) -> None:
        """A status of a commit that is no head of a pull request: of a merge group."""
        ...
