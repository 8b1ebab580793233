"""The files of a bundle that is a folder, and the digest of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from cdk_stream.bundle.limits import Faulty, counts, hidden, within
from cdk_stream.bundle.objects import digest, taken
from cdk_stream.tree import MAX_BYTES


def folder_files(folder: Path) -> dict[str, bytes]:
    """Path in the bundle -> content; raises `Faulty` for links and too much of anything."""
    if not folder.is_dir():
        raise Faulty(f"there is no folder '{folder}'")
    found = {}
    for path in sorted(_walk(str(folder), "")):
        with open(folder / path, "rb") as file:
            found[path] = file.read(MAX_BYTES + 1)
    within(found)
    return found


def _walk(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if hidden(entry.name):
                continue
            if entry.is_symlink():
                raise Faulty(f"'{path}' is a link, which is not followed")
            if entry.is_dir():
                yield from _walk(entry.path, f"{path}/")
            elif counts(path):
                yield path


def listing(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum` lists the files, sorted by path; its own digest is that of the folder."""
    names = sorted(files, key=str.encode)
    lines = (f"{digest(b'', files[name])[7:]}  {name}\n" for name in names)
    return "".join(lines).encode()


def folder_digest(files: Mapping[str, bytes]) -> str:
    """`sha256:` and the hash of the listing."""
    return digest(b"", listing(files))


def listed_files(objects: Mapping[str, bytes], pin: str) -> dict[str, bytes]:
    """The files that the listing of that digest names; raises `Unsound`."""
    found = {}
    for line in taken(objects, pin).decode().splitlines():
        name, _, path = line.partition("  ")
        found[path] = taken(objects, f"sha256:{name}")
    within(found)
    return found
