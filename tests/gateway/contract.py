"""The vendor's description of the Gateway's API, hardened: what a request and a reply may hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_DEFAULT = Path(__file__).parents[2].parent / "shared" / "contracts"
FILE = Path(os.environ.get("CDK_STREAM_CONTRACTS", _DEFAULT)) / "gateway-openapi.strict.yaml"
"""The vendor's file is no part of the project: tests that need it are left out where it is not."""
_TRUTH = {"true": True, "false": False}


class Contract:
    """An OpenAPI document; every method answers with what is wrong, nothing when all is right."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._paths = document["paths"]
        self._schemas = document["components"]["schemas"]
        resource = DRAFT202012.create_resource(document)
        registry: Any = Registry()
        self._registry = registry.with_resource("urn:gateway", resource)

    def resource(self, schema: str, body: object) -> list[str]:
        """Of a resource by the name of its schema, `Interceptor`."""
        return list(self._against({"$ref": f"#/components/schemas/{schema}"}, body))

    def path(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The template that a path follows and the values of its parameters."""
        steps = path.strip("/").split("/")
        for template in sorted(self._paths, key=lambda text: text.count("{")):
            found = _match(template.strip("/").split("/"), steps)
            if found is not None:
                return template, found
        return None

    def methods(self, template: str) -> list[str]:
        return [method.upper() for method in self._paths[template]]

    def request(
        self, method: str, template: str, query: Mapping[str, str], body: object
    ) -> list[str]:
        operation = self._operation(method, template)
        told = list(self._query(operation, query))
        if "requestBody" in operation:
            told += self._against(_schema(operation["requestBody"]), body)
        elif body is not None:
            told.append("the operation takes no body")
        return told

    def reply(
        self, method: str, template: str, status: int, content_type: str, body: object
    ) -> list[str]:
        replies = self._operation(method, template)["responses"]
        if str(status) not in replies:
            return [f"{method} {template} never answers {status}"]
        content = replies[str(status)].get("content", {})
        if not content:
            return [] if body is None else [f"{status} has no body"]
        if content_type not in content:
            return [f"{status} is one of {', '.join(content)}, not {content_type}"]
        return list(self._against(content[content_type]["schema"], body))

    def _operation(self, method: str, template: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._paths[template][method.lower()]
        return found

    def _query(self, operation: Mapping[str, Any], query: Mapping[str, str]) -> Iterator[str]:
        known = {
            parameter["name"]: parameter["schema"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        for name, text in query.items():
            if name not in known:
                yield f"?{name}: is no parameter of the operation"
            else:
                value = _TRUTH.get(text, text) if known[name]["type"] == "boolean" else text
                yield from self._against(known[name], value)

    def _against(self, schema: Mapping[str, Any], body: object) -> Iterator[str]:
        for error in _validator(_Key(schema, self._registry)).iter_errors(body):
            place = "/".join(map(str, error.absolute_path))
            yield f"{place or '(body)'}: {error.message}"


class _Key:
    """A schema of the document with what it refers to, hashed by its text."""

    def __init__(self, schema: Mapping[str, Any], registry: Any) -> None:
        self.schema = _absolute(schema)
        self.registry = registry
        self._text = repr(self.schema)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._text == self._text


@lru_cache(maxsize=100)
def _validator(key: _Key) -> Draft202012Validator:
    return Draft202012Validator(key.schema, registry=key.registry)


def _absolute(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {
            key: f"urn:gateway{value}" if key == "$ref" else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body["content"]["application/json"]["schema"]
    return found


def _match(template: list[str], steps: list[str]) -> dict[str, str] | None:
    if len(template) != len(steps):
        return None
    found = {}
    for told, step in zip(template, steps, strict=True):
        if told.startswith("{"):
            found[told.strip("{}")] = step
        elif told != step:
            return None
    return found


@lru_cache(maxsize=1)
def load() -> Contract:
    """The contract in the file."""
    return Contract(yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader))
