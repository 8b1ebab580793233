"""The GitHub names of an owner -> the people and teams who may speak for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cdk_stream.resources.project import Owner

# ASCII alone: letters of other scripts look the same and are somebody else.
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?", re.ASCII)
_TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]+", re.ASCII)


class Voters(NamedTuple):
    """Who may speak for an owner."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    problem: str = ""


def is_login(text: str) -> bool:
    """Whether it can be the name of an account."""
    return _LOGIN.fullmatch(text) is not None


def voters(name: str, *maps: Mapping[str, Owner]) -> Voters:
    """Who speaks for an owner, as the first of `maps` that knows the name says."""
    owner = next((known[name] for known in maps if name in known), None)
    if not name:
        return Voters(problem="nobody owns it")
    if owner is None:
        return Voters(problem=f"owner '{name}' is not one of `owners:`")
    names = [entry.strip().removeprefix("@") for entry in owner.github]
    wrong = [entry for entry in names if not _LOGIN.fullmatch(entry) and not _TEAM.fullmatch(entry)]
    if wrong:
        return Voters(problem=f"'{wrong[0]}' of owner '{name}' is no login and no team")
    if not names:
        return Voters(problem=f"owner '{name}' is nobody on GitHub")
    return Voters(_once(entry for entry in names if "/" not in entry),
                  _once(entry for entry in names if "/" in entry))  # fmt: skip


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in names}.values())
