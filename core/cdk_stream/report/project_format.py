"""The reference of the project format: every key of every file, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.report.schema import project_schema, resources_schema, waivers_schema
from cdk_stream.resources.level import LEVELS
from cdk_stream.resources.parse import KINDS, resource_class, unit_test_class

Json = dict[str, Any]

_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
}
_HEADER = "| key | value | meaning |\n|---|---|---|"


def format_reference() -> str:
    """A Markdown section for each kind of file, and below it one for each mapping inside."""
    project = project_schema()
    files = ["## stream_project.yml", _table(project), *_sections(project, [project], set())]
    resources = resources_schema()
    files.append("## Sources, models, tests and exposures")
    seen: set[str] = set()
    classes = {key: resource_class(key) for key in KINDS}
    for key, class_ in (*classes.items(), ("tests of type unit", unit_test_class())):
        name = class_.__name__
        seen.add(name)
        top = resources["$defs"][name]
        files += [f"### {key}", top["description"], _table(top)]
        files += _sections(resources, [top], seen)
    waivers = waivers_schema()
    files += ["## waivers.yml", _table(waivers), *_sections(waivers, [waivers], seen)]
    return "\n\n".join(files) + "\n"


def _sections(schema: Json, pending: list[Json], seen: set[str]) -> Iterator[str]:
    """The mappings that `pending` lead to, each once, in the order of reading."""
    while pending:
        for name in _references(pending.pop(0)):
            if name not in seen:
                seen.add(name)
                found = schema["$defs"][name]
                pending.append(found)
                yield f"#### {name}"
                yield found["description"]
                yield _table(found)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for key, item in schema.items():
            if key != "$defs":
                yield from _references(item)


def _table(schema: Json) -> str:
    required = schema.get("required", ())
    rows = [_row(key, item, key in required) for key, item in schema["properties"].items()]
    return "\n".join((_HEADER, *rows))


def _row(key: str, schema: Json, required: bool) -> str:
    value = _words(schema)
    if required:
        value += ", **required**"
    elif "default" in schema:
        value += f", `{_yaml(schema['default'])}` when left out"
    return f"| `{key}` | {value} | {schema['description']} |"


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(schema: Json) -> str:
    """What may be written there."""
    return " or ".join(dict.fromkeys(_values(schema)))


def _values(schema: Json) -> Iterator[str]:
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 2 and options[1].get("items") == options[0]:
        yield f"{_words(options[0])} (or a list of them)"
    elif options:
        yield from (_words(option) for option in options)
    elif schema.get("enum") == list(LEVELS):
        yield "[class](#classes)"
    elif "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield f"[{name}](#{name.lower()})"
    elif "enum" in schema or "const" in schema:
        yield from (f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    elif schema.get("type") == "array":
        yield f"list of {_words(schema['items'])}"
    elif schema.get("type") == "object":
        items = schema.get("additionalProperties")
        inner = _words(items) if isinstance(items, dict) else ""
        yield f"mapping of name to {inner}" if inner else "mapping"
    elif schema.get("type") == "string":
        yield _text(schema)
    elif schema.get("type") in _WORDS:
        yield _WORDS[schema["type"]]


def _text(schema: Json) -> str:
    if schema.get("format") == "date":
        return "day"
    example = str(schema.get("examples", [""])[0])
    if example.startswith("ref("):
        return "reference"
    if example:
        return "duration"
    return "name" if "pattern" in schema else "text"
