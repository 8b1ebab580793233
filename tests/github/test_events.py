"""What happened -> which pull requests and commits must be judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.plugin.forge import ForgeError
from cdk_stream.plugin.live import Live
from cdk_stream_github.events import RECHECK, read_event
from cdk_stream_github.forge import GitHub
from tests.github.double.server import Double
from tests.github.double.world import PullRequest


@pytest.fixture
def pull(github: Double) -> PullRequest:
    github.world.person("web-flow", "none")
    return github.world.open("ann", "topic", {"a": "1"}, title="Add a")


def _numbers(name: str, payload: Any, forge: GitHub) -> list[int]:
    return [pull.facts.number for pull in read_event(name, payload, forge).pull_requests]


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "pull_request_review"])
def test_an_event_of_a_pull_request_is_about_it(
    forge: GitHub, pull: PullRequest, name: str
) -> None:
    assert _numbers(name, {"pull_request": {"number": pull.number}}, forge) == [pull.number]


def test_what_the_event_says_of_the_pull_request_is_asked_anew(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    """A re-run has the old event: head, base and draft of today count."""
    github.world.push("dev", {"b": "1"}, start=pull.base)
    github.world.retarget(pull, "dev")
    old = {"number": pull.number, "head": {"sha": "0" * 40}, "base": {"ref": "main"}}
    (opened,) = read_event("pull_request_target", {"pull_request": old}, forge).pull_requests
    assert (opened.facts.head, opened.facts.base_ref) == (pull.head, "dev")


def test_a_closed_pull_request_is_nothing_to_judge(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    pull.state = "closed"
    event = read_event("pull_request_target", {"pull_request": {"number": pull.number}}, forge)
    assert (event.pull_requests, event.quiet) == ((), "no open pull request is meant")


def _signal(head: str, event: str = "pull_request_review", **more: Any) -> Any:
    return {"workflow_run": {"head_sha": head, "event": event, "pull_requests": [], **more}}


def test_a_signal_is_about_every_open_pull_request_with_its_head(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    twin = github.world.open("eve", "twin", {"z": "1"}, fork=True)
    github.world.move(twin, pull.head)
    assert _numbers("workflow_run", _signal(pull.head), forge) == [pull.number, twin.number]


def test_a_signal_cannot_name_another_pull_request(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    other = github.world.open("eve", "other", {"z": "1"}, fork=True)
    told = _signal(pull.head, pull_requests=[{"number": other.number}])
    assert _numbers("workflow_run", told, forge) == [pull.number]


def test_a_signal_about_an_old_head_is_about_nothing(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    old = pull.head
    github.world.add(pull, {"b": "2"})
    assert read_event("workflow_run", _signal(old), forge).quiet == "no open pull request is meant"


def test_the_run_of_something_else_is_no_signal(forge: GitHub, pull: PullRequest) -> None:
    event = read_event("workflow_run", _signal(pull.head, event="push"), forge)
    assert (event.pull_requests, event.quiet) == (
        (), "the run before it was started by 'push', not by a review",
    )  # fmt: skip


def _comment(number: int, login: str | None, body: str = RECHECK, **more: Any) -> Any:
    user = login and {"login": login, "id": 1, "type": "User"}
    return {
        "action": "created",
        "issue": {"number": number, "pull_request": {"url": ""}, "state": "open"},
        "comment": {"body": body, "user": user},
        **more,
    }


@pytest.mark.parametrize("login", ["bea", "mia", "tom"])
def test_a_recheck_by_the_team_is_heard(forge: GitHub, pull: PullRequest, login: str) -> None:
    told = _comment(pull.number, login, f"  {RECHECK}\r\n")
    assert _numbers("issue_comment", told, forge) == [pull.number]


@pytest.mark.parametrize("login", ["eve", "nobody-at-all", None])
def test_a_recheck_by_others_is_not_heard(
    forge: GitHub, pull: PullRequest, login: str | None
) -> None:
    event = read_event("issue_comment", _comment(pull.number, login), forge)
    assert event.pull_requests == () and event.quiet


@pytest.mark.parametrize(
    "body",
    ["", "nice", f"please {RECHECK}", f"{RECHECK} now", f"> {RECHECK}", "/cdk-stream approve",
     "/CDK-STREAM RECHECK", f"{RECHECK}\n/cdk-stream approve"],
)  # fmt: skip
def test_only_the_one_word_is_a_command(
    github: Double, forge: GitHub, pull: PullRequest, body: str
) -> None:
    event = read_event("issue_comment", _comment(pull.number, "bea", body), forge)
    assert event.pull_requests == ()
    assert github.asked == []  # chatter costs no call


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_an_edited_comment_is_no_command(forge: GitHub, pull: PullRequest, action: str) -> None:
    assert not _numbers("issue_comment", _comment(pull.number, "bea", action=action), forge)


def test_a_comment_on_an_issue_is_none_of_ours(forge: GitHub) -> None:
    told = _comment(1, "bea", issue={"number": 1})
    event = read_event("issue_comment", told, forge)
    assert event.quiet == "the comment is not on a pull request"


@pytest.mark.parametrize("method", ["squash", "merge"])
def test_a_merge_group_is_about_each_of_its_pull_requests_and_the_whole(
    github: Double, forge: GitHub, pull: PullRequest, method: str
) -> None:
    second = github.world.open("bea", "second", {"b": "2"}, title="Add b (#999)")
    group = github.world.queue(pull, second, method=method)
    event = read_event("merge_group", {"merge_group": group}, forge)
    assert [each.facts.number for each in event.pull_requests] == [pull.number, second.number]
    assert (event.commit, event.base, event.base_ref) == (
        group["head_sha"], group["base_sha"], "main",
    )  # fmt: skip


def test_a_commit_in_a_group_that_is_of_no_pull_request_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    group = github.world.queue(pull)
    ref = group["head_ref"].removeprefix("refs/heads/")
    group["head_sha"] = github.world.push(ref, {"evil": "1"}, "eve", "Fine (#101)")
    with pytest.raises(ForgeError, match="of the merge group is of no pull request"):
        read_event("merge_group", {"merge_group": group}, forge)


def test_a_group_of_another_branch_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    group = github.world.queue(pull)
    github.world.push("dev", {"b": "1"}, start=pull.base)
    github.world.retarget(pull, "dev")
    with pytest.raises(ForgeError, match="101 of the merge group does not go to 'main'"):
        read_event("merge_group", {"merge_group": group}, forge)


@pytest.mark.parametrize(
    "change",
    [{"head_ref": "refs/heads/evil"}, {"base_ref": "refs/heads/dev"}],
)
def test_a_branch_that_is_not_of_the_queue_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest, change: dict[str, str]
) -> None:
    group = {**github.world.queue(pull), **change}
    with pytest.raises(ForgeError, match="not one of a queue"):
        read_event("merge_group", {"merge_group": group}, forge)


def test_a_group_that_does_not_follow_its_base_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    group = github.world.queue(pull)
    group["base_sha"] = github.world.push("main", {"m": "1"})
    with pytest.raises(ForgeError, match="'diverged' of its base"):
        read_event("merge_group", {"merge_group": group}, forge)


def test_a_push_is_about_its_commit(forge: GitHub, github: Double) -> None:
    told = {"ref": "refs/heads/release/1", "before": "a" * 40, "after": "b" * 40}
    event = read_event("push", told, forge)
    assert (event.commit, event.base, event.base_ref) == ("b" * 40, "a" * 40, "release/1")
    fresh = read_event("push", {**told, "before": "0" * 40}, forge)
    assert fresh.base == ""
    assert github.asked == []


@pytest.mark.parametrize("change", [{"ref": "refs/tags/v1"}, {"deleted": True}, {"ref": "main"}])
def test_a_push_of_no_branch_is_nothing(forge: GitHub, change: dict[str, Any]) -> None:
    told = {"ref": "refs/heads/main", "before": "a" * 40, "after": "b" * 40, **change}
    event = read_event("push", told, forge)
    assert event.commit == "" and event.quiet


def test_by_hand_one_is_named_or_all_are_meant(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    other = github.world.open("ann", "other", {"o": "1"})
    one = {"inputs": {"pull-request": str(other.number)}}
    assert _numbers("workflow_dispatch", one, forge) == [other.number]
    assert _numbers("workflow_dispatch", {"inputs": None}, forge) == [pull.number, other.number]
    assert _numbers("schedule", {"schedule": "0 * * * *"}, forge) == [pull.number, other.number]


@pytest.mark.parametrize("number", ["0", "-1", "1; rm", "\uff11", "9" * 30])
def test_a_number_by_hand_that_is_none_is_an_error(forge: GitHub, number: str) -> None:
    with pytest.raises(ForgeError, match="is no number"):
        read_event("workflow_dispatch", {"inputs": {"pull-request": number}}, forge)


def test_an_event_that_nobody_knows_is_an_error(forge: GitHub) -> None:
    with pytest.raises(ForgeError, match="nothing is known to do on 'release'") as caught:
        read_event("release", {}, forge)
    assert "pull_request_target" in caught.value.mend


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("pull_request_target", {}),
        ("pull_request_target", []),
        ("pull_request_target", {"pull_request": {"number": "x"}}),
        ("workflow_run", {"workflow_run": {"head_sha": "HEAD", "event": "push"}}),
        ("merge_group", {"merge_group": None}),
        ("push", {"ref": "refs/heads/main", "before": "a", "after": "--all"}),
        ("issue_comment", "text"),
    ],
)
def test_a_payload_of_another_shape_is_an_error(forge: GitHub, name: str, payload: Any) -> None:
    with pytest.raises(ForgeError, match="GitHub's answer to the event cannot be read at"):
        read_event(name, payload, forge)


def test_the_core_opens_the_run(github: Double, pull: PullRequest, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"pull_request": {"number": pull.number}}), encoding="utf-8")
    told = {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_EVENT_PATH": str(path)}
    run = Live.load(["github"]).open_run(github.environ(**told, GITHUB_RUN_ID="42"))
    assert run and run.url == f"{github.url}/acme/streams/actions/runs/42"
    (opened,) = run.event().pull_requests
    assert opened.facts.head == pull.head


@pytest.mark.parametrize("content", ["", "{", '"\\ud800"', "[" * 100_000])
def test_an_event_that_is_not_json_is_an_error(
    github: Double, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "event.json"
    path.write_text(content, encoding="utf-8")
    told = {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_EVENT_PATH": str(path)}
    run = Live.load(["github"]).open_run(github.environ(**told))
    assert run
    with pytest.raises(ForgeError, match="the event"):
        run.event()


def test_outside_of_a_workflow_there_is_no_run(github: Double) -> None:
    live = Live.load(["github"])
    assert live.open_run({}) is None and live.open_forge({}) is None
    assert live.open_run(github.environ()) is None
    assert live.open_forge(github.environ())
