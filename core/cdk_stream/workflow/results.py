"""The files of a run under target/run/: rows as JSON Lines, sinks as files of their kind."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.glance import TARGET
from cdk_stream.problems import Location, Problem, Refused

Json = dict[str, Any]
FOLDER = f"{TARGET}/run"
_STORED = re.compile(r"(?:^|_)(?:s3|gcs|adls|blob|bucket|file|files|hdfs|iceberg|object)(?:_|$)")
"""What the type of a sink that writes files is called by."""


def write_results(root: Path, shown: Mapping[str, list[Json]], sinks: Mapping[str, Any]) -> None:
    """Write what every node holds in place of what an earlier run wrote.

    `shown` has the rows of each node; `sinks` maps the ids of sink models to their `sink:`. A sink
    that writes files gets a file of their format, one that fills a table a CSV, which databases
    load. Raises Refused (CS602) when the folder cannot be written.
    """
    folder = root / FOLDER
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for node_id, rows in shown.items():
            if node_id in sinks:
                name = node_id.partition(".")[2]
                ending, content = _sink(rows, sinks[node_id])
                (folder / f"{name}.{ending}").write_text(content, encoding="utf-8")
            else:
                (folder / f"{node_id}.jsonl").write_text(_json_lines(rows), encoding="utf-8")
    except OSError as error:
        message = f"{FOLDER}/ cannot be written: {error.strerror}"
        raise Refused([Problem(Location(FOLDER), "CS602", message)]) from None


def _sink(rows: list[Json], spec: Any) -> tuple[str, str]:
    format_ = str(spec.config.get("format", "")).lower()
    stored = _STORED.search(spec.type.lower()) is not None
    if "csv" in format_ or not stored:
        return "csv", _csv(rows)
    return "jsonl", _json_lines(rows)


def _json_lines(rows: list[Json]) -> str:
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows).decode()


def _csv(rows: list[Json]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
