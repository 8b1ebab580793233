"""Two versions of a project, for plugins that judge the step from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_stream.resources.project import Project


@dataclass(frozen=True, slots=True)
class Version:
    """A compiled version: its nodes as the manifest holds them, and its files of schemas."""

    nodes: Mapping[str, Any]
    """Node id -> node; `docs/manifest.md` says every key."""
    blobs: Mapping[str, str]
    """Path of each file of the project -> a digest of its content."""
    read: Callable[[str], bytes]
    """Path of one of `blobs` -> its content."""
    project: Project
    """The settings of that version."""
    parents: Mapping[str, Sequence[str]]
    """Node id -> the ids of what it reads."""
