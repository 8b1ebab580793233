"""Who may vote: what the forge says of accounts, asked once each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cdk_stream.plugin.forge import Account, Permission, PullRequest
from cdk_stream.results.approval import Requirement
from cdk_stream.stages.approve.people import is_login

MAY_WRITE = ("write", "maintain", "admin")


@dataclass(slots=True)
class Electorate:
    """The accounts around a pull request; every question raises `ForgeError`."""

    pull_request: PullRequest
    contributors: Collection[str]
    """The keys of all who had a hand in it: its author, authors, committers and co-authors."""
    bots: Iterable[str] = ()
    """Logins of bots that may vote."""
    _permissions: dict[str, Permission] = field(default_factory=dict)
    _members: dict[tuple[str, str], bool] = field(default_factory=dict)

    def permission(self, login: str) -> Permission:
        """What an account may do in the repository."""
        key = login.casefold()
        if key not in self._permissions:
            self._permissions[key] = self.pull_request.permission(login)
        return self._permissions[key]

    def is_member(self, team: str, login: str) -> bool:
        """Whether an account is an active member of `org/team`."""
        key = (team.casefold(), login.casefold())
        if key not in self._members:
            self._members[key] = self.pull_request.is_member(team, login)
        return self._members[key]

    def speaks_for(self, requirement: Requirement, account: Account) -> str:
        """The login or team of the owner that an account is; empty for none of them."""
        if not is_login(account.login):
            return ""
        for login in requirement.people:
            if login.casefold() == account.key:
                return login
        if requirement.administrators and self.permission(account.login) == "admin":
            return "administrators"
        found = (team for team in requirement.teams if self.is_member(team, account.login))
        return next(found, "")

    def barred(self, account: Account) -> str:
        """Why the word of an account never counts here; empty when it does."""
        login = account.login
        if not is_login(login):
            return f"'{login}' cannot be the name of an account"
        bot = account.bot or login.endswith("[bot]")
        if bot and account.key not in {one.casefold() for one in self.bots}:
            return f"{login} is a bot"
        if account.key in self.contributors:
            return f"{login} wrote, committed or opened a part of it"
        permission = self.permission(login)
        if permission not in MAY_WRITE:
            return f"{login} may not write to the repository (permission: {permission})"
        return ""
