"""Kafka and the registry accept every topic, right and schema that is compiled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from confluent_kafka.admin import AclBindingFilter

from tests.real.apply import bindings, create_acls, create_topics, register, registered
from tests.real.projects import PROJECTS, artefacts, compiled
from tests.real.rest import send
from tests.real.topics import Topics


@pytest.fixture(params=PROJECTS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return compiled(request.param, tmp_path)


def test_topics_can_be_created(target: Path, kafka: Topics) -> None:
    documents = artefacts(target, "topic")
    assert documents
    create_topics(kafka, documents, only_validate=True)


def test_rights_are_kept_as_they_are_written(target: Path, kafka: Topics) -> None:
    rules = bindings(artefacts(target, "acl"))
    assert rules
    create_acls(kafka, rules)
    filters = [AclBindingFilter(*_parts(rule)) for rule in rules]
    for removed in kafka.admin.delete_acls(filters).values():
        assert len(removed.result(30)) == 1


def _parts(rule: object) -> list[object]:
    names = ("restype", "name", "resource_pattern_type", "principal", "host", "operation")
    return [*(getattr(rule, name) for name in names), getattr(rule, "permission_type")]  # noqa: B009


def test_schemas_can_be_registered(target: Path, registry: str) -> None:
    for document in artefacts(target, "subject"):
        subject = document["metadata"]["name"]
        assert register(registry, document) > 0
        assert registered(registry, subject) == json.loads(document["spec"]["schema"])
        again = send("GET", f"{registry}/config/{subject}")
        assert again["compatibilityLevel"] == document["spec"]["compatibility"]
        send("DELETE", f"{registry}/subjects/{subject}")
