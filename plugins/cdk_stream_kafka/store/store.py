"""A compacted topic as the store of an environment's record."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from cdk_stream.plugin.store import Entry, Held, LeaseLost, State, StoreFailed, since
from cdk_stream.results.record import Record, read_record
from cdk_stream_kafka.store.log import Log, Message, Writer

_LEASE = "lease"
_RECORD = "record/"
_JOURNAL = "journal/"


@dataclass(slots=True)
class _Content:
    """What the topic says, the newest message of each key."""

    lease: dict[str, Any] = field(default_factory=dict)
    records: dict[str, bytes] = field(default_factory=dict)
    journal: dict[str, Entry] = field(default_factory=dict)


class TopicStore:
    """Records, journal and lease as messages of a topic; see docs/deployment-record.md."""

    def __init__(self, log: Log, clock: Callable[[], float] = time.time) -> None:
        self._log = log
        self._clock = clock
        self.where = f"topic {log.topic}"

    def load(self) -> State:
        content = self._read()
        last = max(content.records, default="")
        record = self._record(last, content.records[last]) if last else None
        return State(record, since(record, content.journal.values()))

    def records(self) -> tuple[Record, ...]:
        found = self._read().records
        return tuple(self._record(key, found[key]) for key in sorted(found))

    def acquire(self, holder: str, seconds: float) -> TopicLease:
        """Looks, shuts others out, and looks again: whoever came between has the lease."""
        self._refuse_held(self._read().lease)
        writer = self._log.write()
        content = self._read()
        self._refuse_held(content.lease)
        token = int(content.lease.get("token", 0)) + 1
        lease = TopicLease(writer, token, holder, seconds, self._clock, list(content.journal))
        lease.renew()
        return lease

    def close(self) -> None:
        """Nothing is kept open."""

    def _refuse_held(self, lease: dict[str, Any]) -> None:
        left = float(lease.get("until", 0)) - self._clock()
        if left > 0:
            raise Held(str(lease.get("holder", "another deploy")), left)

    def _read(self) -> _Content:
        content = _Content()
        for key, value in self._log.read():
            try:
                _take(content, key, value)
            except (ValueError, zlib.error):
                raise StoreFailed(f"'{key}' in {self.where} cannot be read", _MEND) from None
        return content

    def _record(self, key: str, value: bytes) -> Record:
        try:
            return read_record(orjson.loads(value))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreFailed(f"'{key}' in {self.where} cannot be read: {error}", _MEND) from None


_MEND = "restore the topic from a copy, or name a new one and deploy with --adopt"


def _take(content: _Content, key: str, value: bytes | None) -> None:
    if key.startswith(_RECORD) and value is not None:
        content.records[key] = zlib.decompress(value)
    elif key == _LEASE and value is not None:
        content.lease = orjson.loads(value)
    elif key.startswith(_JOURNAL) and value is not None:
        content.journal[key] = orjson.loads(value)
    elif key.startswith(_JOURNAL):
        content.journal.pop(key, None)


class TopicLease:
    """A lease of a topic; the brokers refuse what an earlier holder still writes."""

    def __init__(
        self,
        writer: Writer,
        token: int,
        holder: str,
        seconds: float,
        clock: Callable[[], float],
        journal: list[str],
    ) -> None:
        self.token = token
        self._writer = writer
        self._holder = holder
        self._seconds = seconds
        self._clock = clock
        self._journal = journal
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() >= self._ends:
            raise LeaseLost("the lease ran out before it could be renewed")

    def renew(self) -> None:
        self.check()
        began = time.monotonic()
        self._writer.write([self._lease(self._clock() + self._seconds)])
        self._ends = began + self._seconds

    def append(self, entry: Entry) -> None:
        self.check()
        key = f"{_JOURNAL}{self.token:06}/{len(self._journal):06}"
        self._journal.append(key)
        self._writer.write([(key, orjson.dumps({"token": self.token, **entry}))])

    def finish(self, record: Record) -> None:
        self.check()
        content = zlib.compress(orjson.dumps(record.document()))
        gone: list[Message] = [(key, None) for key in self._journal]
        self._writer.write([(f"{_RECORD}{record.serial:06}", content), *gone])
        self._journal.clear()

    def release(self) -> None:
        try:
            self._writer.write([self._lease(0)])
        except (LeaseLost, StoreFailed):
            return  # it runs out by itself

    def _lease(self, until: float) -> Message:
        told = {"token": self.token, "holder": self._holder, "until": until}
        return _LEASE, orjson.dumps(told)
