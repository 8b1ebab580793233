"""Records are kept, read back, and tell an auditor what was decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.cli.main import main
from cdk_stream.git import find_repository
from cdk_stream.results.evidence import Record, canonical, digest, read
from cdk_stream.workflow.records import keep
from tests.core.review.conftest import BROKEN_MODEL, PROJECT, World

Shown = pytest.CaptureFixture[str]
CHANGE = {"models/paid.yml": BROKEN_MODEL}
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), PLAIN))
def test_a_record_is_read_back_as_it_was(body: dict[str, object]) -> None:
    record = Record({**body, "format": "cdk-stream/record@1", "digest_": 1})
    if "digest" not in body:
        assert read(record.content) == record


def test_equal_data_has_equal_bytes() -> None:
    assert canonical({"b": [1, 2.5], "a": {"x", "y"}}) == b'{"a":["x","y"],"b":[1,"2.5"]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"format":"cdk-stream/record@1"}', b'{"format":"other"}', b"\xff"],
)
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"it is not|its digest"):
        read(content)


@pytest.fixture
def kept(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two decisions in notes: one for all owners, one with broken glass."""
    rules = 'owners: [platform]\n  break_glass: { people: ["@dee"] }'
    world.advance({"stream_project.yml": PROJECT.replace("owners: [platform]", rules)})
    repository = find_repository(world.root)
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")
    keep(repository, world.main, world.judge(change).record)
    other = world.open({"docs/x.md": "x", **CHANGE})
    other.review("dee", text="break-glass: payments are down")
    keep(repository, world.main, world.judge(other).record)
    monkeypatch.chdir(world.root)
    world.git("checkout", "--quiet", "--detach", world.main)
    return world


def asked(capsys: Shown, *arguments: str) -> list[dict[str, object]]:
    assert main(["audit", "--format", "json", *arguments]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["decisions"]
    return found


@pytest.mark.parametrize(
    ("question", "owners"),
    [
        ([], ["team-billing", "team-shop", "team-shop", "team-billing"]),
        (["--exposure", "invoices"], ["team-billing", "team-billing"]),
        (["--exposure", "exposure.storefront"], ["team-shop", "team-shop"]),
        (["--exposure", "nothing"], []),
        (["--person", "@ANA"], ["team-shop"]),
        (["--person", "cem", "--owner", "team-billing"], ["team-billing"]),
        (["--person", "dee"], ["team-shop", "team-billing"]),
        (["--classification", "confidential", "--owner", "team-shop"], ["team-shop", "team-shop"]),
        (["--classification", "sensitive"], []),
        (["--column", "model.paid.note", "--owner", "team-shop"], ["team-shop", "team-shop"]),
        (["--column", "note", "--owner", "team-shop"], ["team-shop", "team-shop"]),
        (["--column", "id"], []),
        (["--since", "2026-03-04", "--until", "2026-03-04", "--person", "ana"], ["team-shop"]),
        (["--since", "2026-03-05"], []),
        (["--until", "2026-03-03"], []),
    ],
)
def test_an_audit_answers(
    kept: World, capsys: Shown, question: list[str], owners: list[str]
) -> None:
    assert sorted(str(one["owner"]) for one in asked(capsys, *question)) == sorted(owners)


def test_an_audit_says_who_under_what_for_which_data(kept: World, capsys: Shown) -> None:
    (one,) = asked(capsys, "--person", "cem")

    assert one["approved_by"] == [
        {
            "login": "cem", "review": 2, "commit": kept.forge.pull_requests[1].facts.head,
            "submitted": "2026-01-05T12:02:00Z", "via": "acme/billing",
        }
    ]  # fmt: skip
    assert one["columns"] == ["model.paid.note"]
    assert one["classifications"] == ["confidential", "internal"]
    assert one["base"] == kept.main
    policies = one["policies"]
    assert isinstance(policies, dict)
    assert any(path.endswith("exposure_approval.rego") for path in policies)


def test_broken_glass_is_told_afterwards(kept: World, capsys: Shown) -> None:
    assert main(["audit", "--person", "dee"]) == 0

    shown = capsys.readouterr().out
    assert "    glass broken by dee: payments are down\n" in shown
    assert "    let pass: waiting for owner 'team-shop'\n" in shown


def test_a_record_is_kept_once(kept: World, capsys: Shown) -> None:
    change = kept.forge.pull_requests[1]
    keep(find_repository(kept.root), kept.main, kept.judge(change).record)

    assert len(asked(capsys, "--person", "ana")) == 1


def test_records_of_runs_are_read_beside_the_notes(
    kept: World, capsys: Shown, tmp_path: Path
) -> None:
    change = kept.open({"waivers.yml": "waivers: []\n"})
    change.review("pia")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "record.json").write_bytes(kept.judge(change).record.content)

    (one,) = asked(capsys, "--records", str(tmp_path), "--person", "pia")
    assert (one["owner"], one["files"]) == ("platform", ["waivers.yml"])


def _reason(body: dict[str, object]) -> None:
    body["state"] = "success" if body["state"] != "success" else "failure"


def _vote(body: dict[str, object]) -> None:
    body["data"] = []


@pytest.mark.parametrize("tamper", [_reason, _vote])
def test_a_changed_record_is_refused(
    kept: World, capsys: Shown, tmp_path: Path, tamper: Callable[[dict[str, object]], None]
) -> None:
    body = json.loads(kept.judge(kept.forge.pull_requests[1]).record.content)
    tamper(body)
    (tmp_path / "record.json").write_text(json.dumps(body), encoding="utf-8")

    assert main(["audit", "--records", str(tmp_path)]) == 1
    assert "CS904 no record to rely on: its digest does not fit" in capsys.readouterr().err


def test_a_repository_without_records_says_so(
    world: World, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(world.root)
    assert main(["audit"]) == 0
    assert capsys.readouterr().out == (
        "no record answers that\n"
        "    there are no records here at all; fetch them:\n"
        "    git fetch origin refs/notes/cdk-stream:refs/notes/cdk-stream\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [["--since", "yesterday"], ["--until", "2026-13-01"], ["--records", "nowhere"]],
)
def test_a_question_that_makes_no_sense_is_a_usage(
    world: World, capsys: Shown, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(world.root)
    assert main(["audit", *arguments]) == 2
    assert capsys.readouterr().err.startswith("cdk-stream: ")
