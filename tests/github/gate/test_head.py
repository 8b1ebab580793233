"""What the head of a pull request says of itself, and what it brings, opens nothing."""

from __future__ import annotations

import json
from pathlib import Path

from tests.core.review.conftest import EXPOSURES
from tests.github.gate.conftest import BROKEN, PEOPLE_ONLY, Gate, git


def test_a_policy_that_the_pull_request_weakens_still_judges_it(gate: Gate) -> None:
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    pull = gate.open({**BROKEN, "stream_project.yml": loose})
    gate.about(pull)
    assert gate.state(pull) in ("pending", "failure")
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["platform"]
    assert gate.state(pull) != "success"


def test_an_author_who_becomes_an_owner_in_the_same_change_is_none(gate: Gate) -> None:
    mine = PEOPLE_ONLY.replace('["@bea"]', '["@cem"]').replace('["@pia"]', '["@cem"]')
    pull = gate.open({**BROKEN, "stream_project.yml": mine})
    gate.approve(pull, "cem", "ana")
    run = gate.about(pull)
    assert {"platform", "team-billing"} <= set(json.loads(run.outputs["missing-owners"]))
    assert gate.state(pull) == "pending"


def test_an_exposure_that_is_removed_first_still_has_its_owner(gate: Gate) -> None:
    only_shop = (
        EXPOSURES[: EXPOSURES.index("  - name: invoices")]
        + EXPOSURES[EXPOSURES.index("  - name: storefront") :]
    )
    pull = gate.open({**BROKEN, "exposures/apps.yml": only_shop})
    gate.approve(pull, "ana")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing"]


def test_a_workflow_of_the_pull_request_is_a_file_that_its_owners_must_see(gate: Gate) -> None:
    pull = gate.open({".github/workflows/gate.yml": "on: push\njobs: {}\n"})
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["platform"]
    assert gate.state(pull) == "pending"


def test_a_python_file_of_the_pull_request_is_never_run(gate: Gate, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w').close()\n"
    names = ("sitecustomize.py", "usercustomize.py", "conftest.py", "cdk_stream.py", "yaml.py",
             "cdk_stream_github/__init__.py", "x.pth")  # fmt: skip
    pull = gate.open({name: code for name in names})
    for name in names:  # even where somebody had checked it out
        target = gate.workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(code, encoding="utf-8")
    gate.about(pull)
    assert gate.state(pull) == "success" and not ran.exists()


def test_filters_and_hooks_of_the_pull_request_are_never_run(gate: Gate, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    git(gate.workspace, "config", "filter.evil.smudge", f"touch {ran}")
    git(gate.workspace, "config", "filter.evil.textconv", f"touch {ran}")
    git(gate.workspace, "config", "diff.evil.textconv", f"touch {ran}")
    git(gate.workspace, "config", "merge.evil.driver", f"touch {ran}")
    pull = gate.open({**BROKEN, ".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    gate.push_main({"notes/main.md": "so that there is something to merge"})
    gate.about(pull)
    assert gate.state(pull) == "pending" and not ran.exists()


def test_nothing_of_the_head_is_checked_out(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.about(pull)
    assert git(gate.workspace, "status", "--porcelain") == ""
    assert "note" in (gate.workspace / "models" / "paid.yml").read_text(encoding="utf-8")


def test_one_edit_among_thousands_of_files_is_found(gate: Gate) -> None:
    """GitHub lists 3,000 files of a pull request; Git lists all."""
    many = {f"notes/{number:04}.md": "" for number in range(3_100)}
    pull = gate.open(many)
    gate.github.world.add(pull, BROKEN, "ann")
    gate.about(pull)
    assert gate.state(pull) == "pending"


def test_a_plugin_that_the_head_names_is_not_imported(gate: Gate) -> None:
    pull = gate.open({"stream_project.yml": PEOPLE_ONLY + "plugins: [evil]\n"})
    gate.about(pull)
    assert gate.state(pull) != "success"
