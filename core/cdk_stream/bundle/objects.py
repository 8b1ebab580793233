"""Objects that are named by the hash of their content, one after another in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from cdk_stream.bundle.limits import Unsound

Name = Callable[[bytes, bytes], str]
"""(header such as `blob 12`, content) -> the name of the object."""
_LONGEST_HEADER = 64


def git_name(length: int) -> Name:
    """How Git names objects, in ids of `length` digits."""
    make = hashlib.sha1 if length == 40 else hashlib.sha256

    def name(header: bytes, content: bytes) -> str:
        return make(header + b"\0" + content).hexdigest()

    return name


def digest(header: bytes, content: bytes) -> str:
    """How OCI registries name content, and how folders are pinned."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def framed(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """(kind, content) of each object -> the bytes of a file."""
    return b"".join(b"%s %d\0%s" % (kind.encode(), len(text), text) for kind, text in contents)


def unframed(file: bytes, name: Name) -> dict[str, bytes]:
    """Name -> content of every object in a file: a changed one has another name.

    Raises `Unsound` for a file that `framed` did not make.
    """
    found: dict[str, bytes] = {}
    place = 0
    while place < len(file):
        end = file.find(b"\0", place, place + _LONGEST_HEADER)
        kind, _, size = file[place:end].partition(b" ")
        if end < 0 or not kind.isalpha() or not size.isdigit():
            raise Unsound("its copy is damaged")
        start = end + 1
        place = start + int(size)
        content = file[start:place]
        if len(content) != int(size):
            raise Unsound("its copy is cut off")
        found[name(file[start - len(kind) - len(size) - 2 : end], content)] = content
    return found


def taken(objects: Mapping[str, bytes], name: str) -> bytes:
    """The content of that name; raises `Unsound` when there is none."""
    content = objects.get(name)
    if content is None:
        raise Unsound(f"its copy has no content {name.removeprefix('sha256:')[:7]}")
    return content
