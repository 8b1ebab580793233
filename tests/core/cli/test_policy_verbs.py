"""The verbs about policies, as an author runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdk_stream.cli.main import main
from cdk_stream.report.manifest_page import manifest_schema

ROOT = Path(__file__).parents[3]
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example project, current folder, with nothing remembered and no opa on PATH."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    return folder


def said(shown: Shown, *arguments: str) -> Any:
    assert main(["policy", *arguments, "--format", "json"]) == 0
    return json.loads(shown.readouterr().out)


def write(project: Path, name: str, text: str) -> None:
    path = project / "policies" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


OWNED = """# METADATA
# title: Models have an owner
# custom: {id: owned, severity: warning, owner: platform, params: {most: 1}}
package stream.rules.owned

import data.stream.lib

deny contains {"node": id, "msg": "nobody's"} if {
	some id, node in lib.models
	not node.owner
}

deny contains {"node": id, "msg": "somebody's"} if {
	some id, node in lib.models
	node.owner == "team-fraud"
}

warn contains "nothing here" if count(lib.models) == 0
"""
OWNED_TEST = """package stream.rules.owned_test

import data.stream.rules.owned

test_nobody if {
	found := owned.deny with input as {"nodes": {"model.a": {"kind": "model"}}}
	found == {{"node": "model.a", "msg": "nobody's"}}
}
"""


def test_list_shows_how_strictly_each_holds(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    found = {policy["id"]: policy for policy in said(capsys, "list")["policies"]}
    assert (found["residency"]["level"], found["residency"]["bundle"]) == ("deny", "core")
    assert (found["owned"]["level"], found["owned"]["bundle"]) == ("warn", "project")
    assert found["owned"]["rules"] == ["deny", "warn"]
    assert main(["policy", "list"]) == 0
    assert "warn  owned" in capsys.readouterr().out


def test_list_refuses_policies_with_faults(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED.replace("node.owner ==", "node.ownr =="))
    assert main(["policy", "list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("policies/owned.rego:15:2: CS714 there is no field 'ownr'")


def test_explain_shows_parameters_and_what_the_project_sets(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    settings = project / "stream_project.yml"
    more = "\npolicies: { levels: { owned: deny }, params: { owned: { most: 2 } } }\n"
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert main(["policy", "explain", "owned"]) == 0
    told = capsys.readouterr().out
    assert "level    deny, set here; its own level is warn" in told
    assert "most = 2 (default 1)" in told
    assert said(capsys, "explain", "owned")["owner"] == "platform"


def test_a_policy_that_is_not_there(project: Path, capsys: Shown) -> None:
    assert main(["policy", "explain", "residensy"]) == 2
    assert "did you mean 'residency'?" in capsys.readouterr().err


def test_new_writes_a_policy_that_passes_its_test(project: Path, capsys: Shown) -> None:
    assert main(["policy", "new", "described"]) == 0
    assert capsys.readouterr().out == (
        "wrote policies/described.rego\nwrote policies/described_test.rego\n"
    )
    assert main(["policy", "test", "--threshold", "100"]) == 0
    assert "3 of 3 tests hold" in capsys.readouterr().out
    assert main(["policy", "new", "described"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["policy", "new", "Des-cribed"]) == 2


def test_a_failing_test_has_its_place(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    wrong = "\ntest_wrong if count(owned.deny) == 1 with input as {}\n"
    broken = "\ntest_broken if 1 / count(owned.deny) == 1 with input as {}\n"
    write(project, "owned_test.rego", OWNED_TEST + wrong + broken)
    assert main(["policy", "test"]) == 1
    told = capsys.readouterr().out
    assert "policies/owned_test.rego:10:1: owned_test.test_wrong failed in embedded" in told
    assert "owned_test.test_broken failed in embedded 0.13.0\n    divide by zero" in told
    assert "1 of 3 tests hold" in told


@pytest.mark.parametrize(
    ("test", "told"),
    [
        (
            "owned.deny with input as {} == set()",
            "CS714 what `with` replaces is compared",
        ),
        ("not owned.deny with input as {}", "CS714 findings are a set, and never false"),
    ],
)
def test_a_test_that_tests_nothing_is_refused(
    test: str, told: str, project: Path, capsys: Shown
) -> None:
    write(project, "owned.rego", OWNED)
    head = OWNED_TEST.partition("test_nobody")[0]
    write(project, "owned_test.rego", f"{head}test_a if {test}\n")
    assert main(["policy", "test"]) == 1
    assert told in capsys.readouterr().err


def test_coverage_names_the_lines_that_no_test_evaluates(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    write(project, "owned_test.rego", OWNED_TEST)
    (file,) = said(capsys, "test", "--coverage")["coverage"]
    assert file["file"] == "policies/owned.rego"
    assert 13 in file["missed"] and 9 not in file["missed"]
    assert main(["policy", "test", "--threshold", "99"]) == 1
    assert "less than 99 %" in capsys.readouterr().out


def test_without_tests_nothing_is_fine(project: Path, capsys: Shown) -> None:
    assert main(["policy", "test"]) == 2
    assert "there are no tests of policies" in capsys.readouterr().err


def test_tests_run_in_a_folder_that_is_no_project(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path, "owned.rego", OWNED)
    write(tmp_path, "owned_test.rego", OWNED_TEST)
    assert main(["policy", "test", str(tmp_path / "policies"), "--engine", "embedded"]) == 0
    assert "1 of 1 test hold" in capsys.readouterr().out


def test_the_bundled_policies_can_be_tested_where_they_lie(capsys: Shown) -> None:
    folder = str(ROOT / "policies" / "cdk_stream_policies")
    assert main(["policy", "test", folder, "--engine", "embedded", "--threshold", "80"]) == 0


def test_tests_run_on_a_real_opa_as_well(
    project: Path, opa_path: str, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    monkeypatch.setenv("PATH", str(Path(opa_path).parent))
    write(project, "owned.rego", OWNED)
    write(project, "owned_test.rego", OWNED_TEST)
    engines = said(capsys, "test")["engines"]
    assert [engine["engine"].partition(" ")[0] for engine in engines] == ["embedded", "opa"]
    assert all(test["passed"] for engine in engines for test in engine["tests"])


def test_tests_read_documents_of_the_project(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    made = ["--output", "policies/fixtures/risk.json", "--now", "2026-01-31T12:00:00Z"]
    assert main(["policy", "input", "--node", "customer_risk_profile", *made]) == 0
    document = json.loads((project / "policies/fixtures/risk.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, manifest_schema())
    assert document["now"] == "2026-01-31T12:00:00Z"
    assert "model.customer_risk_profile" in document["nodes"]
    assert "model.fraud_events_warehouse" not in document["nodes"]
    rule = """
