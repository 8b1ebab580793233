"""What a backend is: it offers to run a model, and makes the artefacts that run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream


@dataclass(frozen=True, slots=True)
class Offer:
    """A backend can run the model; the cheapest offer wins. `why` reads after "because"."""

    cost: int
    """What running it costs, in rough order: proxy views 10, topics and sinks 20, jobs 100."""
    why: str = ""
    delay_ms: int = 0
    """What it adds by itself to the time a row needs: a job that commits only now and then."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A backend cannot run the model; lower-case, no full stop: "GROUP BY needs state"."""

    reason: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A backend's word to the author; the core adds the file and line.

    `pointer` is relative to the resource: "/sql", "/sink/config/insert_mode", "" for the whole.
    `line` and `column` are for pointers to SQL: a position in its text, from 1.
    """

    code: str
    message: str
    mend: str = ""
    severity: Severity = Severity.WARNING
    pointer: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a backend made for a node."""

    artifacts: tuple[Artifact, ...] = ()
    remarks: tuple[Remark, ...] = ()


NOTHING = Compiled()


class Backend(Protocol):
    """A target system. Every method is pure: same arguments, same answer; nothing is reached."""

    name: str
    """What `explain` and the manifest call it: proxy, flink, connect, kafka."""
    materializations: tuple[str, ...]
    """The values of `materialized:` it stands for; () when it never runs models itself."""

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        """Whether this backend can run the model `stream` (its `backend` is not yet set)."""
        ...

    def compile(self, stream: Stream, project: Project) -> Compiled:
        """The artefacts this backend adds for a placed `stream`, source or model.

        Called for every stream, whichever backend runs it: a topic belongs to the Kafka backend
        though Flink writes it. `stream.backend` and `stream.materialized` say where it was placed.
        """
        ...

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        """The artefacts that let an exposure (`resources.exposure.Exposure`) produce and consume.

        `inputs` holds the streams it reads and writes, by node id.
        """
        ...
