"""SARIF as its schema and GitHub's code scanning want it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdk_stream.problems import Location, Problem
from cdk_stream.report.frame import Frame
from cdk_stream.report.sarif import render
from cdk_stream.results.verdict import Verdict

# As SchemaStore (Apache-2.0) has it.
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def results(verdict: Verdict, frame: Frame | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(verdict, frame or Frame()))["runs"][0][
        "results"
    ]
    return found


def fingerprints(verdict: Verdict) -> list[str]:
    return [next(iter(result["partialFingerprints"].values())) for result in results(verdict)]


def test_the_official_schema_holds(verdict: Verdict) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(json.loads(render(verdict, Frame(strict=True))))


def test_the_schema_would_notice() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate({"version": "2.1.0", "runs": [{}]})


def test_every_result_points_to_its_rule(refused: Verdict) -> None:
    run = json.loads(render(refused, Frame()))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[found["ruleIndex"]]["id"] for found in run["results"]] == [
        found["ruleId"] for found in run["results"]
    ]


def test_strict_makes_warnings_errors(refused: Verdict) -> None:
    (found,) = (x for x in results(refused, Frame(strict=True)) if x["ruleId"] == "CS611")
    assert found["level"] == "error"


def test_a_path_is_a_uri_from_the_top_of_the_repository() -> None:
    problem = Problem(Location("models/a b#ü.yml", 3), "CS101", "not YAML")
    (found,) = results(Verdict("p", (problem,)), Frame(prefix="projects/p/"))
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "projects/p/models/a%20b%23%C3%BC.yml"
    assert place["region"] == {"startLine": 3}


def test_a_whole_file_is_shown_at_its_first_line() -> None:
    (found,) = results(Verdict("p", (Problem(Location("x.yml"), "CS103", "not UTF-8"),)))
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_a_fingerprint_outlives_a_moved_line(refused: Verdict) -> None:
    moved = [
        dataclasses.replace(x, location=Location(x.location.path, x.location.line + 7))
        for x in refused.problems
    ]
    assert fingerprints(dataclasses.replace(refused, problems=tuple(moved))) == fingerprints(
        refused
    )


def test_equal_findings_at_two_lines_have_two_fingerprints() -> None:
    twice = tuple(Problem(Location("x.yml", line), "CS111", "unknown key 'a'") for line in (1, 9))
    assert len(set(fingerprints(Verdict("p", twice)))) == 2
