"""Objects as GitHub sends them: its published examples with our facts in them."""

from __future__ import annotations

from typing import Any

from tests.github.contract import Contract
from tests.github.double.world import OWNER, REPOSITORY, Comment, PullRequest, Status, World


class Shapes:
    """`root` is where the double listens."""

    def __init__(self, contract: Contract, world: World, root: str) -> None:
        self._contract = contract
        self._world = world
        self._api = f"{root}/repos/{REPOSITORY}"
        self._html = f"{root}/{REPOSITORY}"

    def user(self, login: str | None) -> Any:
        """None for a deleted account."""
        if login is None or not (person := self._world.people.get(login)):
            return None
        user = self._contract.example("pull-request-review-items")[0]["user"]
        kind = "Bot" if person.bot else "User"
        return {**user, "login": login, "id": person.id, "type": kind, "name": None, "email": None}

    def me(self, login: str) -> Any:
        name = "private-user-response-with-public-and-private-profile-information"
        return self._contract.example(name) | {
            "login": login,
            "id": self._world.people[login].id,
            "user_view_type": "private",
        }

    def pull(self, pull: PullRequest, *, alone: bool) -> Any:
        """`alone` has more: the number of commits, whether it is merged."""
        name = "pull-request" if alone else "pull-request-simple-items"
        example = self._contract.example(name)
        shape = example if alone else example[0]
        base = dict(shape["base"], ref=pull.base_ref, sha=pull.base)
        base["repo"] = self._home(shape["base"]["repo"], REPOSITORY)
        head = dict(shape["head"], ref=pull.branch, sha=pull.head)
        head["repo"] = None if pull.fork is None else self._home(base["repo"], pull.fork)
        shape |= {
            "number": pull.number, "title": pull.title, "draft": pull.draft, "state": pull.state,
            "html_url": f"{self._html}/pull/{pull.number}", "user": self.user(pull.author),
            "base": base, "head": head,
            "merged_at": "2026-01-07T00:00:00Z" if pull.merged else None,
            "merge_commit_sha": pull.merged or None,
            "requested_reviewers": [self.user(login) for login in pull.reviewers],
            "requested_teams": [self._team(shape, slug) for slug in pull.teams],
        }  # fmt: skip
        if alone:
            commits = self._world.git.between(pull.base, pull.head)
            shape |= {"merged": bool(pull.merged), "commits": len(commits)}
        return shape

    def branch(self, name: str, tip: str) -> Any:
        shape = self._contract.example("branch-get")
        return shape | {"name": name, "commit": {**shape["commit"], "sha": tip}}

    def review(self, given: dict[str, Any]) -> Any:
        shape = self._contract.example("pull-request-review-items")[0]
        shape |= {key: given[key] for key in ("id", "state", "commit_id", "body")}
        shape["user"] = self.user(given["login"])
        shape["node_id"] = f"PRR_{given['id']}"
        if given["submitted_at"]:
            shape["submitted_at"] = given["submitted_at"]
        else:
            del shape["submitted_at"]
        return shape

    def commit(self, sha: str) -> Any:
        shape = self._contract.example("commit-items")[0]
        told = self._world.git.details(sha)
        inner = shape["commit"]
        inner["message"] = told["message"]
        for role in ("author", "committer"):
            inner[role] |= {"email": told[role], "name": told[role].partition("@")[0]}
            shape[role] = self._known(told[role])
        shape["sha"] = sha
        return shape

    def comment(self, comment: Comment) -> Any:
        shape = self._contract.example("issue-comment")
        url = f"{self._html}/pull/{comment.number}#issuecomment-{comment.id}"
        user = self.user(comment.author)
        return shape | {"id": comment.id, "body": comment.body, "user": user, "html_url": url}

    def status(self, status: Status) -> Any:
        shape = self._contract.example("status")
        return shape | {
            "state": status.state,
            "context": status.context,
            "description": status.description,
            "target_url": status.url,
            "creator": self.user(status.creator),
        }

    def access(self, login: str) -> Any:
        person = self._world.find(login)
        role = person.permission if person else "none"
        name = "repository-collaborator-permission-response-if-user-has-admin-permissions"
        shape = self._contract.example(name)
        level = {"maintain": "write", "triage": "read"}.get(role, role)
        shape |= {"permission": level, "role_name": role}
        shape["user"] |= {**self.user(person.login if person else None), "role_name": role}
        return shape

    def team(self, slug: str) -> Any:
        shape = self._contract.example("team-full")
        shape["organization"]["archived_at"] = None  # the example lacks what the schema asks for
        return shape | {"slug": slug, "name": slug, "type": "organization"}

    def membership(self, state: str) -> Any:
        shape = self._contract.example("team-membership-response-if-user-is-a-team-maintainer")
        return shape | {"state": state, "role": "member"}

    def comparison(self, base: str, head: str) -> Any:
        shape = self._contract.example("commit-comparison")
        git = self._world.git
        ahead, behind = git.between(base, head), git.between(head, base)
        state = "diverged" if ahead and behind else "ahead" if ahead else "behind"
        return shape | {
            "status": state if ahead or behind else "identical",
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": [self.commit(sha) for sha in ahead[:250]],
        }

    def _team(self, shape: Any, slug: str) -> Any:
        return {**shape["requested_teams"][0], "slug": slug, "name": slug, "type": "organization"}

    def _home(self, shape: Any, full_name: str) -> Any:
        owner, name = full_name.split("/")
        shape = {**shape, "full_name": full_name, "name": name, "fork": owner != OWNER}
        return shape | {"owner": {**shape["owner"], "login": owner}}

    def _known(self, address: str) -> Any:
        """The account behind the address of a commit."""
        if address == "noreply@github.com":
            return self.user("web-flow") if "web-flow" in self._world.people else None
        login = address.partition("@")[0].partition("+")[2]
        return self.user(login)
