"""The corpus: pairs of schemas, and which reads the other's rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FOLDER = Path(__file__).parent / "corpus"


class Pair(NamedTuple):
    """`may` holds BACKWARD and FORWARD, `registry` where Apicurio Registry says otherwise."""

    name: str
    kind: str
    old: str
    new: str
    may: dict[str, bool]
    registry: dict[str, bool]

    @property
    def label(self) -> str:
        return f"{self.kind}: {self.name}"


def pairs() -> list[Pair]:
    return [
        _pair(path.stem.upper(), case)
        for path in sorted(_FOLDER.glob("*.yml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _pair(kind: str, case: dict[str, Any]) -> Pair:
    registry = {level.upper(): answer for level, answer in case.get("registry", {}).items()}
    assert not registry or case["why"]
    may = {"BACKWARD": case["backward"], "FORWARD": case["forward"]}
    return Pair(
        case["name"], kind, _text(kind, case["old"]), _text(kind, case["new"]), may, registry
    )


def _text(kind: str, body: Any) -> str:
    if kind == "AVRO":
        return json.dumps({"type": "record", "name": "Order", "fields": body})
    if kind == "JSON":
        return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", **body})
    return f'syntax = "proto3"; package shop; message Order {{ {body} }}'
