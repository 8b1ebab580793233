"""The lease of a folder: the file `lease.N` with the greatest N says who has it, and until when."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson

from cdk_stream.plugin.store import Entry, Held, LeaseLost, StoreFailed
from cdk_stream.results.record import Record

_PREFIX = "lease."


def take(folder: Path, holder: str, seconds: float, clock: Callable[[], float]) -> FileLease:
    """The lease after the one that is there; raises `Held`, or OSError.

    To take over is to make the next file, which only one of several can.
    """
    last = _last(folder)
    if last:
        _refuse_held(folder / f"{_PREFIX}{last}", clock())
    lease = FileLease(folder, last + 1, holder, seconds, clock)
    lease.create()
    if last:
        (folder / f"{_PREFIX}{last}").unlink(missing_ok=True)
    return lease


def _last(folder: Path) -> int:
    numbers = [name.removeprefix(_PREFIX) for name in os.listdir(folder) if _PREFIX in name]
    return max((int(number) for number in numbers if number.isdigit()), default=0)


def _refuse_held(path: Path, now: float) -> None:
    try:
        held = orjson.loads(path.read_bytes())
        holder, until = str(held["holder"]), float(held["until"])
    except FileNotFoundError:
        raise Held("another deploy", 1) from None  # it is being taken over at this moment
    except (ValueError, KeyError, TypeError):
        raise StoreFailed(f"'{path}' is not a lease", "remove it if no deploy runs") from None
    if now < until:
        raise Held(holder, until - now)


class FileLease:
    """A lease of a folder that holds records and a journal."""

    def __init__(
        self, folder: Path, token: int, holder: str, seconds: float, clock: Callable[[], float]
    ) -> None:
        self.token = token
        self._folder = folder
        self._path = folder / f"{_PREFIX}{token}"
        self._next = folder / f"{_PREFIX}{token + 1}"
        self._holder = holder
        self._seconds = seconds
        self._clock = clock
        self._ends = time.monotonic() + seconds
        self._writing = threading.Lock()
        self._journal = -1

    def create(self) -> None:
        """Make the file, whole from the first moment; raises `Held` when another was faster."""
        part = self._part(self._clock() + self._seconds)
        try:
            os.link(part, self._path)
        except FileExistsError:
            raise Held("another deploy", 1) from None
        finally:
            os.unlink(part)

    def check(self) -> None:
        if time.monotonic() >= self._ends:
            raise LeaseLost("the lease ran out before it could be renewed")
        if self._next.exists() or not self._path.exists():
            raise LeaseLost("another deploy took the lease over")

    def renew(self) -> None:
        self.check()
        began = time.monotonic()
        try:
            os.replace(self._part(self._clock() + self._seconds), self._path)
        except OSError as error:
            raise StoreFailed(f"'{self._path}' cannot be written: {error.strerror}") from None
        self._ends = began + self._seconds

    def append(self, entry: Entry) -> None:
        self.check()
        line = orjson.dumps({"token": self.token, **entry}) + b"\n"
        with self._writing:
            try:
                self._write(line)
            except OSError as error:
                where = self._folder / "journal.jsonl"
                raise StoreFailed(f"'{where}' cannot be written: {error.strerror}") from None

    def finish(self, record: Record) -> None:
        self.check()
        path = self._folder / "records" / f"{record.serial:06}.json"
        part = path.with_suffix(f".part.{self.token}")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        try:
            _durable(part, orjson.dumps(record.document(), option=options))
            os.link(part, path)
            os.unlink(part)
            _sync_folder(path.parent)
            self._close()
            (self._folder / "journal.jsonl").unlink(missing_ok=True)
        except FileExistsError:
            raise LeaseLost(f"another deploy wrote record {record.serial}") from None
        except OSError as error:
            raise StoreFailed(f"'{path}' cannot be written: {error.strerror}") from None

    def release(self) -> None:
        self._close()
        with suppress(OSError):  # then it runs out by itself
            if not self._next.exists() and self._path.exists():
                os.replace(self._part(0), self._path)

    def _part(self, until: float) -> Path:
        part = self._folder / f"part.{self.token}.{os.getpid()}.{threading.get_ident()}"
        _durable(part, orjson.dumps({"holder": self._holder, "until": until}))
        return part

    def _write(self, line: bytes) -> None:
        if self._journal < 0:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._journal = os.open(self._folder / "journal.jsonl", flags, 0o644)
            _sync_folder(self._folder)
        written = 0
        while written < len(line):
            written += os.write(self._journal, line[written:])
        os.fsync(self._journal)

    def _close(self) -> None:
        if self._journal >= 0:
            os.close(self._journal)
            self._journal = -1


def _durable(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
