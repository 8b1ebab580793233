"""What a forge is: it holds pull requests, their reviews, and who may approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

Permission = Literal["none", "read", "triage", "write", "maintain", "admin"]
ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]
StatusState = Literal["success", "pending", "failure", "error"]


class ForgeError(Exception):
    """The forge cannot be reached, refuses, or answers what cannot be trusted.

    `str()` says what was asked and why it failed; `mend` how its user gets further. Nobody may
    take it for "nobody is required" or "nobody approved".
    """

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Account:
    """Who did something. Logins differ in case only by accident: compare `key`."""

    login: str
    bot: bool = False

    @property
    def key(self) -> str:
        """The login as it is compared."""
        return self.login.casefold()


@dataclass(frozen=True, slots=True)
class Review:
    """A review as the forge holds it now; `author` is None for a deleted account."""

    id: int
    author: Account | None
    state: ReviewState
    commit: str
    """The full id of the commit that was reviewed; empty when the forge does not say."""
    submitted: datetime | None
    """When, with a time zone; None for a review that is still being written."""
    text: str = ""
    """What its author wrote with it."""
    edited: bool = True
    """Whether the text was changed since, or nobody can tell: others may edit it on some forges.
    Only a text that is surely its author's own can break the glass."""


@dataclass(frozen=True, slots=True)
class PullRequestFacts:
    """What a pull request is at one moment."""

    number: int
    url: str
    title: str
    author: Account | None
    head: str
    """The full id of its last commit."""
    base: str
    """The full id of the tip of the branch that it goes to."""
    base_ref: str
    head_ref: str
    fork: bool
    draft: bool
    state: Literal["open", "closed", "merged"]
    merge_commit: str = ""
    """The full id of the commit that it became; empty unless merged."""
    requested: tuple[str, ...] = ()
    """Logins and `org/team` of those who are asked for a review already."""


class PullRequest(Protocol):
    """One pull request. Every method raises `ForgeError`; a list is whole or an error."""

    @property
    def facts(self) -> PullRequestFacts:
        """As it was when it was opened here; see `refresh`."""
        ...

    def refresh(self) -> PullRequestFacts:
        """Ask again, now."""
        ...

    def reviews(self) -> Sequence[Review]:
        """Every review, in the order they were given."""
        ...

    def contributors(self) -> frozenset[str]:
        """The keys of all accounts that wrote or committed one of its commits, as far as the forge
        can name them; an error when there are more commits than it lists."""
        ...

    def permission(self, login: str) -> Permission:
        """What the account may do in the repository."""
        ...

    def is_member(self, team: str, login: str) -> bool:
        """Whether the account is an active member of `org/team`; an unknown team is an error."""
        ...

    def request_reviews(self, reviewers: Sequence[str]) -> Mapping[str, str]:
        """Ask logins and `org/team` for a review; who cannot be asked -> why."""
        ...

    def set_status(self, context: str, state: StatusState, description: str, url: str) -> None:
        """The gate: a status of the head commit as `facts` knows it."""
        ...

    def put_comment(self, marker: str, body: str | None) -> str:
        """Create, renew or (None) remove our one comment that starts with `marker`; its URL.

        A comment of anybody else that has the marker is left alone.
        """
        ...


@runtime_checkable
class Fetching(Protocol):
    """A forge that brings commits by itself, so that nobody has to before a pull request is
    judged."""

    def fetch(self, directory: str, commits: Sequence[str]) -> None:
        """Bring commits with their history into the repository at `directory`, as objects.

        Nothing of them is checked out, and no branch is moved. Raises `ForgeError`.
        """
        ...


class Forge(Protocol):
    """A repository on a forge."""

    repository: str
    """`acme/streams`."""

    def pull_request(self, number: int) -> PullRequest:
        """One of its pull requests."""
        ...

    def open_with_head(self, commit: str) -> Sequence[PullRequest]:
        """The open pull requests whose last commit this is."""
        ...

    def merged_as(self, commit: str) -> Sequence[PullRequest]:
        """The merged pull requests that brought a commit of a branch into it; usually one."""
        ...
