"""A file of the cache gives what its pin says, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.bundle.folder import folder_digest, listing
from cdk_stream.bundle.git_objects import commit_files
from cdk_stream.bundle.limits import Faulty, Unsound
from cdk_stream.bundle.objects import digest, framed, git_name, unframed
from cdk_stream.bundle.store import unpacked
from cdk_stream.resources.pin import BundlePin
from tests.core.bundle.registry import tar

FILES = {"bundle.yml": b"name: acme\n", "a.rego": b"package x\n", "macros/m.yml": b"policies: []\n"}


def by_folder() -> tuple[BundlePin, bytes]:
    content = framed([("blob", listing(FILES)), *(("blob", text) for text in FILES.values())])
    return BundlePin(folder="../rules", digest=folder_digest(FILES)), content


def by_registry() -> tuple[BundlePin, bytes]:
    layer = tar({path: text.decode() for path, text in FILES.items()})
    said = {"digest": digest(b"", layer), "size": len(layer)}
    manifest = orjson.dumps({"layers": [said]})
    pin = BundlePin(oci="a.test/b", digest=digest(b"", manifest))
    return pin, framed([("blob", manifest), ("blob", layer)])


def by_git() -> tuple[BundlePin, bytes]:
    name = git_name(40)
    blobs = {path: name(b"blob %d" % len(text), text) for path, text in FILES.items()}
    inner = b"100644 m.yml\0" + bytes.fromhex(blobs["macros/m.yml"])
    tree = (
        b"".join(
            b"100644 %s\0%s" % (path.encode(), bytes.fromhex(blobs[path]))
            for path in ("a.rego", "bundle.yml")
        )
        + b"40000 macros\0"
        + bytes.fromhex(name(b"tree %d" % len(inner), inner))
    )
    commit = b"tree %s\n\nx\n" % name(b"tree %d" % len(tree), tree).encode()
    objects = [("commit", commit), ("tree", tree), ("tree", inner)]
    objects += [("blob", text) for text in FILES.values()]
    pin = BundlePin(git="https://a.test/b", commit=name(b"commit %d" % len(commit), commit))
    return pin, framed(objects)


KEPT = [by_folder(), by_registry(), by_git()]


def read(pin: BundlePin, content: bytes) -> Mapping[str, bytes] | None:
    try:
        return unpacked(pin, content)
    except (Unsound, Faulty):
        return None


def test_what_was_kept_is_read_again() -> None:
    assert [read(pin, content) for pin, content in KEPT] == [FILES] * 3


@given(st.sampled_from(KEPT), st.data())
def test_a_changed_file_gives_nothing_else(
    kept: tuple[BundlePin, bytes], data: st.DataObject
) -> None:
    pin, content = kept
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    changed = content[:start] + data.draw(st.binary(max_size=40)) + content[end:]
    assert read(pin, changed) in (FILES, None)


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_objects_or_damaged(content: bytes) -> None:
    try:
        found = unframed(content, digest)
    except Unsound:
        return
    assert all(digest(b"", text) == name for name, text in found.items())


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_objects_of_any_kind_are_a_bundle_or_none(commit: bytes, tree: bytes) -> None:
    objects = {"c": b"tree t\n" + commit, "t": tree}
    try:
        found = commit_files(lambda name: objects[name], "c", "")
    except (Faulty, KeyError, ValueError):
        return
    assert found == {}
