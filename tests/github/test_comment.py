"""One comment of ours, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.forge import GitHub
from tests.github.conftest import Opened
from tests.github.double.server import Double
from tests.github.double.world import PullRequest, Token

MARKER = "<!-- cdk-stream:impact v1 project=fraud -->"
BOT = "github-actions[bot]"
CREATE = "/issues/{issue_number}/comments"


@pytest.fixture
def pull(github: Double) -> PullRequest:
    return github.world.open("ann", "topic", {"a": "1"})


def _bodies(github: Double, author: str = BOT) -> list[str]:
    return [comment.body for comment in github.world.comments if comment.author == author]


def test_it_is_made_renewed_and_removed(github: Double, forge: GitHub, pull: PullRequest) -> None:
    opened = forge.pull_request(pull.number)
    url = opened.put_comment(MARKER, f"{MARKER}\none")
    assert opened.put_comment(MARKER, f"{MARKER}\ntwo") == url
    assert _bodies(github) == [f"{MARKER}\ntwo"]
    assert opened.put_comment(MARKER, None) == ""
    assert _bodies(github) == []


def test_the_same_text_is_not_written_again(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    opened = forge.pull_request(pull.number)
    opened.put_comment(MARKER, f"{MARKER}\none")
    github.world.comments[0].body = f"{MARKER}\r\none\r\n"  # as a browser would send it
    opened.put_comment(MARKER, f"{MARKER}\none\n")
    assert github.count("PATCH", "/comments/{comment_id}") == 0


def test_a_marker_is_set_before_a_text_that_lacks_it(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    forge.pull_request(pull.number).put_comment(MARKER, "hello")
    assert _bodies(github) == [f"{MARKER}\nhello"]


@pytest.mark.parametrize(
    ("author", "body"),
    [
        ("eve", f"{MARKER}\nall is approved"),
        (None, f"{MARKER}\nof a deleted account"),
        (BOT, f"> {MARKER}\nquoted by another workflow"),
        (BOT, f"look: {MARKER}"),
        (BOT, f"{MARKER}and more"),
        (BOT, "<!-- cdk-stream:impact v1 project=fraud-two -->\nof another project"),
        ("dependabot[bot]", f"{MARKER}\nof another bot"),
        ("github-actions", f"{MARKER}\nof somebody with a name like ours"),
    ],
)
def test_the_comments_of_others_are_left_alone(
    github: Double, forge: GitHub, pull: PullRequest, author: str | None, body: str
) -> None:
    world = github.world
    world.person("dependabot[bot]", "write", bot=True)
    world.person("github-actions", "read")
    other = world.comment(pull.number, author, body)
    opened = forge.pull_request(pull.number)
    opened.put_comment(MARKER, f"{MARKER}\nours")
    opened.put_comment(MARKER, f"{MARKER}\nours again")
    assert other.body == body
    assert _bodies(github).count(f"{MARKER}\nours again") == 1
    opened.put_comment(MARKER, None)
    assert world.comments == [other]


def test_two_left_by_runs_at_once_become_one(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    for text in ("one", "two", "three"):
        github.world.comment(pull.number, BOT, f"{MARKER}\n{text}")
    forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\nfour")
    assert _bodies(github) == [f"{MARKER}\nfour"]


def test_it_is_found_on_the_second_page(github: Double, forge: GitHub, pull: PullRequest) -> None:
    for number in range(150):
        github.world.comment(pull.number, "eve", f"talk {number}")
    github.world.comment(pull.number, BOT, f"{MARKER}\none")
    forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\ntwo")
    assert _bodies(github) == [f"{MARKER}\ntwo"]


def test_a_list_that_breaks_off_makes_no_second_comment(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    for number in range(150):
        github.world.comment(pull.number, "eve", f"talk {number}")
    github.world.comment(pull.number, BOT, f"{MARKER}\none")
    github.faults.plan("GET", CREATE, *[500] * 9, page=2)
    with pytest.raises(ForgeError):
        forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\ntwo")
    assert _bodies(github) == [f"{MARKER}\none"]


def test_a_broken_answer_makes_no_second_comment(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    """The comment arrived, and a gateway in between failed."""
    arrived = f"{MARKER}\none"
    github.faults.before("POST", CREATE, lambda: _arrive(github, pull, arrived))
    github.faults.plan("POST", CREATE, 502)
    forge.pull_request(pull.number).put_comment(MARKER, arrived)
    assert _bodies(github) == [arrived]


def _arrive(github: Double, pull: PullRequest, body: str) -> None:
    github.world.comment(pull.number, BOT, body)


def test_a_comment_that_did_not_arrive_is_made_again(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    github.faults.plan("POST", CREATE, 502)
    forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\none")
    assert _bodies(github) == [f"{MARKER}\none"]


def test_one_that_another_run_removed_is_no_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    comment = github.world.comment(pull.number, BOT, f"{MARKER}\none")
    github.faults.before(
        "DELETE", "/comments/{comment_id}", lambda: github.world.comments.remove(comment)
    )
    assert forge.pull_request(pull.number).put_comment(MARKER, None) == ""


def test_a_text_longer_than_github_takes_is_not_sent(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    with pytest.raises(ForgeError, match="longer than GitHub takes"):
        forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\n{'x' * 65_536}")
    assert github.count("POST", CREATE) == 0


def test_an_app_that_is_named_finds_its_own(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    _install_app(github)
    for text in ("one", "two"):
        forge = reach("ghs_app", CDK_STREAM_GITHUB_APP="stream-bot").forge
        forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\n{text}")
    assert _bodies(github, "stream-bot[bot]") == [f"{MARKER}\ntwo"]


def test_an_app_that_nobody_named_still_has_one_comment(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    _install_app(github)
    for text in ("one", "two", "three"):
        pull_request = reach("ghs_app").forge.pull_request(pull.number)
        pull_request.put_comment(MARKER, f"{MARKER}\n{text}")
    assert _bodies(github, "stream-bot[bot]") == [f"{MARKER}\nthree"]


def test_a_person_s_token_finds_the_person_s_comment(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    github.world.tokens["github_pat_x"] = Token("mia")
    for text in ("one", "two"):
        forge = reach("github_pat_x").forge
        forge.pull_request(pull.number).put_comment(MARKER, f"{MARKER}\n{text}")
    assert _bodies(github, "mia") == [f"{MARKER}\ntwo"]


def _install_app(github: Double) -> None:
    github.world.person("stream-bot[bot]", "write", bot=True)
    github.world.tokens["ghs_app"] = Token("stream-bot[bot]")
