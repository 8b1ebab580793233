"""A bundle that is a folder: on disk, or in the project's own repository at an earlier commit."""

from __future__ import annotations

import os
from pathlib import Path

from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.folder import folder_digest, folder_files, listing
from cdk_stream.bundle.git_objects import commit_files
from cdk_stream.bundle.objects import framed
from cdk_stream.git import find_repository
from cdk_stream.git.command import GitFailed, read_blobs, run_git
from cdk_stream.problems import Usage
from cdk_stream.resources.pin import BundlePin
from cdk_stream.tree import MAX_BYTES


def folder_content(pin: BundlePin, root: Path, commit: str = "") -> bytes:
    """The files of the folder, for the cache; raises `FetchFailed` and `Faulty`.

    `commit` is where to look when the folder holds something else by now.
    """
    found = folder_files(root / pin.source)
    if folder_digest(found) != pin.pin and commit:
        found = _committed(pin, root, commit) or found
    if folder_digest(found) != pin.pin:
        message = f"the folder '{pin.source}' is not what its digest says: it is now "
        mend = "look at what has changed, then: cdk-stream policy fetch --update"
        raise FetchFailed(message + folder_digest(found), mend)
    return framed([("blob", listing(found)), *(("blob", text) for text in found.values())])


def folder_tip(pin: BundlePin, root: Path) -> str:
    """The digest of the folder as it is now; raises `Faulty`."""
    return folder_digest(folder_files(root / pin.source))


def _committed(pin: BundlePin, root: Path, commit: str) -> dict[str, bytes] | None:
    """The folder as the project's own repository has it at a commit; None when it lies outside."""
    try:
        top = run_git(str(root), "rev-parse", "--show-toplevel").decode().strip()
        full = find_repository(root).resolve(commit)
        path = os.path.relpath(os.path.realpath(root / pin.source), os.path.realpath(top))
        if path.startswith(".."):
            return None

        def read(name: str) -> bytes:
            return _object(top, name)

        return commit_files(read, full, path)
    except (GitFailed, Usage):
        return None


def _object(top: str, name: str) -> bytes:
    kind = run_git(top, "cat-file", "-t", name).decode().strip()
    if kind == "blob":
        return read_blobs(top, [name], MAX_BYTES + 1)[0]
    return run_git(top, "cat-file", kind, name)
