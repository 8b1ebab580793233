"""The user's own cache of bundles: a file for each pin, verified whenever it is read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cdk_stream.bundle.folder import listed_files
from cdk_stream.bundle.git_objects import commit_files
from cdk_stream.bundle.layers import artifact_files
from cdk_stream.bundle.limits import Faulty
from cdk_stream.bundle.objects import digest, git_name, taken, unframed
from cdk_stream.glance import cache_base, read_bytes, write
from cdk_stream.resources.pin import BundlePin


def bundle_folder() -> Path:
    """The folder that all projects of the user share."""
    return Path(cache_base()) / "bundles"


def place(pin: BundlePin) -> Path:
    """The file of a pin. The source is part of its name: who fetched vouches for both together."""
    name = "\n".join((pin.kind, pin.source, pin.pin, pin.path.strip("/")))
    return bundle_folder() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.objects"


def stored(pin: BundlePin) -> dict[str, bytes] | None:
    """Path in the bundle -> content, as the pin says; None when it was never fetched.

    Raises `Unsound` when the file holds anything else, `Faulty` when that is no bundle.
    """
    file = place(pin)
    if not file.is_file():
        return None
    return unpacked(pin, read_bytes(str(file)))


def unpacked(pin: BundlePin, content: bytes) -> dict[str, bytes]:
    """The files in the content of a cache's file; raises `Unsound` and `Faulty`."""
    if pin.kind == "git":
        objects = unframed(content, git_name(len(pin.pin)))
        try:
            return commit_files(lambda name: taken(objects, name), pin.pin, pin.path)
        except ValueError:
            raise Faulty("its commit cannot be read") from None
    objects = unframed(content, digest)
    return (artifact_files if pin.kind == "oci" else listed_files)(objects, pin.pin)


def keep(pin: BundlePin, content: bytes) -> None:
    """Put fetched content where `stored` finds it; raises as `unpacked`, and OSError."""
    unpacked(pin, content)
    file = place(pin)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(str(file), content)
