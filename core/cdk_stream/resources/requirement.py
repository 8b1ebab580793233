"""What a platform asks of all projects: the file that `check --require` is given."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from cdk_stream.resources.authoring import Authored, ListOf, Name

_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}")


def numbers(version: object) -> tuple[int, ...]:
    """`2.1.0` as numbers to compare, without zeros at the end; ValueError when it is none."""
    text = str(version)
    if not _VERSION.fullmatch(text):
        raise ValueError(f"'{text}' is not a version such as 2.1.0")
    found = [int(part) for part in text.split(".")]
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)


def _version(value: object) -> object:
    if value is not None:
        numbers(value)
        return str(value)
    return value


class RequiredBundle(Authored):
    """A bundle that every project lists."""

    name: Name
    """The name in its `bundle.yml`."""
    source: ListOf[str] = ()
    """Where it may come from, as projects write it under `git:`, `oci:` or `folder:`."""
    path: str = ""
    """The folder of the bundle in the repository of `source`."""
    pin: ListOf[str] = ()
    """The commits or digests that are allowed; left out, any from `source`."""
    minimum: Annotated[str, BeforeValidator(_version)] | None = None
    """The oldest version that is allowed."""


class Requirements(Authored):
    """The whole file."""

    bundles: tuple[RequiredBundle, ...]
    """The bundles that every project lists."""
