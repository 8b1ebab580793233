"""Pins -> bundles in the cache, and pins brought up to date."""

from __future__ import annotations

from pathlib import Path

from cdk_stream.bundle.bundle import Bundle, read_bundle
from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.fetch.from_folder import folder_content, folder_tip
from cdk_stream.bundle.fetch.from_git import git_content, git_tip
from cdk_stream.bundle.fetch.from_oci import oci_content, oci_tip
from cdk_stream.bundle.limits import Faulty, Unsound
from cdk_stream.bundle.store import keep, stored
from cdk_stream.resources.pin import BundlePin


def fetched(pin: BundlePin, root: Path, commit: str = "") -> tuple[Bundle, bool]:
    """The bundle of a pin, and whether it had to be brought.

    `commit` is the version of the project that lists it, "" for the working tree. Raises
    `FetchFailed`, `Faulty`, and `Refused` for what is wrong in its files.
    """
    try:
        files = stored(pin)
    except (Unsound, Faulty):
        files = None
    if files is not None:
        return read_bundle(files, pin), False
    content = _content(pin, root, commit)
    try:
        keep(pin, content)
        files = stored(pin)
    except (Unsound, OSError) as error:
        raise FetchFailed(f"{pin} cannot be kept: {error}") from None
    assert files is not None
    return read_bundle(files, pin), True


def tip(pin: BundlePin, root: Path) -> str:
    """The pin as it would be now; raises `FetchFailed` and `Faulty`."""
    if pin.kind == "git":
        return git_tip(pin, root)
    if pin.kind == "folder":
        return folder_tip(pin, root)
    return oci_tip(pin)


def _content(pin: BundlePin, root: Path, commit: str) -> bytes:
    if pin.kind == "git":
        return git_content(pin, root)
    if pin.kind == "folder":
        return folder_content(pin, root, commit)
    return oci_content(pin)
