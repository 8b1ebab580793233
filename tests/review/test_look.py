"""The comment in a real browser: it fits, it is drawn, and it can be read in light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.report.comment import Page, render
from cdk_stream.report.frame import Frame
from cdk_stream.workflow.check import check
from tests.core.advise.pull_request import opened
from tests.core.advise.test_migrations import LESS
from tests.core.report.test_comment import impact, verdict
from tests.core.report.test_comment_hostile import WORSE, hostile, votes
from tests.review.look import LEFT_OUT, NARROW, WIDE, Browser, browser, measured


@pytest.fixture(scope="module")
def chromium() -> Browser:
    found = browser()
    if found is None:
        pytest.skip(LEFT_OUT)
    return found


@pytest.fixture(scope="module")
def comment(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a pull request of the fraud project is told."""
    return render(check(opened(tmp_path_factory.mktemp("demo"), *LESS), "main"), Frame())


def fine(told: dict[str, Any]) -> None:
    assert told["overflow"] == []
    assert told["mermaid"] == []
    assert told["contrast"] == []
    assert told["links"] == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_fits_and_can_be_read(chromium: Browser, comment: str, width: int, dark: bool) -> None:
    told = measured(chromium, comment, dark=dark, width=width)
    fine(told)
    assert told["drawn"] == 5


def test_what_projects_say_stays_in_its_label(chromium: Browser) -> None:
    """Every hostile name in one drawing: as many nodes as there are names, each with its text."""
    names = [word for word in WORSE if len(word) < 50 and word.isprintable()]
    found = verdict(*(impact(name, "team-a") for name in names))
    told = measured(chromium, render(found, Frame()))
    fine(told)
    assert told["drawn"] == len(names) + 1
    labels = [label.replace("\u200b", "") for label in told["labels"]]
    for name in names:
        assert any(label.startswith(name) for label in labels), name


@pytest.mark.parametrize("word", ["x" * 500, "<img src=x onerror=alert(1)>", "a b " * 100])
def test_long_and_hostile_words_fit(chromium: Browser, word: str) -> None:
    text = render(hostile(word), Frame(), Page(votes(word)))
    fine(measured(chromium, text, width=NARROW))
