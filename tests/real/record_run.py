"""Runs pairs of a query and its rows on real Flink, and folds the changelog that it answers.

For lateness to hang on the rows alone, a table is one file that one task reads in order, and the
watermark follows every row: with `pipeline.auto-watermark-interval` 0 the assigner compares it to
nothing but the row before. Flink's default, every 200 ms, lets rows through that come late within
the same 200 ms of the clock.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from cdk_stream_flink.sql_gateway import Session, StatementError
from tests.run.pairs import HERE, Json, Pair, read_tables

SETTINGS = {
    "parallelism.default": "1",
    "pipeline.auto-watermark-interval": "0",
    "table.exec.source.idle-timeout": "0",
    "table.local-time-zone": "UTC",
    "execution.runtime-mode": "streaming",
    "restart-strategy.type": "none",
}
_LIMIT = 120.0


def declare(session: Session, variant: str, folder: Path) -> None:
    """The tables of the corpus over the rows of a variant."""
    for name, told in read_tables().items():
        path = folder / f"{name}.{variant}"
        path.mkdir(parents=True, exist_ok=True)
        rows = (HERE / "inputs" / f"{name}.{variant}.jsonl").read_text()
        (path / "rows.json").write_text(rows)
        session.execute(f"DROP TEMPORARY TABLE IF EXISTS `{name}`")
        session.execute(_table(name, told, path))


def _table(name: str, told: Json, path: Path) -> str:
    lines = [f"`{column}` {type_}" for column, type_ in told["columns"].items()]
    if "time" in told:
        seconds = told["watermark"] // 1000
        lines.append(
            f"WATERMARK FOR {told['time']} AS {told['time']} - INTERVAL '{seconds}' SECOND"
        )
    if "key" in told:
        lines.append(f"PRIMARY KEY ({', '.join(told['key'])}) NOT ENFORCED")
    format_ = "json" if "time" in told else "debezium-json"
    return (
        f"CREATE TEMPORARY TABLE `{name}` ({', '.join(lines)}) WITH ('connector' = 'filesystem',"
        f" 'path' = '{path.as_uri()}', 'format' = '{format_}',"
        f" '{format_}.timestamp-format.standard' = 'ISO-8601')"
    )


def answer(session: Session, url: str, pair: Pair) -> Json:
    """`rows` that are there in the end, or the `error`."""
    # two windows in two phases want more memory than a slot has, and a join of them that finds
    # none ends the whole TaskManager
    phases = "ONE_PHASE" if pair.text.count("DESCRIPTOR") > 1 else "AUTO"
    session.execute(f"SET 'table.optimizer.agg-phase-strategy' = '{phases}'")
    try:
        return {"pair": pair.key, "rows": _rows(session, url, pair.query)}
    except StatementError as refused:
        return {"pair": pair.key, "error": str(refused)}


def _rows(session: Session, url: str, query: str) -> list[Json]:
    path = f"{url}{session._path}"
    with httpx.Client(timeout=60) as client:
        handle = client.post(f"{path}/statements", json={"statement": query}).json()
        operation = f"{path}/operations/{handle['operationHandle']}"
        address = f"{operation}/result/0?rowFormat=JSON"
        changes: list[tuple[str, Any]] = []
        names: list[str] = []
        deadline = time.monotonic() + _LIMIT
        while address:
            assert time.monotonic() < deadline, f"Flink does not answer: {query}"
            reply = client.get(address)
            page = reply.json()
            if reply.is_error:
                raise StatementError(query, _failure(page))
            if page["resultType"] == "NOT_READY" or page["resultType"] == "PAYLOAD":
                time.sleep(0.02)
            results = page.get("results") or {}
            names = names or [column["name"] for column in results.get("columns", ())]
            changes += [(row["kind"], row["fields"]) for row in results.get("data", ())]
            following = page.get("nextResultUri")
            address = f"{url}{following}" if following else ""
        client.delete(f"{operation}/close")
    return _folded(names, changes)


def _failure(page: Json) -> Any:
    from cdk_stream_flink.stack_trace import read_failure  # noqa: PLC0415

    return read_failure("\n".join(map(str, page["errors"])))


def _folded(names: list[str], changes: list[tuple[str, Any]]) -> list[Json]:
    counts: Counter[str] = Counter()
    for kind, fields in changes:
        text = json.dumps(fields, ensure_ascii=False)
        counts[text] += -1 if kind in ("UPDATE_BEFORE", "DELETE") else 1
    assert all(count >= 0 for count in counts.values())
    rows = [json.loads(text) for text, count in counts.items() for _ in range(count)]
    return [dict(zip(names, row, strict=True)) for row in rows]
