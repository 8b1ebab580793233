"""The JSON Schemas agree with what is read, and their documentation with both."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdk_stream import yaml
from cdk_stream.report.project_format import format_reference
from cdk_stream.report.schema import project_schema, resources_schema
from cdk_stream.resources.authoring import Authored
from cdk_stream.resources.parse import parse, resource_class

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "project-format.md"
MARK = "renews it -->\n\n"
PROJECTS = sorted(path.parent for path in ROOT.glob("*/**/stream_project.yml"))
FILES = sorted(
    path
    for project in PROJECTS
    for path in project.glob("*/*.yml")
    if path.parent.name in ("sources", "models", "tests", "exposures")
)
PROJECT = jsonschema.Draft202012Validator(project_schema())
RESOURCES = jsonschema.Draft202012Validator(resources_schema())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("validator", [PROJECT, RESOURCES], ids=["project", "resources"])
def test_is_a_schema(validator: jsonschema.Draft202012Validator) -> None:
    jsonschema.Draft202012Validator.check_schema(validator.schema)


@pytest.mark.parametrize("folder", PROJECTS, ids=named)
def test_project_files_are_valid(folder: Path) -> None:
    content = (folder / "stream_project.yml").read_bytes()
    PROJECT.validate(yaml.load(content, "stream_project.yml"))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_resource_files_are_valid(path: Path) -> None:
    RESOURCES.validate(yaml.load(path.read_bytes(), path.name))


def mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside `data` whose keys are closed: not those under free keys."""
    if isinstance(data, dict):
        yield data
        for key, value in data.items():
            if key not in ("config", "connection", "meta", "classification", "pii_tags", "rows"):
                yield from mappings(value)
    elif isinstance(data, list):
        for item in data:
            yield from mappings(item)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_misspelt_key_is_invalid_anywhere(path: Path) -> None:
    data = yaml.load(path.read_bytes(), path.name)
    for place in range(len(list(mappings(data)))):
        broken = copy.deepcopy(data)
        list(mappings(broken))[place]["misspelt"] = "x"
        assert not RESOURCES.is_valid(broken)


SHORT_FORMS = [
    ("models", {"name": "m", "key": "id", "tags": "pii"}),
    ("models", {"name": "m", "key": ["id", "at"]}),
    ("models", {"name": "m", "from": "a"}),
    ("models", {"name": "m", "from": ['ref("a")', "b"]}),
    ("models", {"name": "m", "from": [{"source": "a"}, {"model": "b"}]}),
    ("models", {"name": "m", "from": {"sources": "a", "models": ["b"]}}),
    ("models", {"name": "m", "topic": "t", "event_time": "at"}),
    ("models", {"name": "m", "topic": {"name": "t", "retention": "7 days"}}),
    ("models", {"name": "m", "event_time": {"column": "at", "watermark": "5s"}}),
    ("models", {"name": "m", "security": {"classification": [{"a": "public"}]}}),
    ("sources", {"name": "s", "pii_tags": {"a": {"classification": "public", "tags": "x"}}}),
    ("sources", {"name": "s", "pii_tags": [{"a": "public"}, {"b": "sensitive"}]}),
    ("tests", {"name": "t", "model": "m", "assertions": [{"sql": "a > 0"}]}),
    ("tests", {"name": "t", "model": "m", "assertions": [{"sql": {"expression": "a > 0"}}]}),
    ("exposures", {"name": "e", "consumes": "m", "sla": {"max_error_rate": 0.5}}),
]
WRONG = [
    ("models", {"key": "id"}),
    ("models", {"name": "1m"}),
    ("models", {"name": "m", "materialized": "table"}),
    ("models", {"name": "m", "from": {"table": "a"}}),
    ("models", {"name": "m", "state_ttl": "soon"}),
    ("models", {"name": "m", "public": "maybe"}),
    ("models", {"name": "m", "security": {"classification": {"a": "secret"}}}),
    ("models", {"name": "m", "security": {"policies": [{}]}}),
    ("sources", {"name": "s", "partitions": 0}),
    ("tests", {"name": "t", "assertions": []}),
    ("tests", {"name": "t", "model": "m", "assertions": [{"unique": {"key": "a"}}]}),
    ("exposures", {"name": "e", "sla": {"max_error_rate": 2}}),
]


@pytest.mark.parametrize(("key", "item"), SHORT_FORMS)
def test_what_is_read_is_valid(key: str, item: dict[str, Any]) -> None:
    RESOURCES.validate({key: [item]})
    assert isinstance(parse(resource_class(key), item), Authored)


@pytest.mark.parametrize(("key", "item"), WRONG)
def test_what_is_refused_is_invalid(key: str, item: dict[str, Any]) -> None:
    assert not RESOURCES.is_valid({key: [item]})
    assert isinstance(parse(resource_class(key), item), list)


@pytest.mark.parametrize(
    "schema", [project_schema(), resources_schema()], ids=["project", "resources"]
)
def test_every_mapping_is_closed_and_says_what_it_means(schema: dict[str, Any]) -> None:
    for held in (schema, *schema["$defs"].values()):
        assert held["description"]
        assert held["additionalProperties"] is False


def test_the_page_is_up_to_date() -> None:
    intro, mark, reference = PAGE.read_text(encoding="utf-8").partition(MARK)
    real = format_reference()
    if os.environ.get("CDK_STREAM_WRITE"):
        PAGE.write_text(intro + mark + real, encoding="utf-8")
        reference = real
    assert reference == real
