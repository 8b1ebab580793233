"""What GitHub answers, as far as we read it; a deleted account is None, not a crash."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from cdk_stream.plugin.forge import Account, ForgeError, ReviewState


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(Answer):
    login: str = Field(min_length=1)
    id: int
    type: str

    @property
    def account(self) -> Account:
        return Account(self.login, bot=self.type != "User")


class Team(Answer):
    slug: str


class Tip(Answer):
    """One end of a pull request; `repo` is None for a fork that was deleted."""

    ref: str
    sha: str = Field(pattern="^[0-9a-f]{40}$")
    repo: Repository | None = None


class Repository(Answer):
    full_name: str


class Pull(Answer):
    number: int
    html_url: str
    title: str
    user: User | None
    head: Tip
    base: Tip
    draft: bool = False
    state: Literal["open", "closed"]
    merged_at: datetime | None = None
    merge_commit_sha: str | None = None
    requested_reviewers: list[User] | None = None
    requested_teams: list[Team] | None = None
    commits: int | None = None
    """How many; only when a pull request is asked for alone."""


class Sha(Answer):
    sha: str = Field(pattern="^[0-9a-f]{40}$")


class Branch(Answer):
    commit: Sha


class GivenReview(Answer):
    id: int
    user: User | None
    state: ReviewState
    commit_id: str | None
    submitted_at: AwareDatetime | None = None
    body: str | None = None
    node_id: str = ""


class Person(Answer):
    """Who Git says wrote or committed something."""

    email: str = ""


class CommitDetails(Answer):
    message: str
    author: Person | None = None
    committer: Person | None = None


class Commit(Answer):
    sha: str
    commit: CommitDetails
    author: User | None = None
    committer: User | None = None


class Comment(Answer):
    id: int
    html_url: str
    body: str = ""
    user: User | None = None


class Access(Answer):
    permission: str
    role_name: str = ""


class Membership(Answer):
    state: str


T = TypeVar("T", bound=Answer)


def read(model: type[T], told: Any, asked: str) -> T:
    """`told` as a model; raises `ForgeError` when GitHub answers what it never did."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the answer"
        raise ForgeError(
            f"GitHub's answer to {asked} cannot be read at '{place}'",
            "take a newer cdk-stream, or tell the authors",
        ) from None