test_of_the_project if {
	found := owned.deny with input as data.fixtures.risk
	{finding.msg | some finding in found} == {"somebody's"}
}
"""
    write(project, "owned_test.rego", OWNED_TEST + rule)
    capsys.readouterr()
    assert main(["policy", "test"]) == 0
    assert "2 of 2 tests hold" in capsys.readouterr().out


def test_eval_shows_findings_and_refuses_nothing(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    found = said(capsys, "eval")
    assert {one["policy"] for one in found["findings"]} == {"owned"}
    assert {one["effect"] for one in found["findings"]} == {"warn"}
    assert "residency" in found["asked"]
    assert said(capsys, "eval", "--policy", "residency")["asked"] == ["residency"]
    assert main(["policy", "eval", "--policy", "owned"]) == 0
    assert "findings of 1 policy, by embedded 0.13.0" in capsys.readouterr().out


def test_eval_judges_a_document(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    (project / "in.json").write_text('{"nodes": {}}', encoding="utf-8")
    found = said(capsys, "eval", "--policy", "owned", "--input", "in.json")
    assert [one["message"] for one in found["findings"]] == ["nothing here"]
    for text in ("[]", "{"):
        (project / "in.json").write_text(text, encoding="utf-8")
        assert main(["policy", "eval", "--input", "in.json"]) == 2


@pytest.mark.parametrize("engine", ["embedded", "opa"])
def test_trace_shows_which_rule_fired_on_which_node(
    engine: str, project: Path, request: pytest.FixtureRequest, capsys: Shown
) -> None:
    chosen = request.getfixturevalue("opa_path") if engine == "opa" else engine
    write(project, "owned.rego", OWNED)
    traced = said(capsys, "eval", "--policy", "owned", "--trace", "--engine", chosen)
    (policy,) = traced["policies"]
    assert policy["milliseconds"] > 0
    assert [(rule["rule"], rule["line"], rule["fired"]) for rule in policy["rules"]] == [
        ("deny", 8, 0),
        ("deny", 13, 2),
        ("warn", 18, 0),
    ]
    fired = {finding["node"] for finding in policy["rules"][1]["findings"]}
    assert fired == {"model.customer_risk_profile", "model.card_payments_fraud_events"}


def test_trace_in_words(project: Path, capsys: Shown) -> None:
    write(project, "owned.rego", OWNED)
    assert main(["policy", "eval", "--policy", "owned", "--trace"]) == 0
    told = capsys.readouterr().out
    assert "policies/owned.rego:13  deny fired 2 times\n    model.card_" in told
    assert "policies/owned.rego:8  deny did not fire" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["policy"], "say which: policy list, policy explain"),
        (["policy", "--help"], "say which: policy list"),
        (["policy", "lists"], "there is no verb 'policy lists'\n    did you mean 'policy list'"),
        (["policy", "eval", "--now", "today"], "'today' is not a time"),
        (["policy", "input", "--node", "ghost"], "there is no node 'ghost'"),
        (["policy", "test", "nowhere"], "there is no folder 'nowhere'"),
    ],
)
def test_what_is_not_there(arguments: list[str], told: str, project: Path, capsys: Shown) -> None:
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_an_engine_that_is_not_there(project: Path, capsys: Shown) -> None:
    assert main(["policy", "eval", "--engine", "opa"]) == 1
    assert "CS710 there is no `opa` on PATH" in capsys.readouterr().err
