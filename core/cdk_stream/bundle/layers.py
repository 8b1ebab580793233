"""The files of a bundle that is an OCI artifact: a manifest, and layers named by their digests."""

from __future__ import annotations

import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import orjson

from cdk_stream.bundle.limits import MOST_BYTES, MOST_FILES, Faulty, counts, hidden, within
from cdk_stream.bundle.objects import taken
from cdk_stream.tree import MAX_BYTES

_TITLE = "org.opencontainers.image.title"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_GZIP = b"\x1f\x8b"
_MOST_LAYERS = 100


def artifact_files(objects: Mapping[str, bytes], pin: str) -> dict[str, bytes]:
    """Path in the bundle -> content, later layers over earlier ones.

    Raises `Unsound` for content that is not there, `Faulty` for an unsafe archive.
    """
    found: dict[str, bytes] = {}
    for name, _, title in layers(taken(objects, pin)):
        found.update(_files(taken(objects, name), title))
        within(found)
    return found


def layers(manifest: bytes) -> list[tuple[str, int, str]]:
    """Digest, size in bytes and title of each layer that a manifest names; raises `Faulty`."""
    try:
        said = orjson.loads(manifest)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("layers"), list):
        kind = (
            "an index of several artifacts"
            if isinstance(said, dict) and "manifests" in said
            else "no manifest of an artifact"
        )
        raise Faulty(f"its digest is that of {kind}")
    if len(said["layers"]) > _MOST_LAYERS:
        raise Faulty(f"it has more than {_MOST_LAYERS} layers")
    return [_layer(layer) for layer in said["layers"]]


def _layer(said: Any) -> tuple[str, int, str]:
    known = said if isinstance(said, dict) else {}
    name, size, notes = known.get("digest"), known.get("size"), known.get("annotations")
    title = notes.get(_TITLE, "") if isinstance(notes, dict) else ""
    if not isinstance(name, str) or not _DIGEST.fullmatch(name) or not isinstance(size, int):
        raise Faulty("a layer of its manifest has no sha256 digest and size")
    if size > MOST_BYTES:
        raise Faulty(f"a layer is larger than {MOST_BYTES // 1024 // 1024} MB")
    return name, size, str(title)


def _files(content: bytes, title: str) -> Iterator[tuple[str, bytes]]:
    """Of a tar, packed or not, or of the single file that `title` names."""
    if content.startswith(_GZIP):
        yield from _untarred(_unpacked(content))
    elif counts(title):
        yield _safe(title), content
    elif content[257:262] == b"ustar":
        yield from _untarred(content)


def _unpacked(content: bytes) -> bytes:
    """Of one gzip stream after another, as some tools write them."""
    plain = bytearray()
    while content:
        unpack = zlib.decompressobj(wbits=31)
        try:
            plain += unpack.decompress(content, MOST_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise Faulty(f"a layer cannot be unpacked: {error}") from None
        if len(plain) > MOST_BYTES:
            raise Faulty(f"a layer is larger than {MOST_BYTES // 1024 // 1024} MB when unpacked")
        if not unpack.eof:
            raise Faulty("a layer cannot be unpacked: it is cut off")
        content = unpack.unused_data
    return bytes(plain)


def _untarred(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number > 10 * MOST_FILES:
                    raise Faulty("a layer has too many files")
                path = _safe(member.name)
                if member.isdir() or hidden(path):
                    continue
                if not member.isreg():
                    raise Faulty(f"'{path}' is a link or device, which is not followed")
                stream = archive.extractfile(member) if counts(path) else None
                if stream is not None:
                    yield path, stream.read(MAX_BYTES + 1)
    except tarfile.TarError as error:
        raise Faulty(f"a layer is no tar: {error}") from None


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise Faulty(f"'{name}' would lead out of the bundle")
    return str(path)
