"""The files of a bundle at a commit: every object on the way is named by its own hash."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cdk_stream.bundle.limits import Faulty, counts, hidden, within

Read = Callable[[str], bytes]
"""The id of an object -> its content; raises when there is none."""
_FOLDER, _FILES = b"40000", (b"100644", b"100755", b"100664")
_DEEPEST = 32


def commit_files(read: Read, commit: str, path: str) -> dict[str, bytes]:
    """Path in the bundle -> content; `path` is the bundle's folder in the repository.

    Raises `Faulty` for links, missing folders, and too much of anything.
    """
    tree = _tree_of(read(commit))
    for step in (step for step in path.split("/") if step not in ("", ".")):
        tree = _below(read(tree), step, path, len(commit) // 2)
    found = {name: read(blob) for name, blob in _walk(read, tree, "", len(commit) // 2)}
    within(found)
    return found


def _tree_of(commit: bytes) -> str:
    line = commit.partition(b"\n")[0].split(b" ")
    if line[0] != b"tree":
        raise Faulty("its pin is no commit")
    return line[1].decode()


def _below(tree: bytes, step: str, path: str, width: int) -> str:
    for mode, name, found in _entries(tree, width):
        if name == step and mode == _FOLDER:
            return found
    raise Faulty(f"there is no folder '{path}' in that commit")


def _walk(read: Read, tree: str, prefix: str, width: int) -> Iterator[tuple[str, str]]:
    if prefix.count("/") > _DEEPEST:
        raise Faulty(f"its folders are more than {_DEEPEST} deep")
    for mode, name, found in _entries(read(tree), width):
        path = prefix + name
        if hidden(name):
            continue
        if mode == _FOLDER:
            yield from _walk(read, found, f"{path}/", width)
        elif mode not in _FILES:
            raise Faulty(f"'{path}' is a link, which is not followed")
        elif counts(path):
            yield path, found


def _entries(tree: bytes, width: int) -> Iterator[tuple[bytes, str, str]]:
    """Mode, name and id of everything in a folder; ids are `width` bytes long."""
    place = 0
    while place < len(tree):
        end = tree.index(b"\0", place)
        mode, _, name = tree[place:end].partition(b" ")
        place = end + 1 + width
        yield mode, name.decode("utf-8", "replace"), tree[end + 1 : place].hex()
