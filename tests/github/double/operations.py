"""What each operation does to the world, and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.github.contract import Match
from tests.github.double.shapes import Shapes
from tests.github.double.world import OWNER, REPOSITORY, PullRequest, Status, Token, World

_R = "/repos/{owner}/{repo}"
_LONGEST_COMMENT = 65_536


class No(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


@dataclass(frozen=True)
class Call:
    """A request that the contract has taken."""

    match: Match
    query: Mapping[str, str]
    body: Any
    token: Token

    def __getitem__(self, name: str) -> str:
        return self.match.parameters[name]


class Operations:
    """Answers `(status, body)`; a list is paged by the server."""

    def __init__(self, world: World, shapes: Shapes) -> None:
        self._world = world
        self._shapes = shapes
        self._known: dict[tuple[str, str], Callable[[Call], tuple[int, Any]]] = {
            ("GET", f"{_R}/branches/{{branch}}"): self._branch,
            ("GET", f"{_R}/collaborators/{{username}}/permission"): self._permission,
            ("GET", f"{_R}/commits/{{commit_sha}}/pulls"): self._pulls_of_commit,
            ("GET", f"{_R}/compare/{{basehead}}"): self._compare,
            ("DELETE", f"{_R}/issues/comments/{{comment_id}}"): self._delete_comment,
            ("PATCH", f"{_R}/issues/comments/{{comment_id}}"): self._edit_comment,
            ("GET", f"{_R}/issues/{{issue_number}}/comments"): self._comments,
            ("POST", f"{_R}/issues/{{issue_number}}/comments"): self._comment,
            ("GET", f"{_R}/pulls"): self._pulls,
            ("GET", f"{_R}/pulls/{{pull_number}}"): self._pull,
            ("GET", f"{_R}/pulls/{{pull_number}}/commits"): self._commits,
            ("POST", f"{_R}/pulls/{{pull_number}}/requested_reviewers"): self._request,
            ("GET", f"{_R}/pulls/{{pull_number}}/reviews"): self._reviews,
            ("POST", f"{_R}/statuses/{{sha}}"): self._status,
            ("GET", "/orgs/{org}/teams/{team_slug}"): self._team,
            ("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}"): self._membership,
            ("GET", "/user"): self._user,
        }

    def answer(self, call: Call) -> tuple[int, Any]:
        if "owner" in call.match.parameters:
            self._hold(f"{call['owner']}/{call['repo']}" == REPOSITORY, 404, "Not Found")
        return self._known[call.match.method, call.match.template](call)

    def _branch(self, call: Call) -> tuple[int, Any]:
        try:
            tip = self._world.git.resolve(f"refs/heads/{call['branch']}")
        except AssertionError:
            raise No(404, "Branch not found") from None
        return 200, self._shapes.branch(call["branch"], tip)

    def _permission(self, call: Call) -> tuple[int, Any]:
        self._hold(self._world.find(call["username"]) is not None, 404, "Not Found")
        return 200, self._shapes.access(call["username"])

    def _pulls_of_commit(self, call: Call) -> tuple[int, Any]:
        sha = call["commit_sha"]
        found = [
            self._shapes.pull(pull, alone=False)
            for pull in self._world.pulls.values()
            if sha in pull.became or sha in self._commits_of(pull)
        ]
        return 200, found

    def _compare(self, call: Call) -> tuple[int, Any]:
        base, _, head = call["basehead"].partition("...")
        return 200, self._shapes.comparison(base, head)

    def _comments(self, call: Call) -> tuple[int, Any]:
        number = int(call["issue_number"])
        found = [comment for comment in self._world.comments if comment.number == number]
        return 200, [self._shapes.comment(comment) for comment in found]

    def _comment(self, call: Call) -> tuple[int, Any]:
        self._may(call, "pull-requests", "issues=write; pull_requests=write")
        self._short(call.body["body"])
        number = int(call["issue_number"])
        made = self._world.comment(number, call.token.login, call.body["body"])
        return 201, self._shapes.comment(made)

    def _edit_comment(self, call: Call) -> tuple[int, Any]:
        self._may(call, "pull-requests", "issues=write; pull_requests=write")
        self._short(call.body["body"])
        comment = self._comment_of(call)
        comment.body = call.body["body"]
        return 200, self._shapes.comment(comment)

    def _delete_comment(self, call: Call) -> tuple[int, Any]:
        self._may(call, "pull-requests", "issues=write; pull_requests=write")
        self._world.comments.remove(self._comment_of(call))
        return 204, None

    def _pulls(self, call: Call) -> tuple[int, Any]:
        wanted = call.query.get("state", "open")
        found = [pull for pull in self._world.pulls.values() if wanted in (pull.state, "all")]
        return 200, [self._shapes.pull(pull, alone=False) for pull in found]

    def _pull(self, call: Call) -> tuple[int, Any]:
        return 200, self._shapes.pull(self._pull_of(call), alone=True)

    def _commits(self, call: Call) -> tuple[int, Any]:
        listed = self._commits_of(self._pull_of(call))[:250]
        return 200, [self._shapes.commit(sha) for sha in listed]

    def _reviews(self, call: Call) -> tuple[int, Any]:
        return 200, [self._shapes.review(given) for given in self._pull_of(call).reviews]

    def _request(self, call: Call) -> tuple[int, Any]:
        self._may(call, "pull-requests", "pull_requests=write")
        pull = self._pull_of(call)
        for login in call.body.get("reviewers", ()):
            self._hold(login != pull.author, 422, _OF_AUTHOR)
            person = self._world.find(login)
            self._hold(person is not None and person.permission != "none", 422, _NO_COLLABORATOR)
            pull.reviewers.append(login)
        for slug in call.body.get("team_reviewers", ()):
            self._hold(call.token.organisation and slug in self._world.teams, 422, _NO_NODE)
            pull.teams.append(slug)
        return 201, self._shapes.pull(pull, alone=False)

    def _status(self, call: Call) -> tuple[int, Any]:
        self._may(call, "statuses", "statuses=write")
        description = call.body.get("description") or ""
        self._hold(len(description) <= 140, 422, "description is too long (maximum is 140)")
        told = call.body
        made = Status(
            call["sha"], told["context"], told["state"], description, call.token.login,
            told.get("target_url"),
        )  # fmt: skip
        self._world.statuses.append(made)
        return 201, self._shapes.status(made)

    def _team(self, call: Call) -> tuple[int, Any]:
        self._reads_teams(call)
        self._hold(call["team_slug"] in self._world.teams, 404, "Not Found")
        return 200, self._shapes.team(call["team_slug"])

    def _membership(self, call: Call) -> tuple[int, Any]:
        self._reads_teams(call)
        members = self._world.teams.get(call["team_slug"], {})
        state = {login.lower(): told for login, told in members.items()}.get(
            call["username"].lower()
        )
        self._hold(state is not None, 404, "Not Found")
        return 200, self._shapes.membership(str(state))

    def _user(self, call: Call) -> tuple[int, Any]:
        installed = call.token.login.endswith("[bot]")
        self._hold(not installed, 403, "Resource not accessible by integration")
        return 200, self._shapes.me(call.token.login)

    def _reads_teams(self, call: Call) -> None:
        known = call.token.organisation and call["org"] == OWNER
        self._hold(known, 404, "Not Found")

    def _may(self, call: Call, permission: str, accepted: str) -> None:
        if permission not in call.token.permissions:
            headers = {"X-Accepted-GitHub-Permissions": accepted}
            raise No(403, "Resource not accessible by integration", **headers)

    def _short(self, body: str) -> None:
        self._hold(len(body) <= _LONGEST_COMMENT, 422, "Body is too long (maximum is 65536)")

    def _pull_of(self, call: Call) -> PullRequest:
        pull = self._world.pulls.get(int(call["pull_number"]))
        if pull is None:
            raise No(404, "Not Found")
        return pull

    def _comment_of(self, call: Call) -> Any:
        wanted = int(call["comment_id"])
        found = [comment for comment in self._world.comments if comment.id == wanted]
        self._hold(bool(found), 404, "Not Found")
        self._hold(found[0].author == call.token.login, 403, "Resource not accessible")
        return found[0]

    def _commits_of(self, pull: PullRequest) -> list[str]:
        base = pull.base if pull.merged else f"refs/heads/{pull.base_ref}"
        return self._world.git.between(base, pull.head)

    def _hold(self, fine: bool, status: int, message: str) -> None:
        if not fine:
            raise No(status, message)


_OF_AUTHOR = "Review cannot be requested from pull request author."
_NO_COLLABORATOR = (
    "Reviews may only be requested from collaborators. One or more of the users or teams you"
    " specified is not a collaborator of the acme/streams repository."
)
_NO_NODE = "Could not resolve to a node with the global id of 'T_kwDO'."
