"""What GitHub said no to, in words that name the mend."""

from __future__ import annotations

from collections.abc import Mapping

from cdk_stream.plugin.forge import ForgeError

_LONGEST = 200
_TOKEN = "give the action a valid token as 'github-token'; the workflow has one in github.token"
_FORBIDDEN = "name what the workflow needs under its 'permissions:'"
_MISSING = "check the name, and that the token may read it"
TEAM_MEND = (
    "the token of a workflow cannot read teams: use the token of a GitHub App that may"
    " 'members: read' in the organisation, or name people as owners"
)


class Answered(ForgeError):
    """GitHub answered, and it was not yes; `status` is the HTTP status."""

    def __init__(self, message: str, mend: str, status: int) -> None:
        super().__init__(message, mend)
        self.status = status


def answered(
    method: str, path: str, status: int, headers: Mapping[str, str], told: object
) -> Answered:
    """The error of an answer of 300 or more; `told` is its parsed body, whatever it is."""
    message = f"GitHub answers {status} to {method} {path}"
    if said := _said(told):
        message += f": {said}"
    return Answered(message, _mend(status, headers), status)


def one_line(text: str) -> str:
    """Foreign text as one short printable line."""
    line = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _said(told: object) -> str:
    if not isinstance(told, dict):
        return ""
    words = [told.get("message")]
    errors = told.get("errors")
    for error in errors if isinstance(errors, list) else ():
        words.append(error.get("message") if isinstance(error, dict) else error)
    return one_line("; ".join(word for word in words if isinstance(word, str)))


def _mend(status: int, headers: Mapping[str, str]) -> str:
    if status == 401:
        return _TOKEN
    if status == 403:
        wanted = permissions(headers.get("x-accepted-github-permissions", ""))
        return f"give the token {wanted}" if wanted else _FORBIDDEN
    return _MISSING if status == 404 else "run it again; https://www.githubstatus.com tells outages"


def permissions(header: str) -> str:
    """`issues=write; pull_requests=write` as a workflow spells it.

    A semicolon parts alternatives, a comma what is needed together.
    """
    ways = [
        " and ".join(f"'{_permission(part)}'" for part in way.split(",") if "=" in part)
        for way in header.split(";")
    ]
    return one_line(" or ".join(way for way in ways if way))


def _permission(part: str) -> str:
    name, _, level = part.strip().partition("=")
    return f"{name.replace('_', '-')}: {level}"
