"""Encrypt rules -> encryption of the topics that store the columns, and decryption.

A source's topic is encrypted when its owner allows it, the output of a job always. Whether or not
it is, the column is masked for everyone but the allowed roles (see masks.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.plugin.account import job_account
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_proxy.group import group_of, groups, known
from cdk_stream_proxy.interceptor import (
    DECRYPT,
    ENCRYPT,
    Place,
    interceptor,
    priority,
    schema_registry,
    topics,
)
from cdk_stream_proxy.kms import address, configuration
from cdk_stream_proxy.storage import encrypted, stored

_System = tuple[str, str]
"""Scheme and host: keys of one system share an interceptor."""


def encryption(place: Place) -> list[Artifact]:
    """Encryption and decryption for a stored stream, decryption for a view of one."""
    storage = stored(place.stream)
    rules = encrypted(storage)
    if not rules:
        return []
    artifacts = _encrypt(place, rules) if storage is place.stream else []
    return artifacts + _decrypt(place, storage, rules)


def _by_system(place: Place, rules: dict[str, Protection]) -> dict[_System, dict[str, Protection]]:
    found: dict[_System, dict[str, Protection]] = {}
    for column, rule in rules.items():
        key = address(rule.key, place.project)
        if key:
            scheme, _, rest = key.partition("://")
            found.setdefault((scheme, rest.partition("/")[0]), {})[column] = rule
    return dict(sorted(found.items()))


def _encrypt(place: Place, rules: dict[str, Protection]) -> list[Artifact]:
    artifacts = []
    for index, columns in enumerate(_by_system(place, rules).values()):
        fields = [
            {
                "fieldName": column,
                "keySecretId": address(rule.key, place.project),
                "algorithm": rule.algorithm or "AES256_GCM",
            }
            for column, rule in columns.items()
        ]
        config = {
            "topic": topics(place, place.stream.topic),
            "kmsConfig": configuration(fields[0]["keySecretId"]),
            "recordValue": {"fields": fields},
            "errorPolicy": "fail_on_encrypted",
            **_encoding(place, place.stream),
        }
        purpose = _numbered("encrypt", index)
        number = priority(place, ENCRYPT, index)
        artifacts.append(interceptor(place, purpose, "EncryptPlugin", config, number))
    return artifacts


def _decrypt(place: Place, storage: Stream, rules: dict[str, Protection]) -> list[Artifact]:
    """One interceptor for each allowed role and key system."""
    roles = known(place.project, (role for rule in rules.values() for role in rule.allowed))
    artifacts: list[Artifact] = []
    for role in roles:
        read = {column: rule for column, rule in rules.items() if role in rule.allowed}
        group = group_of(place.project, role)
        for purpose, config in _decryptors(place, storage, f"decrypt-{role}", read):
            number = priority(place, DECRYPT, len(artifacts))
            artifacts.append(
                interceptor(place, purpose, "DecryptPlugin", config, number, group=group)
            )
    return artifacts + groups(place, roles)


def decryption_for_job(place: Place, source: Place, columns: set[str]) -> list[Artifact]:
    """Lets the job of `place.stream` read `columns` of `source.stream` in clear."""
    storage = stored(source.stream)
    read = {
        name: rule for name, rule in encrypted(storage).items() if _shows(source, rule, columns)
    }
    account = job_account(place.project.name, place.stream.name)
    return [
        interceptor(
            place,
            purpose,
            "DecryptPlugin",
            config,
            priority(place, DECRYPT, index),
            username=account,
        )
        for index, (purpose, config) in enumerate(
            _decryptors(source, storage, f"decrypt-{source.stream.name}", read)
        )
    ]


def _shows(source: Place, rule: Protection, columns: set[str]) -> bool:
    """Whether one of `columns` of the input is made of what the rule encrypts."""
    return any(
        rule.origin == other.origin
        for name in columns & source.stream.columns.keys()
        for other in source.stream.columns[name].protections
    )


def _decryptors(
    place: Place, storage: Stream, purpose: str, rules: dict[str, Protection]
) -> Iterator[tuple[str, dict[str, Any]]]:
    # Whether decryption before a view sees its name or that of the topic below is not documented.
    topic = topics(place, *dict.fromkeys((place.stream.topic, storage.topic)))
    for index, columns in enumerate(_by_system(place, rules).values()):
        key = address(next(iter(columns.values())).key, place.project)
        yield (
            _numbered(purpose, index),
            {
                "topic": topic,
                "kmsConfig": configuration(key),
                "recordValueFields": list(columns),
                "errorPolicy": "return_encrypted",
                **schema_registry(place, storage.format),
            },
        )


def _encoding(place: Place, source: Stream) -> dict[str, Any]:
    registry = schema_registry(place, source.format)
    return {**registry, "schemaDataMode": "preserve_avro"} if source.format == "avro" else registry


def _numbered(purpose: str, index: int) -> str:
    return f"{purpose}-{index + 1}" if index else purpose
