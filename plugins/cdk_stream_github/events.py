"""What happened -> which pull requests and commits a run must judge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cdk_stream.plugin.forge import ForgeError
from cdk_stream.plugin.workflow_run import Event
from cdk_stream_github.answers import read
from cdk_stream_github.forge import GitHub
from cdk_stream_github.group import group_numbers
from cdk_stream_github.payload import (
    CommentPayload,
    DispatchPayload,
    GroupPayload,
    PullRequestPayload,
    PushPayload,
    RunPayload,
)
from cdk_stream_github.pull_request import GitHubPullRequest

RECHECK = "/cdk-stream recheck"
_MAY_ASK = ("triage", "write", "maintain", "admin")
_REVIEW_EVENTS = ("pull_request_review", "pull_request_review_comment")
_NOWHERE = "0" * 40
_NUMBER = re.compile("[1-9][0-9]{0,9}", re.ASCII)


def read_event(name: str, payload: Any, forge: GitHub) -> Event:
    """Raises `ForgeError` for an event that is none of those that workflows start it by."""
    reader = _READERS.get(name)
    if reader is None:
        known = ", ".join(sorted(_READERS))
        raise ForgeError(f"nothing is known to do on '{name}'", f"start it on one of {known}")
    return reader(name, payload, forge)


def _pull_request(name: str, payload: Any, forge: GitHub) -> Event:
    number = read(PullRequestPayload, payload, "the event").pull_request.number
    return _about(name, [forge.pull_request(number)])


def _workflow_run(name: str, payload: Any, forge: GitHub) -> Event:
    """The signal carries no data but the commit: whoever started it is not believed."""
    run = read(RunPayload, payload, "the event").workflow_run
    if run.event not in _REVIEW_EVENTS:
        return Event(name, quiet=f"the run before it was started by '{run.event}', not by a review")
    return _about(name, forge.open_with_head(run.head_sha))


def _merge_group(name: str, payload: Any, forge: GitHub) -> Event:
    group = read(GroupPayload, payload, "the event").merge_group
    base_ref = group.base_ref.removeprefix("refs/heads/")
    pulls = [forge.pull_request(number) for number in group_numbers(group, base_ref, forge)]
    wrong = [pull.facts.number for pull in pulls if pull.facts.base_ref != base_ref]
    if wrong:
        raise ForgeError(f"pull request {wrong[0]} of the merge group does not go to '{base_ref}'")
    return Event(name, tuple(pulls), group.head_sha, group.base_sha, base_ref)


def _issue_comment(name: str, payload: Any, forge: GitHub) -> Event:
    told = read(CommentPayload, payload, "the event")
    if told.issue.pull_request is None:
        return Event(name, quiet="the comment is not on a pull request")
    if told.action != "created" or told.comment.body.strip() != RECHECK:
        return Event(name, quiet=f"the comment is not '{RECHECK}'")
    if told.comment.user is None:
        return Event(name, quiet="nobody knows who wrote the comment")
    pull = forge.pull_request(told.issue.number)
    login = told.comment.user.login
    if pull.permission(login) not in _MAY_ASK:
        return Event(
            name, quiet=f"'{login}' may not ask for it: that takes the role triage or more"
        )
    return _about(name, [pull])


def _push(name: str, payload: Any, forge: GitHub) -> Event:
    """What was pushed must be proved by its pull requests; that is the judge's affair."""
    told = read(PushPayload, payload, "the event")
    if told.deleted or not told.ref.startswith("refs/heads/"):
        return Event(name, quiet=f"'{told.ref}' is deleted, or no branch")
    base = "" if told.before == _NOWHERE else told.before
    return Event(name, (), told.after, base, told.ref.removeprefix("refs/heads/"))


def _by_hand(name: str, payload: Any, forge: GitHub) -> Event:
    told = read(DispatchPayload, payload, "the event")
    inputs: Mapping[str, Any] = told.inputs or {}
    number = str(inputs.get("pull-request") or "")
    if not number:
        return _about(name, forge.open())
    if not _NUMBER.fullmatch(number):
        raise ForgeError(f"the input 'pull-request' is no number: {number[:20]!r}")
    return _about(name, [forge.pull_request(int(number))])


def _about(name: str, pulls: Iterable[GitHubPullRequest]) -> Event:
    open_ones = tuple(pull for pull in pulls if pull.facts.state == "open")
    return Event(name, open_ones, quiet="" if open_ones else "no open pull request is meant")


_READERS: dict[str, Callable[[str, Any, GitHub], Event]] = {
    "issue_comment": _issue_comment,
    "merge_group": _merge_group,
    "pull_request": _pull_request,
    "pull_request_review": _pull_request,
    "pull_request_target": _pull_request,
    "push": _push,
    "schedule": _by_hand,
    "workflow_dispatch": _by_hand,
    "workflow_run": _workflow_run,
}
