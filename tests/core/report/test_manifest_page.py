"""The manifest is as its schema says, and the page as well."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from cdk_stream.report.manifest_page import manifest_page, manifest_schema
from cdk_stream.workflow.compile import compile_project
from tests.policies.manifests import manifest

ROOT = Path(__file__).parents[3]
SCHEMA = manifest_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def faults(document: Any) -> list[str]:
    return [f"{fault.json_path}: {fault.message}" for fault in VALIDATOR.iter_errors(document)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_page_is_made_from_the_schema() -> None:
    assert (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8") == manifest_page()


def test_the_manifests_that_policies_are_measured_on_are_valid() -> None:
    assert faults(orjson.loads(manifest(40).document())) == []


PROJECTS = sorted(
    path.parent
    for folder in ("examples", "tests/projects")
    for path in (ROOT / folder).glob("*/stream_project.yml")
)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_compiled_projects_are_valid(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "project")
    document = orjson.loads(compile_project(copy).manifest.document())
    assert document["nodes"]
    assert faults(document) == []


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": {"model.a": {"kind": "model"}}},
        {"more": 1},
        {"format": "cdk-stream/manifest@2"},
        {"impact": [{"exposure": "exposure.a"}]},
    ],
)
def test_a_document_of_another_shape_is_not(change: dict[str, Any]) -> None:
    document = orjson.loads(manifest(1).document())
    assert faults({**document, **change})
