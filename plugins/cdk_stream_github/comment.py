"""The one comment of ours on a pull request: found, renewed, removed, never doubled."""

from __future__ import annotations

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import Comment, User, read
from cdk_stream_github.client import Client, Path
from cdk_stream_github.errors import Answered

LONGEST = 65_536
"""Characters that GitHub takes."""
_MOST = 5_000
_ACTIONS = "github-actions"


class StickyComment:
    """Comments of one pull request; `repository` is the path of the repository's API."""

    def __init__(self, client: Client, repository: Path, number: int, author: Author) -> None:
        self._client = client
        self._comments: Path = (*repository, "issues", number, "comments")
        self._one: Path = (*repository, "issues", "comments")
        self._author = author

    def put(self, marker: str, body: str | None) -> str:
        """Create, renew or (None) remove the comment that starts with `marker`; its URL."""
        if body is None:
            for comment in self._ours(marker):
                self._remove(comment)
            return ""
        body = body if _is_marked(body, marker) else f"{marker}\n{body}"
        if len(body) > LONGEST:
            raise ForgeError(f"a comment of {len(body)} characters is longer than GitHub takes")
        ours = self._ours(marker)
        return self._renew(ours, body) if ours else self._create(marker, body)

    def _renew(self, ours: list[Comment], body: str) -> str:
        """Two runs at once may have left two comments: the first one stays."""
        first, *others = ours
        for comment in others:
            self._remove(comment)
        if _same(first.body, body):
            return first.html_url
        told = self._client.patch((*self._one, first.id), {"body": body})
        return read(Comment, told, "the change of a comment").html_url

    def _create(self, marker: str, body: str) -> str:
        try:
            told = self._client.post(self._comments, {"body": body})
        except Answered as error:
            if error.status < 500:
                raise
            return self._create_again(marker, body)
        made = read(Comment, told, "a new comment")
        if made.user is None or self._author.wrote(made):
            return made.html_url
        # The token is of an app that nobody named: now its name is known.
        self._author.learn(made.user)
        earlier = [comment for comment in self._ours(marker) if comment.id != made.id]
        return self._renew([earlier[0], made, *earlier[1:]], body) if earlier else made.html_url

    def _create_again(self, marker: str, body: str) -> str:
        """A broken answer does not tell whether the comment was made."""
        if ours := self._ours(marker):
            return self._renew(ours, body)
        told = self._client.post(self._comments, {"body": body})
        return read(Comment, told, "a new comment").html_url

    def _ours(self, marker: str) -> list[Comment]:
        comments = self._client.list(Comment, *self._comments, most=_MOST)
        return [
            comment
            for comment in sorted(comments, key=lambda comment: comment.id)
            if _is_marked(comment.body, marker) and self._author.wrote(comment)
        ]

    def _remove(self, comment: Comment) -> None:
        try:
            self._client.delete(*self._one, comment.id)
        except Answered as error:
            if error.status != 404:  # another run was faster
                raise


class Author:
    """Whose comments are ours: the account that the token acts as."""

    def __init__(self, client: Client, token: str, app: str) -> None:
        self._client = client
        self._login = f"{app}[bot]" if app else ""
        # What a workflow is handed cannot ask who it is.
        self._installed = token.startswith("ghs_")
        self._id = 0

    def wrote(self, comment: Comment) -> bool:
        """Whether a comment is ours; nobody can register a login with a bracket."""
        self._find()
        user = comment.user
        if user is None:
            return False
        if self._id:
            return user.id == self._id
        return user.type == "Bot" and user.login.casefold() == self._login.casefold()

    def learn(self, user: User) -> None:
        """GitHub said who we are."""
        self._login, self._id = user.login, user.id

    def _find(self) -> None:
        if self._login:
            return
        self._login = f"{_ACTIONS}[bot]"
        if self._installed:
            return
        try:
            self.learn(self._client.get(User, "user"))
        except Answered as error:
            if error.status not in (403, 404):
                raise


def _is_marked(body: str, marker: str) -> bool:
    rest = body[len(marker) :]
    return body.startswith(marker) and (not rest or rest[0].isspace())


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()
