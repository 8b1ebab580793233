"""What the comment says first, what it folds, and when there is one at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.report.comment import Page, marker, post, render
from cdk_stream.report.comment.drawing import NODES
from cdk_stream.report.comment.page import MAX_CHARACTERS, SUMMARY_CHARACTERS
from cdk_stream.report.frame import Frame
from cdk_stream.results.affected import Affected
from cdk_stream.results.approval import (
    Approvals,
    BrokenGlass,
    Gate,
    Reason,
    Requirement,
    Standing,
    Vote,
)
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import AtRisk, Impact, Spared
from cdk_stream.results.migration import Migration, Move, Step
from cdk_stream.results.verdict import LocatedDecision, Verdict

GONE = Aspect("COLUMN_REMOVED", "breaking", "schema", "column 'status' is removed", "status")
CHANGE = Change("model.clean", "modified", "breaking", (GONE,), "models/clean.yml", "/models/0")


def impact(name: str, owner: str = "team-a", **more: object) -> Impact:
    path = ("model.clean", f"exposure.{name}")
    kept = Impact(
        f"exposure.{name}", owner, "application", "", "breaking", ("model.clean",), path,
        ("model.clean: column 'status' is removed",), ("model.clean.status",),
        (AtRisk("sla.max_error_rate: 0.1", "column 'status' is removed"),), "", (path,),
    )  # fmt: skip
    return replace(kept, **more)  # type: ignore[arg-type]


def verdict(*impacts: Impact, **more: object) -> Verdict:
    asks = tuple(
        LocatedDecision(
            Decision("exposure_approval", "require_approval", "must approve", one.exposure,
                     approvers=(one.owner,), severity=Severity.WARNING),
            Location("exposures/a.yml", 1),
        )
        for one in impacts
    )  # fmt: skip
    nodes = ("model.clean", *(one.exposure for one in impacts))
    kept = Verdict(
        "fraud",
        decisions=asks,
        changes=(CHANGE,) if impacts else (),
        impacts=impacts,
        base="commit 1a2b3c4",
        head="commit 5d6e7f8",
        policies=("exposure_approval",),
        affected=Affected(nodes, tuple(("model.clean", one.exposure) for one in impacts)),
    )
    return replace(kept, **more)  # type: ignore[arg-type]


def standing(owner: str, *approvals: str, **more: object) -> Standing:
    votes = tuple(Vote(login, 1, "APPROVED", "5d6e7f8", "2026-01-01") for login in approvals)
    need = Requirement(owner, (Reason("exposure", "p", "m", "exposure.app"),), ("dana",))
    return replace(Standing(need, votes), **more)  # type: ignore[arg-type]


def title(text: str) -> str:
    assert text.split("\n", maxsplit=1)[0] == marker("fraud")
    return text.split("\n")[2]


def shown(found: Verdict, page: Page | None = None) -> str:
    return render(found, Frame(), page)


BOB = Vote("bob", 2, "APPROVED", "0000000", "2026-01-01", why_not="it is for an older commit")
STATES = {
    "waits": (Gate("pending", "team-a is missing"), (standing("team-a"),),
              "waits for the approval of `team-a`"),
    "agreed": (Gate("success", "ok"), (standing("team-a", "dana"),),
               "passed, everybody has agreed"),
    "blocked": (Gate("failure", "dana asks for changes"),
                (standing("team-a", blocked_by=(BOB,)),), "refused: dana asks for changes"),
    "unknown": (Gate("error", "the forge does not answer"),
                (standing("team-a", problem="no such team"),),
                "nobody can say: the forge does not answer"),
    "broken": (Gate("success", "broken glass"), (standing("team-a"),),
               "passed behind broken glass"),
    "draft": (Gate("pending", "it is a draft"), (standing("team-a", "dana"),),
              "not yet: it is a draft"),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_the_title_is_the_decision(state: str) -> None:
    gate, standings, words = STATES[state]
    glass = BrokenGlass("dana", 1, "5d6e7f8", "2026-01-01", "an outage")
    approvals = Approvals(gate, standings, broken_glass=glass if state == "broken" else None)
    text = shown(verdict(impact("app")), Page(approvals))
    assert title(text) == f"## `fraud`: {words}"
    assert "Commit 5d6e7f8, compared with commit 1a2b3c4: 1 change, 1 exposure hit." in text


def test_what_was_let_pass_and_what_holds_it_is_told() -> None:
    approvals = Approvals(
        Gate("success", "x"),
        frozen=("'summer' until 2026-09-01",),
        broken_glass=BrokenGlass("dana", 1, "5d6e7f8", "2026-01-01", "an outage"),
        overridden=("the approval of 'team-a'",),
    )
    text = shown(verdict(impact("app")), Page(approvals))
    assert "- **Broken glass** by `dana`: an outage. Let pass: the approval of `team-a`." in text
    assert "- **Frozen**: `summer` until 2026-09-01" in text


def test_without_a_forge_the_owners_are_named() -> None:
    text = shown(verdict(impact("app"), impact("other", "team-b")))
    assert title(text) == "## `fraud`: needs the approval of `team-a`, `team-b`"


def test_errors_come_before_everything_else() -> None:
    wrong = Problem(Location("models/a.yml", 3), "CS411", "no column 'x'", "write y")
    text = shown(verdict(impact("app"), problems=(wrong,)))
    assert title(text) == "## `fraud`: refused, 1 error to mend first"
    assert text.index("### 1 error") < text.index("| owner |")


TWO = Requirement("team-a", (Reason("exposure", "p", "m", "exposure.app"),), ("dana",), (), 2)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (standing("team-a", "dana"), "approved by `dana`"),
        (standing("team-a"), "**missing**"),
        (standing("team-a", blocked_by=(BOB,)), "refused by `bob`"),
        (standing("team-a", problem="no such team"), "nobody can say: no such team"),
        (standing("team-a", discounted=(BOB,)),
         "**missing**<br>`bob` does not count: it is for an older commit"),
        (standing("team-a", "dana", requirement=TWO),
         "approved by `dana`<br>**1 of 2 missing**"),
    ],
)  # fmt: skip
def test_each_owner_is_told_how_far_they_are(one: Standing, told: str) -> None:
    text = shown(verdict(impact("app")), Page(Approvals(Gate("pending", "x"), (one,))))
    (row,) = [line for line in text.split("\n") if line.startswith("| `team-a`")]
    assert row.split(" | ")[3] == told
    assert row.split(" | ")[0] == "| `team-a`<br>`dana`"


def test_owners_of_the_project_are_asked_in_the_same_table() -> None:
    need = Requirement("platform", (Reason("governance", "g", "policies/a.rego differs"),))
    text = shown(verdict(), Page(Approvals(Gate("pending", "x"), (Standing(need),))))
    assert "| `platform` | none |   | **missing** | policies/a.rego differs |" in text


def test_exposures_that_are_hit_alike_are_told_once() -> None:
    text = shown(verdict(*(impact(f"app{at}") for at in range(4))))
    assert text.count("| `team-a` |") == 1
    assert text.count("<summary><code>app0</code>") == 1
    assert "`app0` (application)<br>`app1` (application)" in text


def test_steps_are_where_they_are_needed() -> None:
    step = Step("read the new one", "set", "exposures/a.yml", "exposures: []\n")
    way = Migration(
        "model.clean", "new_version", "a new version of 'clean'", "nobody is cut off",
        (Step("write it", "file", "models/clean_v2.yml", "models: []\n"),),
        (Move("exposure.app", (step,)),),
    )  # fmt: skip
    text = shown(verdict(impact("app"), migrations=(way,)))
    reader, author = text.split("<summary>Steps for the author: a new version of")
    assert "read the new one (set in `exposures/a.yml`)\n\n```yaml\nexposures: []\n```" in reader
    assert "1. Write it (in the new file `models/clean_v2.yml`)\n\n```yaml\nmodels: []" in author
    assert "there are steps for `clean` below" in text


def test_who_is_spared_is_told_why() -> None:
    spared = (Spared("exposure.other", "model.clean", "it reads nothing made of 'status'"),)
    text = shown(verdict(impact("app"), spared=spared))
    assert "<summary>1 exposure downstream not bothered</summary>" in text
    assert "| `other` | `clean` | it reads nothing made of `status` |" in text


def many(count: int, *, alike: bool = False, long: int = 20) -> Verdict:
    word = "x" * long
    return verdict(
        *(
            impact(
                f"{word}{at}", "team-a" if alike else f"team-{at}",
                reasons=(f"model.clean: {word} {0 if alike else at}",) * 3,
            )
            for at in range(count)
        )
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 40, 400, 1500])
@pytest.mark.parametrize("limit", [MAX_CHARACTERS, SUMMARY_CHARACTERS])
def test_what_is_folded_is_counted(count: int, limit: int) -> None:
    text = shown(many(count), Page(limit=limit))
    assert len(text) <= limit and len(text.encode()) <= 900 * 1024
    rows = len(re.findall(r"^\| `team-\d+`", text, re.MULTILINE))
    more = re.search(r"\.\.\. and (\d+) more rows; (\d+) exposures hit", text)
    assert rows + int(more[1] if more else 0) == count
    details = len(re.findall(r"^<summary><code>x+\d+</code>", text, re.MULTILINE))
    parts = re.search(r"\.\.\. and (\d+) more parts? with details", text)
    assert details + int(parts[1] if parts else 0) == count
    assert f"{count} exposure" in text
    assert text.count("<details>") == text.count("</details>")


def test_owners_stay_when_everything_else_goes() -> None:
    text = shown(many(400, long=300))
    assert len(text) <= MAX_CHARACTERS
    listed = title(text)
    named, more = len(re.findall(r"`team-\d+`", listed)), re.search(r"and (\d+) more owner", listed)
    assert named + int(more[1] if more else 0) == 400


def test_a_large_group_is_one_row() -> None:
    text = shown(many(3000, alike=True))
    assert text.count("| `team-a` |") == 1 and "and 2994 more" in text


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 300), st.integers(1, 400), st.integers(0, 300), st.integers(2_000, 60_000))
def test_it_always_fits(impacts: int, long: int, problems: int, limit: int) -> None:
    wrong = tuple(
        Problem(Location(f"models/{at}.yml", 1), "CS411", "y" * long) for at in range(problems)
    )
    found = replace(many(impacts, long=long), problems=wrong)
    text = shown(found, Page(limit=limit))
    assert len(text) <= limit
    assert text.startswith(marker("fraud"))
    assert text.count("<details>") == text.count("</details>")
    assert text == shown(found, Page(limit=limit))


@pytest.mark.parametrize("count", [1, 30, 300])
def test_a_drawing_says_what_it_leaves_out(count: int) -> None:
    text = shown(verdict(*(impact(f"app{at}") for at in range(count))))
    drawn = len(re.findall(r"^  n\d+[\[(]", text, re.MULTILINE))
    more = re.search(r"(\d+) more nodes not drawn", text)
    assert drawn <= NODES
    assert drawn + int(more[1] if more else 0) == count + 1


QUIET = verdict(changes=(Change("model.x", "modified", "safe", (), "models/x.yml", ""),))
ERROR = replace(QUIET, problems=(Problem(Location("a.yml"), "CS101", "x"),))
ASKED = Approvals(Gate("pending", "x"), (standing("platform"),))


@pytest.mark.parametrize(
    ("found", "page", "on_impact"),
    [
        (QUIET, Page(), False),
        (QUIET, Page(Approvals(Gate("success", "fine"))), False),
        (QUIET, Page(ASKED), True),
        (QUIET, Page(Approvals(Gate("error", "no answer"))), True),
        (ERROR, Page(), True),
        (verdict(impact("app")), Page(), True),
    ],
)
def test_nothing_is_posted_when_nothing_is_hit(found: Verdict, page: Page, on_impact: bool) -> None:
    assert (post(found, Frame(), page) is not None) is on_impact
    assert post(found, Frame(), page, "always") == render(found, Frame(), page)
    assert post(found, Frame(), page, "off") is None


def test_denials_come_before_owners_and_warnings_after() -> None:
    place = Location("models/a.yml", 1)
    denies = LocatedDecision(Decision("residency", "deny", "it leaves the EU"), place)
    warns = LocatedDecision(
        Decision("naming", "warn", "it has no name", severity=Severity.WARNING), place
    )
    asked = verdict(impact("app"))
    for one, first in ((denies, "### Policies: 1 denial"), (warns, "| owner |")):
        text = shown(replace(asked, decisions=(*asked.decisions, one)))
        both = sorted((text.index("### Policies"), text.index("| owner |")))
        assert text.index(first) == both[0]


def test_names_in_messages_are_code() -> None:
    wrong = Problem(Location("a.yml", 1), "CS1", "no 'model.x' here", "write `key: a` there")
    text = shown(verdict(problems=(wrong,)))
    assert "no `x` here | write `key: a` there |" in text
