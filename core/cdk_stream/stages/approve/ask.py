"""Standings -> whom to request a review from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_stream.plugin.forge import Account, ForgeError, Review
from cdk_stream.results.approval import Standing
from cdk_stream.stages.approve.electorate import Electorate


def to_ask(
    standings: Iterable[Standing],
    reviews: Sequence[Review],
    requested: Iterable[str],
    head: str,
    electorate: Electorate,
) -> tuple[str, ...]:
    """Logins and teams that are missing and were not asked about this commit yet.

    Who already said anything of it was asked; who had a hand in it cannot be.
    """
    asked = {name.casefold().removeprefix("@") for name in requested}
    here = {
        review.author.login: review.author
        for review in reviews
        if review.author and review.commit.lower() == head.lower() and review.state != "PENDING"
    }
    spoke = {login.casefold() for login in here}
    found: dict[str, str] = {}
    for standing in standings:
        if standing.state != "missing":
            continue
        for login in standing.requirement.people:
            if login.casefold() not in spoke | asked | set(electorate.contributors):
                found[login.casefold()] = login
        for team in standing.requirement.teams:
            if team.casefold() not in asked and not _spoke(team, here.values(), electorate):
                found[team.casefold()] = team
    return tuple(found[key] for key in sorted(found))


def _spoke(team: str, accounts: Iterable[Account], electorate: Electorate) -> bool:
    """Whether anybody of a team has a review of this commit; asked once more when unknown."""
    try:
        return any(electorate.is_member(team, one.login) for one in accounts)
    except ForgeError:
        return False
