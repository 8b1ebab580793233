"""The token goes to one host, waits end, and half an answer is none."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import Pull
from cdk_stream_github.environment import read_environment
from cdk_stream_github.session import Patience, rate_limit
from tests.github.conftest import QUICK, Opened
from tests.github.double.faults import Trouble
from tests.github.double.server import Double

PULL = "/pulls/{pull_number}"


@pytest.fixture
def stranger() -> Iterator[tuple[str, list[str]]]:
    """Another server: its address, and the Authorization headers that it was shown."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_error(404)

        def log_message(self, format: str, *arguments: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_next_page_elsewhere_is_refused_and_never_asked(
    github: Double, reach: Callable[..., Opened], stranger: tuple[str, list[str]]
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    address, seen = stranger
    github.links["/reviews"] = f"{address}/repos/acme/streams/pulls/1/reviews?page=2"
    with pytest.raises(ForgeError, match=r"points to http://127\.0\.0\.1") as caught:
        reach().forge.pull_request(pull.number).reviews()
    assert "the token is not sent there" in caught.value.mend
    assert seen == []


def test_a_redirect_elsewhere_is_refused_and_never_followed(
    github: Double, reach: Callable[..., Opened], stranger: tuple[str, list[str]]
) -> None:
    address, seen = stranger
    github.moved[PULL] = f"{address}/repositories/1/pulls/101"
    with pytest.raises(ForgeError, match="points to"):
        reach().forge.pull_request(101)
    assert seen == []


def test_an_address_that_only_starts_like_the_api_is_another(
    github: Double, reach: Callable[..., Opened]
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.links["/reviews"] = f"{github.url}@127.0.0.1:1/reviews"
    with pytest.raises(ForgeError, match="points to"):
        reach().forge.pull_request(pull.number).reviews()


def test_a_renamed_repository_is_followed_on_the_same_host(
    github: Double, reach: Callable[..., Opened]
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.moved[PULL] = f"{github.url}/repos/acme/streams/pulls/{pull.number}"
    assert reach().forge.pull_request(pull.number).facts.head == pull.head


def test_a_circle_of_pages_ends(github: Double, reach: Callable[..., Opened]) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    again = f"/repos/acme/streams/pulls/{pull.number}/reviews"
    github.links["/reviews"] = github.url + again
    patience = Patience(tries=1, requests=20)
    with pytest.raises(ForgeError, match="more than 20 requests"):
        reach(patience=patience).forge.pull_request(pull.number).reviews()
    assert len(github.asked) == 20


@pytest.mark.parametrize("trouble", [500, 502, 503, 504, "truncated", "reset", "html", "slow"])
def test_trouble_that_passes_is_waited_for(
    github: Double, reach: Callable[..., Opened], trouble: Trouble
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.faults.plan("GET", PULL, trouble)
    opened = reach(patience=Patience(read=0.3 if trouble == "slow" else 5, pause=0))
    assert opened.forge.pull_request(pull.number).facts.head == pull.head
    assert len(opened.waits) == 1


@pytest.mark.parametrize("trouble", [502, "truncated", "reset", "html"])
def test_trouble_that_stays_is_an_error(
    github: Double, reach: Callable[..., Opened], trouble: Trouble
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.faults.plan("GET", PULL, *[trouble] * 9)
    with pytest.raises(ForgeError):
        reach().forge.pull_request(pull.number)
    assert github.count("GET", PULL) == QUICK.tries


def test_a_short_rate_limit_is_waited_for(github: Double, reach: Callable[..., Opened]) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.faults.plan("GET", PULL, "rate limit", "retry after")
    opened = reach()
    assert opened.forge.pull_request(pull.number).facts.number == pull.number
    assert len(opened.waits) == 2


def test_a_long_rate_limit_is_an_error_at_once(
    github: Double, reach: Callable[..., Opened]
) -> None:
    github.faults.plan("GET", PULL, "long rate limit")
    opened = reach()
    with pytest.raises(ForgeError, match="limits how often") as caught:
        opened.forge.pull_request(101)
    assert caught.value.mend == "run it again in 51 minutes"
    assert opened.waits == []


def test_a_status_that_was_refused_for_the_rate_is_sent_again(
    github: Double, reach: Callable[..., Opened]
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    github.faults.plan("POST", "/statuses/{sha}", "rate limit", 502)
    opened = reach().forge.pull_request(pull.number)
    opened.set_status("gate", "pending", "waits", "")
    assert [status.state for status in github.world.statuses] == ["pending"]


@pytest.mark.parametrize(
    ("status", "headers", "text", "seconds"),
    [
        (200, {}, "", None),
        (403, {}, "Resource not accessible by integration", None),
        (403, {"retry-after": "7"}, "", 7),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, "", 31),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "900"}, "", 1),
        (403, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1030"}, "", None),
        (403, {}, "You have exceeded a secondary rate limit", 60),
        (429, {}, "", 60),
        (429, {"retry-after": "soon"}, "", 60),
    ],
)
def test_rate_limits(
    status: int, headers: dict[str, str], text: str, seconds: float | None
) -> None:
    assert rate_limit(status, headers, text, now=1000.0) == seconds


def test_a_netrc_does_not_replace_the_token(
    github: Double,
    reach: Callable[..., Opened],
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:
        file.write("machine 127.0.0.1 login thief password secret\n")
    monkeypatch.setenv("NETRC", netrc)
    pull = github.world.open("ann", "topic", {"a": "1"})
    assert reach().forge.pull_request(pull.number).facts.number == pull.number


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    github: Double, reach: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    pull = github.world.open("ann", "topic", {"a": "1"})
    assert reach().forge.pull_request(pull.number).facts.number == pull.number


def test_a_refused_token_says_what_to_give(reach: Callable[..., Opened]) -> None:
    with pytest.raises(ForgeError, match=r"answers 401 .* Bad credentials") as caught:
        reach("ghs_wrong").forge.pull_request(101)
    assert "'github-token'" in caught.value.mend


def test_errors_never_show_the_token(github: Double, reach: Callable[..., Opened]) -> None:
    opened = reach()
    github.faults.plan("GET", PULL, "reset", "reset", "reset")
    with pytest.raises(ForgeError) as caught:
        opened.forge.pull_request(101)
    shown = f"{caught.value} {caught.value.mend} {opened.environment!r}"
    assert opened.environment.token not in shown


def test_an_answer_of_another_shape_is_an_error(
    github: Double, reach: Callable[..., Opened]
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    pull.head = "HEAD"
    with pytest.raises(ForgeError, match=r"cannot be read at 'head\.sha'"):
        reach().forge.open()


def test_a_path_cannot_be_climbed(reach: Callable[..., Opened]) -> None:
    client = reach().forge.client
    with pytest.raises(ForgeError, match="no name of GitHub's"):
        client.get(Pull, "repos", "..", "user")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"GITHUB_REPOSITORY": "acme"}, "no 'owner/name'"),
        ({"GITHUB_REPOSITORY": "acme/.."}, "no 'owner/name'"),
        ({"GITHUB_REPOSITORY": "acme/a/b"}, "no 'owner/name'"),
        ({"GITHUB_API_URL": "http://api.github.com"}, "no https address"),
        ({"GITHUB_API_URL": "https://api.github.com@evil.example"}, "no https address"),
        ({"GITHUB_API_URL": "https://api.github.com/?x="}, "no https address"),
        ({"GITHUB_SERVER_URL": "file:///etc"}, "no https address"),
        ({"GITHUB_TOKEN": ""}, "no token"),
        ({"GITHUB_TOKEN": "a\r\nHost: evil"}, "a space or a line break"),
        ({"CDK_STREAM_GITHUB_APP": "x]["}, "no slug"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(
    variables: dict[str, str], message: str
) -> None:
    fine = {"GITHUB_REPOSITORY": "acme/streams", "GITHUB_TOKEN": "ghs_x"}
    assert read_environment(fine)
    with pytest.raises(ForgeError, match=message):
        read_environment({**fine, **variables})


def test_outside_of_github_there_is_no_forge() -> None:
    assert read_environment({"GITHUB_TOKEN": "ghp_x"}) is None


@pytest.mark.parametrize(
    ("without", "proxy"),
    [("", "http://proxy:3128"), ("github.com", ""), (".example, api.github.com", ""),
     ("hub.com", "http://proxy:3128")],
)  # fmt: skip
def test_the_proxy_of_the_runner_is_used_for_https(without: str, proxy: str) -> None:
    environment = read_environment(
        {
            "GITHUB_REPOSITORY": "acme/streams",
            "GITHUB_TOKEN": "ghs_x",
            "HTTPS_PROXY": "http://proxy:3128",
            "no_proxy": without,
        }
    )
    assert environment and environment.proxy == proxy
