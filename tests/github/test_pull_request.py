"""The facts of a pull request: whole, of the right people, or an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdk_stream.plugin.forge import Account, ForgeError
from cdk_stream_github.errors import permissions
from cdk_stream_github.forge import GitHub
from tests.github.conftest import Opened
from tests.github.double.server import Double
from tests.github.double.world import PullRequest, Token

MEMBERSHIP = "/memberships/{username}"


@pytest.fixture
def pull(github: Double) -> PullRequest:
    return github.world.open("ann", "topic", {"a": "1"}, title="Add a")


def test_facts(github: Double, forge: GitHub, pull: PullRequest) -> None:
    facts = forge.pull_request(pull.number).facts
    assert (facts.head, facts.base, facts.base_ref) == (pull.head, pull.base, "main")
    assert (facts.author, facts.title) == (Account("ann"), "Add a")
    assert (facts.state, facts.draft, facts.fork, facts.merge_commit) == ("open", False, False, "")
    assert facts.url == f"{github.url}/acme/streams/pull/{pull.number}"


def test_the_base_is_the_tip_of_its_branch_now(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    """GitHub still tells the one of the last push: older rules would be asked."""
    opened = forge.pull_request(pull.number)
    tip = github.world.push("main", {"policies/new.rego": "x"})
    assert opened.refresh().base == tip != opened.facts.base


def test_a_base_branch_that_is_gone_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    pull.base_ref = "gone/away"
    with pytest.raises(ForgeError, match=r"404 to GET .*/branches/gone%2Faway"):
        forge.pull_request(pull.number)


def test_a_fork_is_one_also_after_it_was_deleted(github: Double, forge: GitHub) -> None:
    fork = github.world.open("eve", "topic", {"a": "1"}, fork=True)
    assert forge.pull_request(fork.number).facts.fork
    fork.fork = None
    assert forge.pull_request(fork.number).facts.fork


def test_a_deleted_author_is_nobody(github: Double, forge: GitHub, pull: PullRequest) -> None:
    pull.author = None
    assert forge.pull_request(pull.number).facts.author is None


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merged_one_tells_its_commit_and_is_found_by_it(
    github: Double, forge: GitHub, pull: PullRequest, method: str
) -> None:
    github.world.add(pull, {"b": "2"})
    commit = github.world.merge(pull, method)
    facts = forge.pull_request(pull.number).facts
    assert (facts.state, facts.merge_commit, facts.head) == ("merged", commit, pull.head)
    assert [found.facts.number for found in forge.merged_as(commit)] == [pull.number]


def test_an_open_one_has_not_brought_its_commit(forge: GitHub, pull: PullRequest) -> None:
    assert forge.merged_as(pull.head) == []


def test_all_open_ones_with_a_head_are_found(github: Double, forge: GitHub) -> None:
    world = github.world
    pulls = [world.open("eve", f"topic-{n}", {"a": str(n)}, fork=True) for n in range(3)]
    world.move(pulls[2], pulls[0].head)
    closed = world.open("eve", "old", {"a": "1"})
    world.move(closed, pulls[0].head)
    closed.state = "closed"
    found = forge.open_with_head(pulls[0].head)
    assert [each.facts.number for each in found] == [pulls[0].number, pulls[2].number]


def test_open_ones_over_many_pages(github: Double, forge: GitHub) -> None:
    first = github.world.open("ann", "topic", {"a": "1"})
    for number in range(1000, 1150):
        github.world.pulls[number] = PullRequest(
            number, "ann", "x", "main", first.base, first.head, "t"
        )
    assert len(forge.open_with_head(first.head)) == 151
    assert github.count("GET", "/pulls") == 2


def test_reviews_in_order_with_deleted_and_unfinished_ones(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    github.world.review(pull, "bea", "APPROVED", body="fine")
    github.world.review(pull, None, "APPROVED")
    github.world.review(pull, "github-actions[bot]", "APPROVED")
    github.world.review(pull, "cem", "PENDING", commit=None)
    reviews = forge.pull_request(pull.number).reviews()
    assert [(review.author and review.author.login, review.state) for review in reviews] == [
        ("bea", "APPROVED"),
        (None, "APPROVED"),
        ("github-actions[bot]", "APPROVED"),
        ("cem", "PENDING"),
    ]
    assert [review.author and review.author.bot for review in reviews] == [
        False, None, True, False,
    ]  # fmt: skip
    assert (reviews[0].commit, reviews[0].text) == (pull.head, "fine")
    assert (reviews[3].commit, reviews[3].submitted) == ("", None)


def test_the_decisive_review_may_be_on_the_second_page(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    for _ in range(100):
        github.world.review(pull, "tom", "COMMENTED")
    github.world.review(pull, "bea", "CHANGES_REQUESTED")
    assert forge.pull_request(pull.number).reviews()[-1].state == "CHANGES_REQUESTED"


@pytest.mark.parametrize("trouble", [500, 404, "reset", "truncated"])
def test_half_a_list_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest, trouble: int
) -> None:
    for _ in range(101):
        github.world.review(pull, "bea", "APPROVED")
    github.faults.plan("GET", "/reviews", *[trouble] * 9, page=2)
    with pytest.raises(ForgeError):
        forge.pull_request(pull.number).reviews()


def test_who_wrote_it(github: Double, forge: GitHub, pull: PullRequest) -> None:
    world = github.world
    world.add(pull, {"b": "2"}, "bea")
    world.add(pull, {"c": "3"}, "ann", "With help\n\nCo-Authored-By: C <77+Cem@users.noreply.x>")
    world.git.commit({}, (pull.head,), "x", world.address("ann"))
    commit = world.git.commit(
        {"d": "4"}, (pull.head,), "Applied", world.address("ann"), world.address("mia")
    )
    world.move(pull, commit)
    assert forge.pull_request(pull.number).contributors() == {"ann", "bea", "cem", "mia"}


def test_a_co_author_of_any_account_is_named(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    message = "X\n\nCo-authored-by: B <dependabot[bot]@users.noreply.github.com>"
    github.world.add(pull, {"b": "2"}, "ann", message)
    assert "dependabot[bot]" in forge.pull_request(pull.number).contributors()


def test_more_commits_than_github_lists_are_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    git, head = github.world.git, pull.head
    tree = git.tree(head)
    for number in range(250):
        head = git.commit_tree(tree, (head,), str(number), github.world.address("ann"))
    github.world.move(pull, head)
    with pytest.raises(ForgeError, match="has 251 commits") as caught:
        forge.pull_request(pull.number).contributors()
    assert caught.value.mend == "squash its commits, or split it"


def test_a_push_between_two_questions_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    opened = forge.pull_request(pull.number)
    github.faults.before("GET", "/commits", lambda: _replace_head(github, pull))
    with pytest.raises(ForgeError, match=r"commits of pull request .*, or others") as caught:
        opened.contributors()
    assert "run it again" in caught.value.mend


def _replace_head(github: Double, pull: PullRequest) -> None:
    git = github.world.git
    head = git.commit({"evil": "1"}, (pull.base,), "Evil", github.world.address("eve"))
    github.world.move(pull, head)


def test_refresh_tells_a_push_and_keeps_the_facts(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    opened = forge.pull_request(pull.number)
    old = pull.head
    github.world.add(pull, {"b": "2"})
    assert (opened.refresh().head, opened.facts.head) == (pull.head, old)


def test_a_status_goes_to_the_commit_that_was_judged(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    opened = forge.pull_request(pull.number)
    old = pull.head
    github.faults.before("POST", "/statuses/{sha}", lambda: _replace_head(github, pull))
    opened.set_status("cdk-stream/approval (main)", "success", "fine", "")
    assert [status.commit for status in github.world.statuses] == [old]
    assert github.world.last_status(pull.head, "cdk-stream/approval (main)") is None


def test_the_words_of_a_status_fit_and_are_one_line(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    opened = forge.pull_request(pull.number)
    opened.set_status("gate", "failure", "no\nway " * 50, "javascript:alert(1)")
    (status,) = github.world.statuses
    assert len(status.description) == 140 and "\n" not in status.description
    assert status.url is None


@pytest.mark.parametrize(
    ("login", "permission"),
    [("bea", "write"), ("BEA", "write"), ("mia", "maintain"), ("tom", "triage"), ("eve", "read"),
     ("nobody-at-all", "none")],
)  # fmt: skip
def test_permissions(forge: GitHub, pull: PullRequest, login: str, permission: str) -> None:
    assert forge.pull_request(pull.number).permission(login) == permission


def test_a_permission_that_cannot_be_asked_for_is_an_error(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    github.faults.plan("GET", "/permission", 403)
    with pytest.raises(ForgeError, match="403"):
        forge.pull_request(pull.number).permission("bea")


def test_a_custom_role_counts_as_what_it_is_built_on(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    github.world.person("zoe", "none").permission = "none"
    assert forge.pull_request(pull.number).permission("zoe") == "none"


@pytest.fixture
def app(github: Double, reach: Callable[..., Opened]) -> GitHub:
    """With the token of a GitHub App that reads the organisation."""
    github.world.person("stream-bot[bot]", "write", bot=True)
    github.world.tokens["ghs_app"] = Token("stream-bot[bot]", organisation=True)
    github.world.teams["fraud"] = {"bea": "active", "cem": "pending"}
    return reach("ghs_app").forge


@pytest.mark.parametrize(
    ("login", "member"), [("bea", True), ("Bea", True), ("cem", False), ("ann", False)]
)
def test_only_active_members_are_members(
    app: GitHub, pull: PullRequest, login: str, member: bool
) -> None:
    assert app.pull_request(pull.number).is_member("acme/fraud", login) is member


def test_a_member_who_left_is_none_in_the_next_run(
    github: Double, app: GitHub, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    assert app.pull_request(pull.number).is_member("acme/fraud", "bea")
    del github.world.teams["fraud"]["bea"]
    assert not reach("ghs_app").forge.pull_request(pull.number).is_member("acme/fraud", "bea")


@pytest.mark.parametrize("team", ["acme/gone", "other/fraud"])
def test_a_team_that_is_gone_is_an_error(app: GitHub, pull: PullRequest, team: str) -> None:
    with pytest.raises(ForgeError, match=f"'{team}' is unknown, or the token may not read it"):
        app.pull_request(pull.number).is_member(team, "bea")


def test_the_token_of_a_workflow_reads_no_teams(
    github: Double, forge: GitHub, pull: PullRequest
) -> None:
    github.world.teams["fraud"] = {"bea": "active"}
    with pytest.raises(ForgeError, match="may not read it") as caught:
        forge.pull_request(pull.number).is_member("acme/fraud", "bea")
    assert "'members: read'" in caught.value.mend and "GitHub App" in caught.value.mend


@pytest.mark.parametrize("trouble", [403, 500])
def test_a_membership_that_cannot_be_read_is_an_error(
    github: Double, app: GitHub, pull: PullRequest, trouble: int
) -> None:
    github.faults.plan("GET", MEMBERSHIP, *[trouble] * 9)
    with pytest.raises(ForgeError):
        app.pull_request(pull.number).is_member("acme/fraud", "ann")


@pytest.mark.parametrize("team", ["fraud", "acme/", "/fraud", "acme/fraud/../admins", ""])
def test_what_is_no_team_is_an_error(app: GitHub, pull: PullRequest, team: str) -> None:
    with pytest.raises(ForgeError, match="no team"):
        app.pull_request(pull.number).is_member(team, "bea")


def test_a_team_and_a_member_are_asked_for_once(
    github: Double, app: GitHub, pull: PullRequest
) -> None:
    opened = app.pull_request(pull.number)
    for _ in range(3):
        opened.is_member("acme/fraud", "ann")
        opened.is_member("acme/fraud", "bea")
        opened.permission("bea")
    assert github.count("GET", MEMBERSHIP) == 2
    assert github.count("GET", "/teams/{team_slug}") == 1
    assert github.count("GET", "/permission") == 1


def test_reviewers_are_asked_one_by_one(github: Double, app: GitHub, pull: PullRequest) -> None:
    refused = app.pull_request(pull.number).request_reviews(
        ["ann", "bea", "ghost", "acme/fraud", "acme/gone", "other/team", "cem"]
    )
    assert pull.reviewers == ["bea", "cem"] and pull.teams == ["fraud"]
    assert set(refused) == {"ann", "ghost", "acme/gone", "other/team"}
    assert "Review cannot be requested from pull request author" in refused["ann"]
    assert refused["other/team"] == "the team is not of acme"


def test_who_is_asked_already_is_not_asked_again(
    github: Double, app: GitHub, pull: PullRequest
) -> None:
    app.pull_request(pull.number).request_reviews(["bea", "acme/fraud"])
    again = app.pull_request(pull.number)
    assert again.facts.requested == ("bea", "acme/fraud")
    assert again.request_reviews(["Bea", "acme/Fraud"]) == {}
    assert github.count("POST", "/requested_reviewers") == 2


def test_a_missing_permission_is_named(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    github.world.tokens["ghs_fork"] = Token("github-actions[bot]", permissions=frozenset())
    opened = reach("ghs_fork").forge.pull_request(pull.number)
    with pytest.raises(ForgeError, match=r"403 .* not accessible by integration") as caught:
        opened.set_status("gate", "success", "", "")
    assert caught.value.mend == "give the token 'statuses: write'"
    assert "'pull-requests: write'" in _mend_of_comment(opened)


def _mend_of_comment(opened: object) -> str:
    with pytest.raises(ForgeError) as caught:
        opened.put_comment("<!-- m -->", "<!-- m -->\nhello")  # type: ignore[attr-defined]
    return caught.value.mend


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", ""),
        ("statuses=write", "'statuses: write'"),
        ("issues=write; pull_requests=write", "'issues: write' or 'pull-requests: write'"),
        ("contents=read,statuses=write", "'contents: read' and 'statuses: write'"),
        ("garbage", ""),
    ],
)
def test_permissions_as_a_workflow_spells_them(header: str, words: str) -> None:
    assert permissions(header) == words


@pytest.mark.parametrize(
    ("body", "edited_at", "edited", "asked"),
    [
        ("break-glass: it burns", None, False, 1),
        ("Break-Glass: it burns", "2026-01-06T00:10:00Z", True, 1),
        ("looks good", None, True, 0),
    ],
)
def test_only_an_untouched_text_is_its_authors_own(
    github: Double, forge: GitHub, pull: PullRequest, body: str, edited_at: str | None,
    edited: bool, asked: int,
) -> None:  # fmt: skip
    given = github.world.review(pull, "bea", body=body)
    given["edited_at"] = edited_at

    (review,) = forge.pull_request(pull.number).reviews()

    assert (review.text, review.edited) == (body, edited)
    assert github.count("POST", "graphql") == asked


def test_a_text_that_github_tells_nothing_of_counts_as_edited(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    github.world.review(pull, "bea", body="break-glass: it burns")
    found = reach().forge.pull_request(pull.number)
    github.world.silent.add("graphql")

    assert [one.edited for one in found.reviews()] == [True]


def test_an_enterprise_server_is_asked_at_its_own_addresses(
    github: Double, reach: Callable[..., Opened], pull: PullRequest
) -> None:
    github.world.review(pull, "bea", "APPROVED", body="break-glass: INC-812")
    forge = reach(GITHUB_API_URL=f"{github.url}/api/v3").forge
    (review,) = forge.pull_request(pull.number).reviews()
    assert review.edited is False
    assert github.count("POST", "graphql") == 1
