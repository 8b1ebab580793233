"""`codeowners` in a real repository, and what `review` does without a forge or with a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.cli.review import fail, tell
from cdk_stream.report.comment import marker
from tests.core.review.conftest import BROKEN_MODEL, PROJECT, World

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(world.root)
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return world.root / ".github" / "CODEOWNERS"


BLOCK = """\
# cdk-stream: begin shop
/.github/** @pia
CODEOWNERS @pia
action.yml @pia
action.yaml @pia
.pre-commit* @pia
/hooks/** @pia
/.githooks/** @pia
/stream_project.yml @pia
/waivers.yml @pia
/policies/** @pia
# cdk-stream: end shop
"""


def test_codeowners_is_written_and_fits(here: Path) -> None:
    assert main(["codeowners", "--check"]) == 1
    assert not here.exists()
    assert main(["codeowners"]) == 0
    assert here.read_text(encoding="utf-8") == BLOCK
    assert main(["codeowners", "--check"]) == 0


def test_lines_of_others_stay_and_ours_come_last(here: Path, world: World) -> None:
    here.parent.mkdir()
    here.write_text("* @mia\n# mine\n/docs @bo\n", encoding="utf-8")
    assert main(["codeowners"]) == 0
    assert here.read_text(encoding="utf-8") == f"* @mia\n# mine\n/docs @bo\n\n{BLOCK}"

    world.write({"stream_project.yml": PROJECT.replace('"@pia"', '"@pia", "@acme/core"')})
    assert main(["codeowners", "--check"]) == 1
    assert main(["codeowners"]) == 0
    renewed = BLOCK.replace("@pia", "@acme/core").replace("@acme/core", "@pia @acme/core")
    assert here.read_text(encoding="utf-8") == f"* @mia\n# mine\n/docs @bo\n\n{renewed}"


def test_a_line_below_ours_wins_and_is_told(here: Path, capsys: Shown) -> None:
    assert main(["codeowners"]) == 0
    with here.open("a", encoding="utf-8") as file:
        file.write("\n/policies/ @eve\n")

    assert main(["codeowners", "--check"]) == 1
    line = len(BLOCK.splitlines()) + 2
    assert f"CODEOWNERS:{line}: this line wins over those of cdk-stream" in capsys.readouterr().out


def test_the_file_that_github_reads_is_the_one_that_is_kept(here: Path, world: World) -> None:
    world.write({"docs/CODEOWNERS": "* @mia\n"})
    assert main(["codeowners"]) == 0
    assert not here.exists()
    assert (world.root / "docs" / "CODEOWNERS").read_text(encoding="utf-8").endswith(BLOCK)


def test_a_project_below_the_top_names_its_own_files(
    here: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write({"a b/stream_project.yml": PROJECT})
    monkeypatch.chdir(world.root / "a b")
    assert main(["codeowners"]) == 0
    assert "\n/a\\ b/policies/** @pia\n" in here.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("owners: [platform]", "owners: []", "nobody owns the rules of the project"),
        ('"@pia"', "", "owner 'platform' is nobody on GitHub"),
    ],
)
def test_rules_that_nobody_owns_are_refused(
    here: Path, world: World, capsys: Shown, old: str, new: str, why: str
) -> None:
    world.write({"stream_project.yml": PROJECT.replace(old, new)})
    assert main(["codeowners"]) == 1
    assert f"CS905 {why}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--pull-request", "1"], "the environment speaks of no forge"),
        (["--pull-request", "x"], "invalid int value"),
        ([], "one of the arguments --pull-request --merged is required"),
        (["--pull-request", "1", "--keep"], "--keep is for --merged"),
        (["--pull-request", "1", "--also", "markdown"], "--also is no FORMAT=FILE"),
    ],
)
def test_a_review_that_makes_no_sense_is_a_usage(
    here: Path, capsys: Shown, arguments: list[str], told: str
) -> None:
    assert main(["review", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_the_status_is_set_last_and_the_comment_is_ours(world: World) -> None:
    change = world.open({"models/paid.yml": BROKEN_MODEL})

    tell(world.root, change, world.judge(change), "on-impact", "https://run")

    assert change.written == ["reviewers", "comment", "status"]
    assert change.statuses == {
        "cdk-stream/approval (main)": (
            "pending", "waiting for team-billing, team-shop", "https://run",
        )
    }  # fmt: skip
    assert "team-billing" in change.comments[marker("shop")]


def test_a_run_that_comes_to_nothing_leaves_no_old_success(world: World) -> None:
    change = world.open({"docs/x.md": "x"})
    tell(world.root, change, world.judge(change), "on-impact", "")
    assert change.comments == {}
    told = [state for state, _, _ in change.statuses.values()]

    fail(change, "")

    told += [state for state, _, _ in change.statuses.values()]
    assert told == ["success", "error"]
