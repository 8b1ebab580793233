"""The JSON Schema of a project's files, as their authors may write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from cdk_stream.report.docstrings import field_docs
from cdk_stream.resources.level import LEVELS
from cdk_stream.resources.parse import KINDS, resource_class, unit_test_class
from cdk_stream.resources.project import Project
from cdk_stream.resources.waiver import Waivers

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Json = {"type": "string"}


def project_schema() -> Json:
    """The schema of `stream_project.yml`."""
    _, definitions = _definitions([Project])
    title = {"$schema": DIALECT, "title": "cdk-stream: stream_project.yml"}
    return {**title, **definitions.pop("Project"), "$defs": definitions}


def resources_schema() -> Json:
    """The schema of every other YAML file: lists of sources, models, tests and exposures."""
    classes = [resource_class(key) for key in KINDS]
    (*top, unit_test), definitions = _definitions([*classes, unit_test_class()])
    items = dict(zip(KINDS, top, strict=True))
    items["tests"] = {
        "if": {"properties": {"type": {"const": "unit"}}, "required": ["type"]},
        "then": unit_test,
        "else": items["tests"],
    }
    return {
        "$schema": DIALECT,
        "title": "cdk-stream: sources, models, tests and exposures",
        "description": "Any file may hold any of the four lists.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: {"type": ["array", "null"], "items": reference} for key, reference in items.items()
        },
        "$defs": definitions,
    }


def waivers_schema() -> Json:
    """The schema of `waivers.yml`."""
    _, definitions = _definitions([Waivers])
    title = {"$schema": DIALECT, "title": "cdk-stream: waivers.yml"}
    return {**title, **definitions.pop("Waivers"), "$defs": definitions}


def _definitions(classes: list[Any]) -> tuple[list[Json], dict[str, Json]]:
    found, shared = models_json_schema(
        [(class_, "validation") for class_ in classes], schema_generator=_Generator
    )
    return [found[class_, "validation"] for class_ in classes], shared["$defs"]


class _Generator(GenerateJsonSchema):
    """Adds what pydantic cannot see: the short forms that are read, and the docstrings."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Json:
        function: Any = schema["function"]["function"]
        return _FORMS[function.__name__](super().function_before_schema(schema))

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        class_: Any = schema["cls"]
        found = super().model_schema(schema)
        found.pop("title", None)
        docs = field_docs(class_)
        for name, field in class_.model_fields.items():
            key = field.alias or name
            found["properties"][key] = _property(found["properties"][key], docs[name])
        if "_exactly_one" in vars(class_):
            found |= {"minProperties": 1, "maxProperties": 1}
        return found


def _property(schema: Json, description: str) -> Json:
    kept = {key: value for key, value in schema.items() if key != "title"}
    if isinstance(kept.get("default"), list | dict) or kept.get("default", "") in (None, ""):
        kept.pop("default", None)
    return {"description": description, **kept}


def _or_text(schema: Json) -> Json:
    return {"anyOf": [_TEXT, schema]}


def _or_one(schema: Json) -> Json:
    return {"anyOf": [schema["items"], schema]}


def _or_list(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _or_class(schema: Json) -> Json:
    return {"anyOf": [{"enum": list(LEVELS)}, schema]}


def _or_inputs(schema: Json) -> Json:
    return {"anyOf": [_TEXT, {"type": "array", "items": {"anyOf": [_TEXT, schema]}}, schema]}


def _duration(schema: Json) -> Json:
    return {**schema, "pattern": r"^\s*\d+(\.\d+)?\s*[A-Za-z]+\s*$", "examples": ["5 seconds"]}


def _topic_name(schema: Json) -> Json:
    return {**schema, "pattern": r"^[a-zA-Z0-9._-]{1,249}$"}


def _reference(schema: Json) -> Json:
    return {**schema, "examples": ['ref("name")', 'source("name")']}


def _day(schema: Json) -> Json:
    return {**schema, "format": "date"}


def _moment(schema: Json) -> Json:
    return {**schema, "examples": ["2026-12-24T18:00"]}


_FORMS: dict[str, Callable[[Json], Json]] = {
    "_as_list": _or_one,
    "_check_duration": _duration,
    "_day": _day,
    "_check_reference": _reference,
    "_check_topic": _topic_name,
    "_event_time": _or_text,
    "_from": _or_inputs,
    "_label": _or_class,
    "_merge_mappings": _or_list,
    "_moment": _moment,
    "_row_sql": _or_text,
    "_use": _or_text,
    "_topic": _or_text,
}
"""What reads a short form -> the schema with that form."""
