"""What a real system says of a model before it is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdk_stream.plugin.backend import Remark
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream


@dataclass(frozen=True, slots=True)
class Made:
    """A compiled model and all that was made for it."""

    stream: Stream
    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """The answers of the systems that a plugin asked."""

    asked: Mapping[str, str] = field(default_factory=dict)
    """Node id -> who answered: "Flink 2.3.0 at http://flink:8083"; others were not asked."""
    remarks: tuple[tuple[str, Remark], ...] = ()
    """Node id -> what was said of it; "" for the project file, where pointers start at its top.

    A pointer "/sql" here comes with a position in `Stream.sql`, the text that was run.
    """
