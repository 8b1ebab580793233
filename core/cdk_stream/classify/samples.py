"""Sampled rows, JSON Lines or CSV -> the values of each column as text."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from cdk_stream.problems import Usage

SUFFIXES = (".jsonl", ".ndjson", ".csv")
ROWS = 1000
"""So many rows of a file are looked at."""

Samples = Mapping[str, list[str]]
"""Column -> its values; those inside of rows and lists as well, absent ones left out."""


def sample_file(folder: Path, names: Iterable[str]) -> Path | None:
    """The first file in `folder` that is called like one of `names`; raises `Usage` for a link."""
    for name in names:
        for suffix in SUFFIXES:
            path = folder / f"{name}{suffix}"
            if path.is_file():
                return path
    return None


def read_samples(path: Path) -> Samples:
    """The columns of the file's first rows; raises `Usage` when it is not what its name says."""
    found: dict[str, list[str]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _csv(file) if path.suffix == ".csv" else _json_lines(file)
            for row in islice(rows, ROWS):
                for column, value in row.items():
                    found[column].extend(_texts(value))
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        kind = "CSV" if path.suffix == ".csv" else "JSON Lines"
        raise Usage(f"'{path.name}' is not {kind}: {error}") from error
    return found


def _json_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("a line is not an object")
        yield row


def _csv(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """With a header; the separator is the one of `,`, `;`, tab and `|` that the header has most."""
    iterator = iter(lines)
    header = next(iterator, "")
    separator = max(",;\t|", key=header.count)
    names = next(csv.reader([header], delimiter=separator), [])
    for cells in csv.reader(iterator, delimiter=separator, strict=True):
        yield dict(zip(names, cells, strict=False))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
