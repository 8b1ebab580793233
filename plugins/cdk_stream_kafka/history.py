"""The versions of a subject that lie under `schemas/`."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.plugin.change import Version
from cdk_stream_kafka.compatibility.levels import Schema

KINDS = {".avsc": "AVRO", ".json": "JSON", ".proto": "PROTOBUF"}
_NEWEST, _HISTORY = "schemas/", "schemas/history/"


def snapshot(version: Version, subject: str) -> Schema | None:
    """The newest schema that is kept of a subject: `schemas/SUBJECT.avsc`."""
    for suffix, kind in KINDS.items():
        path = f"{_NEWEST}{subject}{suffix}"
        if path in version.blobs:
            return Schema(kind, _text(version, path))
    return None


def history(version: Version, subject: str) -> list[Schema]:
    """Every version that is kept, oldest first: `schemas/history/SUBJECT/3.avsc`."""
    found = sorted(_numbered(version, subject))
    return [
        Schema(KINDS[suffix], _text(version, path), f"version {number}")
        for number, suffix, path in found
    ]


def _numbered(version: Version, subject: str) -> Iterator[tuple[int, str, str]]:
    folder = f"{_HISTORY}{subject}/"
    for path in version.blobs:
        if path.startswith(folder):
            name, dot, suffix = path[len(folder) :].rpartition(".")
            if name.isdecimal() and dot + suffix in KINDS:
                yield int(name), dot + suffix, path


def _text(version: Version, path: str) -> str:
    return version.read(path).decode("utf-8", "replace")
