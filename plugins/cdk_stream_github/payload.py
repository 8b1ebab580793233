"""The file in which GitHub tells a run what happened."""

from __future__ import annotations

import json
import os
from typing import Any

from pydantic import Field

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import Answer, User
from cdk_stream_github.environment import Environment

_LARGEST = 25_000_000
_COMMIT = "^[0-9a-f]{40}$"


class Numbered(Answer):
    number: int


class Run(Answer):
    """The run of another workflow that has ended."""

    head_sha: str = Field(pattern=_COMMIT)
    event: str


class Group(Answer):
    """What a merge queue is about to merge."""

    head_sha: str = Field(pattern=_COMMIT)
    head_ref: str
    base_sha: str = Field(pattern=_COMMIT)
    base_ref: str


class Issue(Answer):
    number: int
    pull_request: dict[str, Any] | None = None
    state: str = "open"


class Words(Answer):
    body: str = ""
    user: User | None = None


class PullRequestPayload(Answer):
    pull_request: Numbered


class RunPayload(Answer):
    workflow_run: Run


class GroupPayload(Answer):
    merge_group: Group


class CommentPayload(Answer):
    action: str
    issue: Issue
    comment: Words


class PushPayload(Answer):
    ref: str
    before: str = Field(pattern=_COMMIT)
    after: str = Field(pattern=_COMMIT)
    deleted: bool = False


class DispatchPayload(Answer):
    inputs: dict[str, Any] | None = None


def read_payload(environment: Environment) -> Any:
    """The parsed file at GITHUB_EVENT_PATH; raises `ForgeError`."""
    path = environment.event_path
    if not path:
        raise ForgeError("GITHUB_EVENT_PATH is not set", "run it in a workflow of GitHub Actions")
    try:
        if os.path.getsize(path) > _LARGEST:
            raise ForgeError(f"the event at GITHUB_EVENT_PATH has more than {_LARGEST} bytes")
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise ForgeError(f"GITHUB_EVENT_PATH cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise ForgeError("the event at GITHUB_EVENT_PATH is not JSON") from None
