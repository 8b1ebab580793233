"""Teams: who is an active member, and whether the token may know."""

from __future__ import annotations

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import Membership, Team
from cdk_stream_github.client import Client
from cdk_stream_github.errors import TEAM_MEND, Answered


class Teams:
    """Each team and membership is asked for once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._members: dict[tuple[str, str], bool] = {}
        self._known: set[str] = set()

    def is_member(self, team: str, login: str) -> bool:
        """Raises `ForgeError` for a team that is gone, or that the token may not read."""
        key = (team.casefold(), login.casefold())
        if key not in self._members:
            organisation, slash, slug = team.removeprefix("@").partition("/")
            if not (organisation and slash and slug) or "/" in slug:
                raise ForgeError(f"'{team}' is no team; write it as 'organisation/team'")
            self._members[key] = self._ask(organisation, slug, login)
        return self._members[key]

    def _ask(self, organisation: str, slug: str, login: str) -> bool:
        path = ("orgs", organisation, "teams", slug, "memberships", login)
        try:
            return self._client.get(Membership, *path).state == "active"
        except Answered as error:
            if error.status not in (403, 404):
                raise
            if error.status == 403:
                raise _unreadable(organisation, slug) from None
        self._hold(organisation, slug)
        return False

    def _hold(self, organisation: str, slug: str) -> None:
        """No membership, or no team: GitHub answers both with 404."""
        key = f"{organisation}/{slug}".casefold()
        if key in self._known:
            return
        try:
            self._client.get(Team, "orgs", organisation, "teams", slug)
        except Answered as error:
            if error.status in (403, 404):
                raise _unreadable(organisation, slug) from None
            raise
        self._known.add(key)


def _unreadable(organisation: str, slug: str) -> ForgeError:
    return ForgeError(
        f"the team '{organisation}/{slug}' is unknown, or the token may not read it", TEAM_MEND
    )
