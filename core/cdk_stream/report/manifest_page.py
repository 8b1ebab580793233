"""The schema of the manifest, as JSON Schema and as a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import orjson

Json = dict[str, Any]

_INTRODUCTION = """# The manifest

`cdk-stream compile` writes the compiled project to `target/manifest.json`; the same document is
the `input` of every policy. Its JSON Schema is `cdk_stream/report/manifest_schema.json` in the
package. This page is made from that schema.

- The document is the same, byte for byte, for the same project: nothing in it depends on time,
  machine or order of files.
- What is not there is left out, never null. In Rego, `not node.owner` holds for a node without an
  owner; guard optional keys (marked *may be absent*) before you use them in a message, or give a
  default with `object.get`.
- Nodes, columns, owners and clusters are looked up by their names:
  `input.nodes["model.payments"].columns.amount`. Walk the graph with `input.parents` and
  `input.children`, or with `graph.reachable(input.children, {id})`.
- "As authored" means: as written in the YAML, defaults left out.
"""


def manifest_schema() -> Json:
    """The JSON Schema of `target/manifest.json` and of the policies' input."""
    text = files(__package__).joinpath("manifest_schema.json").read_bytes()
    found: Json = orjson.loads(text)
    return found


def manifest_page() -> str:
    """`docs/manifest.md`."""
    schema = manifest_schema()
    sections = [("document", schema), *schema["$defs"].items()]
    parts = [_section(name, section) for name, section in sections]
    return "\n".join([_INTRODUCTION, *parts])


def _section(name: str, schema: Json) -> str:
    lines = [f"## {name}", "", schema["description"]]
    if "prefixItems" in schema:
        items = ", ".join(_type(item) for item in schema["prefixItems"])
        lines.append(f"\nA list of {len(schema['prefixItems'])}: {items}.")
    elif "enum" in schema:
        lines.append(f"\nOne of {_values(schema['enum'])}.")
    rows = list(_rows("", schema))
    if rows:
        lines += ["", "| key | type | meaning |", "|---|---|---|", *rows]
    return "\n".join([*lines, ""])


def _rows(prefix: str, schema: Json) -> Iterator[str]:
    required = schema.get("required", ())
    if "allOf" in schema:
        return
    for key, found in schema.get("properties", {}).items():
        absent = "" if key in required else " *may be absent*"
        name = f"{prefix}{key}"
        yield f"| `{name}` | {_type(found)} | {found.get('description', '')}{absent} |"
        yield from _rows(f"{name}.", found)
        for nested, path in (("items", "[]"), ("additionalProperties", ".*")):
            if isinstance(inner := found.get(nested), dict):
                yield from _rows(f"{name}{path}.", inner)


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "enum" in schema:
        return _values(schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "allOf" in schema:
        return " or ".join(_type(choice["then"]) for choice in schema["allOf"])
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    if isinstance(value := schema.get("additionalProperties"), dict):
        return f"mapping to {_type(value)}"
    kind = schema["type"]
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _values(values: list[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)
