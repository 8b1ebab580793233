"""The real registry against our rules: the same answer for every pair, but where it is said."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.plugins.kafka.compatibility.pairs import Pair, pairs
from tests.real.rest import send


@pytest.mark.parametrize("level", ["BACKWARD", "FORWARD"])
@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.label)
def test_the_registry_says_the_same(registry: str, pair: Pair, level: str) -> None:
    expected = pair.registry.get(level, pair.may[level])
    assert _may_follow(registry, pair, level) is expected


def _may_follow(registry: str, pair: Pair, level: str) -> bool:
    subject = f"pair-{uuid.uuid4().hex}-value"
    send("PUT", f"{registry}/config/{subject}", {"compatibility": level})
    old, new = ({"schemaType": pair.kind, "schema": text} for text in (pair.old, pair.new))
    send("POST", f"{registry}/subjects/{subject}/versions", old)
    path = f"{registry}/compatibility/subjects/{subject}/versions/latest"
    answer = send("POST", path, new)
    assert isinstance(answer["is_compatible"], bool), json.dumps(answer)
    return bool(answer["is_compatible"])
