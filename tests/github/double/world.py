"""What GitHub knows: people, teams, pull requests, reviews, comments and statuses."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.github.double.git import BareRepository

OWNER, NAME = "acme", "streams"
REPOSITORY = f"{OWNER}/{NAME}"
GITHUB = "GitHub <noreply@github.com>"


@dataclass
class Person:
    login: str
    id: int
    permission: str = "read"
    """`admin`, `maintain`, `write`, `triage`, `read` or `none`."""
    bot: bool = False


@dataclass
class Token:
    """What a token may: `organisation` reads teams."""

    login: str
    organisation: bool = False
    permissions: frozenset[str] = frozenset({"pull-requests", "statuses", "contents"})


@dataclass
class PullRequest:
    number: int
    author: str | None
    branch: str
    base_ref: str
    base: str
    """The tip of the base branch when it was last looked at."""
    head: str
    title: str
    fork: str | None = REPOSITORY
    """The repository of the head; None when it was deleted."""
    draft: bool = False
    state: str = "open"
    merged: str = ""
    became: list[str] = field(default_factory=list)
    """The commits on the base branch that brought it."""
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Comment:
    id: int
    number: int
    author: str | None
    body: str


@dataclass
class Status:
    commit: str
    context: str
    state: str
    description: str
    creator: str
    url: str | None = None


class World:
    """Tests change it as people would; the server shows it."""

    def __init__(self, path: Path) -> None:
        self.git = BareRepository(path / OWNER / NAME)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, Token] = {"ghs_actions": Token("github-actions[bot]")}
        self.teams: dict[str, dict[str, str]] = {}
        self.pulls: dict[int, PullRequest] = {}
        self.silent: set[str] = set()
        """Where nothing is told: `graphql`."""
        self.comments: list[Comment] = []
        self.statuses: list[Status] = []
        self._ids = itertools.count(1000)
        self._numbers = itertools.count(101)
        self.person("github-actions[bot]", "write", bot=True)

    def person(self, login: str, permission: str = "read", *, bot: bool = False) -> Person:
        self.people[login] = Person(login, next(self._ids), permission, bot)
        return self.people[login]

    def find(self, login: str) -> Person | None:
        return next((p for p in self.people.values() if p.login.lower() == login.lower()), None)

    def address(self, login: str) -> str:
        """How somebody signs commits."""
        person = self.people.get(login)
        return f"{login} <{person.id if person else 0}+{login}@users.noreply.github.com>"

    def push(
        self,
        branch: str,
        files: Mapping[str, str | None],
        author: str = "ann",
        message: str = "Change things",
        *,
        start: str = "",
    ) -> str:
        """A commit on a branch; a new branch starts at the commit `start`."""
        ref = f"refs/heads/{branch}"
        parents = (start,) if start else self._tip(ref)
        who = author if "<" in author else self.address(author)
        commit = self.git.commit(files, parents, message, who)
        self.git.set_ref(ref, commit)
        return commit

    def open(
        self,
        author: str,
        branch: str,
        files: Mapping[str, str | None],
        *,
        title: str = "Change things",
        base_ref: str = "main",
        fork: bool = False,
        draft: bool = False,
    ) -> PullRequest:
        """A pull request of one commit on a new branch."""
        base = self.git.resolve(f"refs/heads/{base_ref}")
        head = self.git.commit(files, (base,), title, self.address(author))
        number = next(self._numbers)
        home = f"{author}/{NAME}" if fork else REPOSITORY
        pull = PullRequest(number, author, branch, base_ref, base, head, title, home, draft)
        self.pulls[number] = pull
        self.move(pull, head)
        return pull

    def add(
        self,
        pull: PullRequest,
        files: Mapping[str, str | None],
        author: str = "",
        message: str = "",
    ) -> str:
        """One more commit on a pull request."""
        who = self.address(author or pull.author or "")
        commit = self.git.commit(files, (pull.head,), message or "More", who)
        self.move(pull, commit)
        return commit

    def move(self, pull: PullRequest, head: str) -> None:
        """The branch of a pull request gets another tip."""
        pull.head = head
        self.git.set_ref(f"refs/pull/{pull.number}/head", head)
        if pull.fork == REPOSITORY:
            self.git.set_ref(f"refs/heads/{pull.branch}", head)

    def retarget(self, pull: PullRequest, base_ref: str) -> None:
        pull.base_ref = base_ref
        pull.base = self.git.resolve(f"refs/heads/{base_ref}")

    def review(
        self, pull: PullRequest, login: str | None, state: str = "APPROVED", *,
        commit: str | None = "", body: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """A review of the head, or of another commit."""
        second = len(pull.reviews)
        submitted = f"2026-01-06T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
        given = {
            "id": next(self._ids),
            "login": login,
            "state": state,
            "commit_id": pull.head if commit == "" else commit,
            "submitted_at": None if state == "PENDING" else submitted,
            "body": body,
            "edited_at": None,
        }
        pull.reviews.append(given)
        return given

    def last_edit(self, node: str) -> Any:
        """What GraphQL tells of a review; nothing for what is none."""
        for pull in self.pulls.values():
            for given in pull.reviews:
                if "graphql" not in self.silent and node == f"PRR_{given['id']}":
                    return {"databaseId": given["id"], "lastEditedAt": given["edited_at"]}
        return None

    def comment(self, number: int, author: str | None, body: str) -> Comment:
        made = Comment(next(self._ids), number, author, body)
        self.comments.append(made)
        return made

    def merge(self, pull: PullRequest, method: str = "merge", ref: str = "") -> str:
        """Merge into its base branch, or into a branch of the merge queue."""
        target = ref or f"refs/heads/{pull.base_ref}"
        onto = self.git.resolve(target)
        made = self._merged(pull, method, onto)
        self.git.set_ref(target, made[-1])
        if not ref:
            pull.state, pull.merged, pull.became = "closed", made[-1], made
        return made[-1]

    def queue(self, *pulls: PullRequest, method: str = "squash") -> dict[str, Any]:
        """A merge group of them, as its event tells it."""
        base_ref = pulls[0].base_ref
        base = self.git.resolve(f"refs/heads/{base_ref}")
        ref = f"refs/heads/gh-readonly-queue/{base_ref}/pr-{pulls[-1].number}-{base}"
        self.git.set_ref(ref, base)
        for pull in pulls:
            self.merge(pull, method, ref)
        return {
            "head_sha": self.git.resolve(ref),
            "head_ref": ref,
            "base_sha": base,
            "base_ref": f"refs/heads/{base_ref}",
        }

    def last_status(self, commit: str, context: str) -> Status | None:
        """The one that counts."""
        found = [s for s in self.statuses if (s.commit, s.context) == (commit, context)]
        return found[-1] if found else None

    def next_id(self) -> int:
        return next(self._ids)

    def _merged(self, pull: PullRequest, method: str, onto: str) -> list[str]:
        who = self.address(pull.author or "")
        tree = self.git.merged_tree(onto, pull.head)
        if method == "merge":
            title = f"Merge pull request #{pull.number} from {OWNER}/{pull.branch}"
            message = f"{title}\n\n{pull.title}"
            return [self.git.commit_tree(tree, (onto, pull.head), message, who, GITHUB)]
        if method == "squash":
            message = f"{pull.title} (#{pull.number})"
            return [self.git.commit_tree(tree, (onto,), message, who, GITHUB)]
        made = []
        for commit in self.git.between(pull.base, pull.head):
            tree, message = self.git.merged_tree(onto, commit), self.git.details(commit)["message"]
            onto = self.git.commit_tree(tree, (onto,), message, who, GITHUB)
            made.append(onto)
        return made

    def _tip(self, ref: str) -> tuple[str, ...]:
        try:
            return (self.git.resolve(ref),)
        except AssertionError:
            return ()
