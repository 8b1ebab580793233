"""Records, journal and lease as files of a folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson

from cdk_stream.deployment.file_lease import FileLease, take
from cdk_stream.plugin.store import Entry, State, StoreFailed, since
from cdk_stream.results.record import Record, read_record

JOURNAL = "journal.jsonl"
RECORDS = "records"
_MEND = "restore it from a copy, or move the folder away and deploy with --adopt"


class FileStore:
    """A folder: `records/000001.json`, ..., `journal.jsonl` and `lease.N`."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self.where = str(folder)

    def load(self) -> State:
        serials = self._serials()
        record = self._read(serials[-1]) if serials else None
        return State(record, since(record, self._journal()))

    def records(self) -> tuple[Record, ...]:
        return tuple(self._read(serial) for serial in self._serials())

    def acquire(self, holder: str, seconds: float) -> FileLease:
        try:
            (self._folder / RECORDS).mkdir(parents=True, exist_ok=True)
            lease = take(self._folder, holder, seconds, self._clock)
            mend_end(self._folder / JOURNAL)
        except OSError as error:
            raise StoreFailed(f"'{self.where}' cannot be written: {error.strerror}") from None
        return lease

    def close(self) -> None:
        """Nothing is kept open."""

    def _serials(self) -> list[int]:
        try:
            names = os.listdir(self._folder / RECORDS)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreFailed(f"'{self.where}' cannot be read: {error.strerror}") from None
        return sorted(int(name[:-5]) for name in names if name[:-5].isdigit())

    def _read(self, serial: int) -> Record:
        path = self._folder / RECORDS / f"{serial:06}.json"
        try:
            return read_record(orjson.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreFailed(f"the record '{path}' cannot be read: {error}", _MEND) from None

    def _journal(self) -> Iterable[Entry]:
        path = self._folder / JOURNAL
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreFailed(f"'{path}' cannot be read: {error.strerror}", _MEND) from None
        for number, line in enumerate(content.split(b"\n")[:-1], 1):  # a torn end was never told
            try:
                entry = orjson.loads(line)
            except ValueError:
                raise StoreFailed(f"'{path}', line {number}, is not JSON", _MEND) from None
            yield entry


def mend_end(path: Path) -> None:
    """Cut off a line that was being written when its writer ended."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)
