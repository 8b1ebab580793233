"""What is kept of a compiled node, so that the next compile can spare it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cdk_stream.problems import Problem
from cdk_stream.results.fragments import Fragment, fragment
from cdk_stream.results.stream import Protection

Imposed = tuple[str, str, Protection]
"""(node id, column, the rule that hides it there)."""


@dataclass(slots=True)
class Entry:
    """A node's compiled form and everything that decides whether it still holds."""

    path: str
    """The file that declares it."""
    files: Sequence[str]
    """Every file whose change means that it must be looked at again, there or not."""
    uses: tuple[str, ...]
    produces: tuple[str, ...] = ()
    face: str = ""
    """Digest of the rows' shape and origins: equal, and who reads them need not look again."""
    seal: str = ""
    """Digest of all that a reader's artefacts depend on: classes, protections, topic, backend."""
    fragment: Fragment = field(default_factory=lambda: fragment(b""))
    """The node in the manifest."""
    imposes: tuple[Imposed, ...] = ()
    """The rules its author wrote, each on the column where the value comes from."""
    claims: tuple[str, str] | None = None
    """For sinks: (input node id, the topic name it asks that input to have)."""
    imposed: str = ""
    """Digest of the rules and the topic name that other nodes put on this one."""
    backend: str = ""
    """For models: who runs it."""
    artifacts: int = 0
    """How many artefacts were made for it."""
    problems: tuple[Problem, ...] = ()
    """Warnings and notes; a node with errors is not kept."""
    holds: str = ""
    """`cluster/topic` for a node whose rows have a topic of their own."""
