"""One pull request of GitHub's, as the core sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from cdk_stream.plugin.forge import (
    ForgeError,
    Permission,
    PullRequestFacts,
    Review,
    StatusState,
)
from cdk_stream_github.answers import Access, Commit, GivenReview, Pull
from cdk_stream_github.branch import Branches
from cdk_stream_github.client import Client, Path
from cdk_stream_github.comment import Author, StickyComment
from cdk_stream_github.edits import was_edited
from cdk_stream_github.errors import Answered
from cdk_stream_github.status import set_status
from cdk_stream_github.team import Teams

MOST_COMMITS = 250
"""GitHub lists no more of a pull request's."""
_MOST_REVIEWS = 10_000
_NOREPLY = re.compile(r"(?:\d+\+)?([\w-]+(?:\[bot\])?)@users\.noreply\.", re.IGNORECASE | re.ASCII)
_CO_AUTHOR = re.compile(r"^co-authored-by:[^\n]*<([^<>\n]+)>", re.IGNORECASE | re.MULTILINE)


class GitHubPullRequest:
    """`repository` is the path of the repository's API: `repos`, owner, name."""

    def __init__(
        self, client: Client, repository: Path, pull: Pull, author: Author, teams: Teams
    ) -> None:
        self._client = client
        self._repository = repository
        self._pull = pull
        self._path: Path = (*repository, "pulls", pull.number)
        self._author = author
        self._teams = teams
        self._permissions: dict[str, Permission] = {}

    @property
    def facts(self) -> PullRequestFacts:
        """As it was when it was opened here."""
        return _facts(self._pull, _name(self._repository))

    def refresh(self) -> PullRequestFacts:
        """Ask again; `facts` stay what they were."""
        pull = self._client.get(Pull, *self._path)
        branches = Branches(self._client, self._repository)
        return _facts(branches.based(pull), _name(self._repository))

    def reviews(self) -> Sequence[Review]:
        """Every review, in the order GitHub lists them: as they were given."""
        given = self._client.list(GivenReview, *self._path, "reviews", most=_MOST_REVIEWS)
        return [
            Review(
                review.id,
                review.user.account if review.user else None,
                review.state,
                review.commit_id or "",
                review.submitted_at,
                review.body or "",
                was_edited(self._client, review.id, review.node_id, review.body or ""),
            )
            for review in given
        ]

    def contributors(self) -> frozenset[str]:
        """Authors, committers and co-authors whose account GitHub knows or their address names."""
        expected = self._pull.commits
        if expected is None:
            expected = self._client.get(Pull, *self._path).commits
        if expected is None or expected > MOST_COMMITS:
            raise ForgeError(
                f"pull request {self._pull.number} has {expected} commits; GitHub tells who made"
                f" the first {MOST_COMMITS}",
                "squash its commits, or split it",
            )
        commits = self._client.list(Commit, *self._path, "commits", most=MOST_COMMITS)
        if len(commits) != expected or (commits and commits[-1].sha != self._pull.head.sha):
            raise ForgeError(
                f"GitHub lists {len(commits)} of the {expected} commits of pull request"
                f" {self._pull.number}, or others",
                "somebody may have pushed meanwhile: run it again",
            )
        return frozenset(key for commit in commits for key in _people(commit))

    def permission(self, login: str) -> Permission:
        """What the account may do in the repository; `none` for an account that is gone."""
        key = login.casefold()
        if key not in self._permissions:
            self._permissions[key] = self._ask_permission(login)
        return self._permissions[key]

    def is_member(self, team: str, login: str) -> bool:
        """Whether the account is an active member of `org/team`."""
        return self._teams.is_member(team, login)

    def request_reviews(self, reviewers: Sequence[str]) -> Mapping[str, str]:
        """Ask one by one: a single wrong name would fail them all."""
        asked = {name.casefold() for name in self.facts.requested}
        refused: dict[str, str] = {}
        for reviewer in reviewers:
            if reviewer.casefold() not in asked and (why := self._request(reviewer)):
                refused[reviewer] = why
        return refused

    def set_status(self, context: str, state: StatusState, description: str, url: str) -> None:
        """A status of the head commit as `facts` knows it."""
        sha = self._pull.head.sha
        set_status(self._client, self._repository, sha, context, state, description, url)

    def put_comment(self, marker: str, body: str | None) -> str:
        """Create, renew or remove our comment."""
        number = self._pull.number
        sticky = StickyComment(self._client, self._repository, number, self._author)
        return sticky.put(marker, body)

    def _ask_permission(self, login: str) -> Permission:
        try:
            access = self._client.get(
                Access, *self._repository, "collaborators", login, "permission"
            )
        except Answered as error:
            if error.status == 404:
                return "none"
            raise
        return _permission(access)

    def _request(self, reviewer: str) -> str:
        """Why somebody cannot be asked; empty when they are."""
        organisation, _, team = reviewer.rpartition("/")
        owner = str(self._repository[1])
        if organisation and organisation.casefold() != owner.casefold():
            return f"the team is not of {owner}"
        body = {"team_reviewers": [team]} if organisation else {"reviewers": [reviewer]}
        try:
            self._client.post((*self._path, "requested_reviewers"), body, again=True)
        except ForgeError as error:
            return str(error)
        return ""


def _name(repository: Path) -> str:
    return "/".join(map(str, repository[1:]))


def _permission(access: Access) -> Permission:
    """`permission` knows four levels; a role between two of them is told by its name."""
    known: dict[tuple[str, str], Permission] = {
        ("write", "maintain"): "maintain",
        ("read", "triage"): "triage",
    }
    levels: dict[str, Permission] = {"admin": "admin", "write": "write", "read": "read"}
    named = known.get((access.permission, access.role_name))
    return named or levels.get(access.permission, "none")


def _people(commit: Commit) -> set[str]:
    accounts = {user.login for user in (commit.author, commit.committer) if user}
    people = (commit.commit.author, commit.commit.committer)
    addresses = [person.email for person in people if person]
    addresses += _CO_AUTHOR.findall(commit.commit.message)
    named = (_NOREPLY.match(address.strip()) for address in addresses)
    return {login.casefold() for login in accounts | {name[1] for name in named if name}}


def _facts(pull: Pull, repository: str) -> PullRequestFacts:
    home = pull.head.repo.full_name.casefold() if pull.head.repo else ""
    owner = repository.partition("/")[0]
    state: Literal["open", "closed", "merged"] = "merged" if pull.merged_at else pull.state
    return PullRequestFacts(
        pull.number,
        pull.html_url,
        pull.title,
        pull.user.account if pull.user else None,
        pull.head.sha,
        pull.base.sha,
        pull.base.ref,
        pull.head.ref,
        home != repository.casefold(),
        pull.draft,
        state,
        (pull.merge_commit_sha or "") if pull.merged_at else "",
        (
            *(user.login for user in pull.requested_reviewers or ()),
            *(f"{owner}/{team.slug}" for team in pull.requested_teams or ()),
        ),
    )
