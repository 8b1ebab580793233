"""What a live system is: it shows what it has, and carries out steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cdk_stream.results.plan import Action, Danger, Difference, Key, Step


class SystemFailed(Exception):
    """The system cannot be reached, refuses, or answers what cannot be trusted.

    `str()` names the system, what was asked and why it failed, without secrets. `unsure` says that
    a write may have arrived although nobody can tell: whoever retries must look first. `again` says
    that the same may succeed in a moment: nobody answered, or a 503. A deploy tries both kinds
    again, a few times. `settled` says that everything is as it was before the step, though that had
    written notes: they are forgotten.
    """

    def __init__(
        self,
        message: str,
        mend: str = "",
        *,
        unsure: bool = False,
        again: bool = False,
        settled: bool = False,
    ) -> None:
        super().__init__(message)
        self.mend = mend
        self.unsure = unsure
        self.again = again
        self.settled = settled


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource as the project wants it."""

    key: Key
    node: str
    spec: Any
    """The parsed artefact: a JSON object, or the text of a SQL script."""
    digest: str
    """The digest of the artefact."""
    previous: Any = None
    """The artefact that was deployed last, as `spec`; what a failed upgrade puts back."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the author and the core decided for it. `state`: `keep` (what a running job remembers
    goes on), `reset` (it starts empty where the old one stopped) or `replay` (from the start)."""


@dataclass(frozen=True, slots=True)
class Live:
    """A resource as it is now."""

    key: Key
    spec: Any
    """What the system says, canonical: server-filled defaults left out where they can be told."""
    digest: str
    """Of `spec`; two looks at an unchanged resource give the same."""
    ours: bool | None
    """Whether it carries the mark of this project; None where the system has no place for marks."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What steps need besides: the id of a job, its last savepoint, the task states."""
    holds_data: bool = False
    """Whether rows or schemas would be lost with it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What lies between live and wanted."""

    action: Action
    """`create`, `update`, `restart`, `replace` or `nothing`; who owns it is judged by the core."""
    why: str = ""
    differences: tuple[Difference, ...] = ()
    dangers: tuple[tuple[Danger, str], ...] = ()


class Notes(Protocol):
    """What one step has written down; it survives a kill at any moment.

    A step of several parts keeps what the next run must know before the part that needs it: the
    path of a savepoint before the new job is started.
    """

    def get(self, name: str) -> Any:
        """What was kept under a name by a step on this resource that did not come to its end, in
        this run or one before, even of another commit; None if nothing. A step that is done
        forgets its notes."""
        ...

    def keep(self, name: str, value: Any) -> None:
        """Write down; on disk (or acknowledged by the brokers) when it returns. Never a secret."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did, for the record and the summary."""

    live: Live | None
    """The resource afterwards, as looked at, not as hoped; None when it is gone."""
    changed: bool = True
    """False when it was done already, by a run that was killed before it could say so."""
    told: str = ""
    """A few words: "restored from savepoint ...", "12 rows replayed"."""


class System(Protocol):
    """One live system of one cluster, connected. Methods raise `SystemFailed`.

    A deploy calls `observe`, `compare` and `apply` from several threads at once, but never `apply`
    for two resources of one name. What `apply` hands back must compare to `nothing`, or it is
    looked at a few times more and then taken for failed. A step's action may be `drift`, or
    `update` for one that was interrupted: compare again to see what is to be done.

    `apply` is idempotent: called again after a kill at any point, with the same notes, it brings
    the resource to the same end, loses nothing and does nothing twice that can be told apart.
    """

    name: str
    cluster: str
    kinds: tuple[str, ...]
    """The kinds of artefacts it holds, in the order in which they are made."""

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """Every resource that is wanted, recorded, or marked as this project's, in few requests:
        their number does not grow with the number of resources where the system can list.

        `recorded` may be a mapping, of keys to the artefacts that were asked for.
        """
        ...

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """What would have to happen; nothing is asked of the system."""
        ...

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        """Carry out one step; `live` is what was seen last. Deletes when `wanted` is None."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


Secrets = Callable[[str], str]
"""Resolves a placeholder such as `${env:KAFKA_PASSWORD}`; raises `SystemFailed` naming it."""
