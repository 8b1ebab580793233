"""The hooks that lay out, test policies, tell the impact of a push, and suggest classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream_hooks import classify, format, impact, policy_test
from tests.hooks.conftest import CLEAN, Git, add_project, spoil

Shown = pytest.CaptureFixture[str]
FRAUD, RISK = Path("teams/fraud"), Path("teams/risk")
POLICY = """\
# METADATA
# scope: package
# title: Names are short
# description: Names of models are short
# custom:
#   id: short_names
#   severity: error
#   remediation: shorten it
package stream.rules.short_names

deny contains finding if {
	some id, node in input.nodes
	count(node.name) > 60
	finding := {"node": id, "msg": "its name is long"}
}
"""
TEST = """\
package stream.rules.short_names_test

import data.stream.rules.short_names

test_a_long_name if {
	count(short_names.deny) == COUNT with input as {"nodes": {"model.a": {"name": "LONG"}}}
}
""".replace("LONG", "a" * 70)


def test_files_of_projects_are_laid_out_and_told(top: Path, capsys: Shown) -> None:
    path = f"{FRAUD}/{CLEAN}"
    before = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(before.replace("SELECT", "select").replace("key: ", "key:   "), "utf-8")
    assert format.main([path, f"{RISK}/{CLEAN}"]) == 1
    assert capsys.readouterr().out.startswith(f"{path}: formatted\n1 file formatted")
    assert Path(path).read_text(encoding="utf-8") == before
    assert format.main([path, f"{RISK}/{CLEAN}"]) == 0


def test_files_of_others_are_not_touched(top: Path) -> None:
    foreign = top / "dbt" / "models" / "schema.yml"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("a:    1\n", encoding="utf-8")
    assert format.main([str(foreign)]) == 0
    assert foreign.read_text(encoding="utf-8") == "a:    1\n"


def test_a_file_that_cannot_be_laid_out_is_told(top: Path, capsys: Shown) -> None:
    path = f"{FRAUD}/{CLEAN}"
    Path(path).write_text("models: [\n", encoding="utf-8")
    assert format.main([path]) == 1
    assert f"{path}:2:1: CS101" in capsys.readouterr().out


def _add_policy(project: Path, count: int) -> None:
    folder = project / "policies"
    folder.mkdir()
    (folder / "short_names.rego").write_text(POLICY, encoding="utf-8")
    (folder / "short_names_test.rego").write_text(TEST.replace("COUNT", str(count)), "utf-8")


@pytest.mark.parametrize(("count", "code"), [(1, 0), (2, 1)])
def test_policies_are_tested_where_there_are_tests(
    count: int, code: int, top: Path, git: Git, capsys: Shown
) -> None:
    _add_policy(top / RISK, count)
    git(top, "add", "-A")
    assert policy_test.main(["--engine", "embedded"]) == code
    said = capsys.readouterr().out
    assert f": {1 - code} of 1 test hold" in said
    assert (f"{RISK}/policies/short_names_test.rego:5:1: " in said) is bool(code)


def test_a_folder_of_policies_may_be_named(top: Path) -> None:
    _add_policy(top, 1)
    assert policy_test.main(["policies", "--engine", "embedded"]) == 0


def test_policies_without_any_test_are_told(top: Path, capsys: Shown) -> None:
    assert policy_test.main([]) == 2
    assert "no project has tests of policies" in capsys.readouterr().err


@pytest.fixture
def pushed(top: Path, git: Git) -> Path:
    """The repository with a remote that has its first commit, and one more commit."""
    git(top.parent, "clone", "-q", "--bare", "repo", "remote.git")
    git(top, "remote", "add", "origin", "../remote.git")
    git(top, "fetch", "-q", "origin")
    path = top / FRAUD / "exposures" / "consumers.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("max_error_rate: 0.001", "max_error_rate: 0.002"),
        encoding="utf-8",
    )
    path = top / FRAUD / CLEAN
    path.write_text(
        path.read_text(encoding="utf-8").replace("status IN ('", "status IN ('X', '"), "utf-8"
    )
    git(top, "commit", "-qam", "second")
    return top


def test_a_push_tells_whom_it_hits_by_what_the_remote_has(pushed: Path, capsys: Shown) -> None:
    assert impact.main([]) == 0
    said = capsys.readouterr().out
    assert "impact: " in said and "fraud_scoring_service" in said
    assert said.count("project fraud ") == 1  # of two projects, only one changes


def test_a_push_is_what_pre_commit_says(
    pushed: Path, git: Git, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", git(pushed, "rev-parse", "HEAD"))
    git(pushed, "rm", "-q", f"{RISK}/{CLEAN}")
    git(pushed, "commit", "-qm", "third")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", git(pushed, "rev-parse", "HEAD"))
    git(pushed, "checkout", "-q", "HEAD~2")  # what is pushed counts, not what lies here
    assert impact.main([]) == 1
    said = capsys.readouterr().out
    assert f"{RISK}/models/card_payments_fraud_events.yml:" in said
    assert "fraud_scoring_service" not in said


def test_a_project_that_only_the_push_has_is_looked_at(
    pushed: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(pushed, "checkout", "-q", "-b", "new")
    add_project(pushed / "teams" / "new")
    spoil(pushed / "teams" / "new" / CLEAN)
    git(pushed, "add", "-A")
    git(pushed, "commit", "-qm", "new")
    git(pushed, "checkout", "-q", "main")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "new")
    assert impact.main([]) == 1


def test_a_push_that_changes_no_project_is_told_so(
    top: Path, git: Git, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "README.md").write_text("# better\n", encoding="utf-8")
    git(top, "commit", "-qam", "second")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    assert impact.main([]) == 0
    assert capsys.readouterr().out == "no project changes\n"


def test_without_a_remote_the_project_is_checked_alone(top: Path, capsys: Shown) -> None:
    assert impact.main([]) == 0
    assert "nothing to compare with" in capsys.readouterr().err


def test_columns_that_nobody_classified_are_told(top: Path, capsys: Shown) -> None:
    assert classify.main([]) == 0
    path = top / FRAUD / "sources" / "customers_cdc.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("classification: sensitive, tags: [email], ", ""), "utf-8")
    assert classify.main([]) == 1
    assert f"{FRAUD}/sources/customers_cdc.yml" in capsys.readouterr().out
