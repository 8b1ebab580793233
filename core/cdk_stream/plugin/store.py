"""Where the record and the journal of deploys live, and who may write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cdk_stream.results.record import Record

Entry = Mapping[str, Any]
"""One line of the journal, as plain data; `docs/deployment-record.md` says every key."""


class StoreFailed(Exception):
    """The store cannot be reached, or holds what cannot be understood."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class Held(Exception):
    """Another deploy has the lease; `holder` says who, `seconds` how long it still lasts."""

    def __init__(self, holder: str, seconds: float) -> None:
        super().__init__(holder)
        self.holder = holder
        self.seconds = seconds


class LeaseLost(Exception):
    """The lease ran out, or another deploy took it over: nothing may be written any more."""


@dataclass(frozen=True, slots=True)
class State:
    """What the store holds."""

    record: Record | None
    """The last one; None before the first deploy."""
    journal: tuple[Entry, ...] = ()
    """What was written down since, in order: of a deploy that did not come to its end."""


def since(record: Record | None, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries after a record, without what a holder wrote whose lease was taken over."""
    serial = record.serial if record else 0
    kept: list[Entry] = []
    token, current = 0, False
    for entry in entries:
        if entry["token"] < token:
            continue
        token = entry["token"]
        if entry["entry"] == "begin":
            current = entry["serial"] == serial
        if current:
            kept.append(entry)
    return tuple(kept)


class Lease(Protocol):
    """The right to deploy, for a while."""

    token: int
    """Greater than that of every lease before it: what an earlier holder still writes is dropped
    by whoever reads."""

    def check(self) -> None:
        """Raise `LeaseLost` when the lease has run out or is another's."""
        ...

    def renew(self) -> None:
        """Make it last its whole length again; raises `LeaseLost` or `StoreFailed`."""
        ...

    def append(self, entry: Entry) -> None:
        """Write one line into the journal; durable when it returns. May be called by several
        threads at once. Raises `LeaseLost` or `StoreFailed`."""
        ...

    def finish(self, record: Record) -> None:
        """Put the next record in the place of the journal; raises `LeaseLost` or `StoreFailed`."""
        ...

    def release(self) -> None:
        """Let others deploy."""
        ...


class Store(Protocol):
    """The records and the journal of one environment. Methods raise `StoreFailed`."""

    where: str
    """For messages: the path of a file, or the name of a topic."""

    def load(self) -> State:
        """The last record and the journal since."""
        ...

    def records(self) -> tuple[Record, ...]:
        """Every record that is still kept, oldest first."""
        ...

    def acquire(self, holder: str, seconds: float) -> Lease:
        """Take the lease for `seconds`; raises `Held` while another has it.

        A lease that nobody renewed is taken over only after it has run out.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
