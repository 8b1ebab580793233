"""Artefacts as the compilers write them."""

from __future__ import annotations

import json
from typing import Any


def topic(name: str, partitions: int = 1, **configs: str) -> dict[str, Any]:
    named = {key.replace("_", "."): value for key, value in configs.items()}
    return {
        "kind": "Topic",
        "apiVersion": "kafka/v2",
        "metadata": {"name": name, "cluster": "main"},
        "spec": {"partitions": partitions, "replicationFactor": 1, "configs": named},
    }


def acl(account: str, *rights: str) -> dict[str, Any]:
    """Each right is `READ TOPIC orders`; a name that ends in `*` is a prefix."""
    entries = []
    for right in rights:
        operation, kind, name = right.split()
        entries.append(
            {
                "resource_type": kind,
                "name": name.removesuffix("*"),
                "pattern_type": "PREFIXED" if name.endswith("*") else "LITERAL",
                "operation": operation,
            }
        )
    return {"principal": f"User:{account}", "acls": entries}


def subject(name: str, fields: Any, compatibility: str = "BACKWARD") -> dict[str, Any]:
    """`fields` are those of an Avro record."""
    schema = {"type": "record", "name": "Row", "namespace": "test", "fields": fields}
    return {
        "kind": "Subject",
        "apiVersion": "kafka/v2",
        "metadata": {"name": name, "cluster": "main"},
        "spec": {
            "schema": json.dumps(schema),
            "format": "AVRO",
            "compatibility": compatibility,
        },
    }


def connector(name: str, **config: str) -> dict[str, Any]:
    return {"name": name, "config": {key.replace("_", "."): value for key, value in config.items()}}
