"""A forge in memory over a real repository, for tests of what asks one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cdk_stream.plugin.forge import (
    Account,
    ForgeError,
    Permission,
    PullRequestFacts,
    Review,
    ReviewState,
    StatusState,
)

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@dataclass
class FakePullRequest:
    """A pull request that tests change at will; `calls` are what was asked, in order."""

    forge: FakeForge
    current: PullRequestFacts
    given: list[Review] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    statuses: dict[str, tuple[StatusState, str, str]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unaskable: dict[str, str] = field(default_factory=dict)
    on_refresh: PullRequestFacts | None = None
    """What it has become when it is asked for again."""
    written: list[str] = field(default_factory=list)

    @property
    def facts(self) -> PullRequestFacts:
        return self.current

    def refresh(self) -> PullRequestFacts:
        self.forge.asked("refresh")
        return self.on_refresh or self.current

    def reviews(self) -> Sequence[Review]:
        self.forge.asked("reviews")
        return tuple(self.given)

    def contributors(self) -> frozenset[str]:
        self.forge.asked("contributors")
        return frozenset(login.casefold() for login in self.authors)

    def permission(self, login: str) -> Permission:
        self.forge.asked("permission", login)
        return self.forge.permissions.get(login.casefold(), "none")

    def is_member(self, team: str, login: str) -> bool:
        self.forge.asked("is_member", team)
        members = self.forge.teams.get(team.casefold())
        if members is None:
            raise ForgeError(f"there is no team '{team}'", "correct the team under `owners:`")
        return login.casefold() in members

    def request_reviews(self, reviewers: Sequence[str]) -> Mapping[str, str]:
        self.forge.asked("request_reviews")
        self.written.append("reviewers")
        able = [name for name in reviewers if name not in self.unaskable]
        self.asked += able
        self.current = replace(self.current, requested=(*self.current.requested, *able))
        return {name: why for name, why in self.unaskable.items() if name in reviewers}

    def set_status(self, context: str, state: StatusState, description: str, url: str) -> None:
        self.forge.asked("set_status")
        self.written.append("status")
        self.statuses[context] = (state, description, url)

    def put_comment(self, marker: str, body: str | None) -> str:
        self.forge.asked("put_comment")
        self.written.append("comment")
        self.comments.pop(marker, None)
        if body is not None:
            self.comments[marker] = body
        return f"{self.current.url}#comment"

    def review(
        self,
        login: str | None,
        state: ReviewState = "APPROVED",
        commit: str | None = None,
        *,
        text: str = "",
        edited: bool = False,
        bot: bool = False,
    ) -> Review:
        """Give a review of the current head, a minute after the last one."""
        number = self.forge.next_review()
        found = Review(
            number,
            None if login is None else Account(login, bot),
            state,
            self.current.head if commit is None else commit,
            None if state == "PENDING" else START + timedelta(minutes=number),
            text,
            edited,
        )
        self.given.append(found)
        return found

    def change(self, **facts: object) -> None:
        """Make it another: `change(head=commit)`."""
        self.current = replace(self.current, **facts)  # type: ignore[arg-type]


@dataclass
class FakeForge:
    """Who may do what, who is in which team, and the pull requests there are."""

    repository: str = "acme/streams"
    permissions: dict[str, Permission] = field(default_factory=dict)
    teams: dict[str, set[str]] = field(default_factory=dict)
    pull_requests: dict[int, FakePullRequest] = field(default_factory=dict)
    brought: dict[str, list[int]] = field(default_factory=dict)
    """Commit -> the pull requests that the forge says brought it."""
    broken: set[str] = field(default_factory=set)
    """Questions that fail: `reviews`, or `is_member acme/crew`."""
    calls: list[str] = field(default_factory=list)
    _reviews: int = 0

    def asked(self, question: str, about: str = "") -> None:
        """Note a call, and fail it when it is broken."""
        self.calls.append(f"{question} {about}".strip())
        if self.broken & {question, f"{question} {about}"}:
            raise ForgeError(f"{question} answered 502", "run it again")

    def next_review(self) -> int:
        """A new id."""
        self._reviews += 1
        return self._reviews

    def open(
        self, number: int, base: str, head: str, author: str | None = "mia"
    ) -> FakePullRequest:
        """A new pull request into main."""
        facts = PullRequestFacts(
            number=number,
            url=f"https://forge.example/{self.repository}/pull/{number}",
            title="a change",
            author=None if author is None else Account(author),
            head=head,
            base=base,
            base_ref="main",
            head_ref="change",
            fork=False,
            draft=False,
            state="open",
        )
        authors = set() if author is None else {author}
        found = self.pull_requests[number] = FakePullRequest(self, facts, authors=authors)
        return found

    def pull_request(self, number: int) -> FakePullRequest:
        self.asked("pull_request")
        if number not in self.pull_requests:
            raise ForgeError(f"there is no pull request {number}")
        return self.pull_requests[number]

    def open_with_head(self, commit: str) -> Sequence[FakePullRequest]:
        self.asked("open_with_head")
        return [
            one
            for one in self.pull_requests.values()
            if one.facts.head == commit and one.facts.state == "open"
        ]

    def merged_as(self, commit: str) -> Sequence[FakePullRequest]:
        self.asked("merged_as")
        return [self.pull_requests[number] for number in self.brought.get(commit, ())]
