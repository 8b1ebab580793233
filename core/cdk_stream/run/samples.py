"""Sample rows of sources: `samples/NAME.jsonl`, `.csv` or `.avro`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.run.rows import Records

FOLDER = "samples"


def read_samples(root: Path, name: str) -> Records | None:
    """The rows of a source in the order of the file; None without a file.

    Raises Refused (CS856) for a file that cannot be read, or when there are several.
    """
    found = [path for suffix in _READERS if (path := root / FOLDER / f"{name}{suffix}").is_file()]
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        message = f"there are {names}, and one is read"
        raise Refused([Problem(Location(f"{FOLDER}/{name}"), "CS856", message, "take one away")])
    return read_records(found[0], f"{FOLDER}/{found[0].name}") if found else None


def read_records(path: Path, shown: str) -> Records:
    """The rows of a JSON Lines, CSV or Avro file; `shown` names it in messages.

    Raises Refused (CS856).
    """
    reader = _READERS.get(path.suffix)
    if reader is None:
        known = ", ".join(_READERS)
        message = f"'{shown}' has none of the endings {known}"
        raise Refused([Problem(Location(shown), "CS856", message)])
    try:
        return reader(path.read_bytes())
    except _Faulty as error:
        raise Refused([Problem(Location(shown, error.line), "CS856", str(error))]) from None
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        raise Refused([Problem(Location(shown), "CS856", message)]) from None
    except ModuleNotFoundError:
        mend = "pip install 'cdk-stream[run]'"
        message = "Avro files are read by the package 'fastavro', which is not installed"
        raise Refused([Problem(Location(shown), "CS856", message, mend)]) from None


def csv_rows(text: str) -> tuple[tuple[str, ...], Records]:
    """The header and the rows of CSV; an empty field is left out. Raises ValueError."""
    rows = _csv(text.encode())
    return tuple(next(csv.reader(io.StringIO(text)), ())), rows


def csv_header(path: Path) -> tuple[str, ...]:
    """The columns of a CSV file that `read_records` has read."""
    return csv_rows(path.read_text(encoding="utf-8-sig"))[0]


class _Faulty(ValueError):
    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Faulty(f"byte {error.start + 1} is no UTF-8") from None


def _json_lines(content: bytes) -> Records:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(_text(content).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _Faulty(f"this line is no JSON: {error}", number) from None
        if not isinstance(row, dict):
            raise _Faulty("a row is a JSON object", number)
        rows.append(row)
    return rows


def _csv(content: bytes) -> Records:
    """An empty field is NULL; lists, maps and rows are JSON."""
    lines = csv.reader(io.StringIO(_text(content)), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        header = next(lines, [])
        for fields in lines:
            if len(fields) > len(header):
                raise _Faulty(f"{len(fields)} fields under {len(header)} names", lines.line_num)
            rows.append(
                {name: _field(one) for name, one in zip(header, fields, strict=False) if one}
            )
    except csv.Error as error:
        raise _Faulty(f"no CSV: {error}", lines.line_num) from None
    return rows


def _field(text: str) -> Any:
    if text[0] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _avro(content: bytes) -> Records:
    import fastavro  # noqa: PLC0415

    try:
        return [dict(row) for row in fastavro.reader(io.BytesIO(content)) if isinstance(row, dict)]
    except (ValueError, EOFError, KeyError, TypeError) as error:
        raise _Faulty(f"no Avro file: {error}") from None


_READERS: dict[str, Callable[[bytes], Records]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".avro": _avro,
}
