"""The corpus: queries, the tables they read, rows for these, and what real Flink made of them."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cdk_stream.results.relation import Field, Relation
from cdk_stream.run.changes import arrived, table
from cdk_stream.run.model import Input, Running
from cdk_stream.run.rows import Change, Row
from cdk_stream.run.values import plain_row

HERE = Path(__file__).parent / "corpus"
VARIANTS = ("early", "late", "later")
"""Rows out of order within the watermark's delay; twice with some that come beyond it."""
Json = dict[str, Any]
_CASE = re.compile(r"^-- (.+)\n((?:(?!-- ).*\n)+)", re.MULTILINE)


class Pair(NamedTuple):
    """A query, in which `$payments` stands for a table, and the rows it is run on."""

    theme: str
    name: str
    text: str
    variant: str

    @property
    def key(self) -> str:
        return f"{self.theme}: {self.name} ({self.variant})"

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted(set(re.findall(r"\$(\w+)", self.text))))

    @property
    def model(self) -> str:
        """As an author writes it."""
        return re.sub(r"\$(\w+)", r'{{ source("\1") }}', self.text)

    @property
    def query(self) -> str:
        """As Flink reads it."""
        return re.sub(r"\$(\w+)", r"`\1`", self.text)


@lru_cache(maxsize=1)
def read_tables() -> dict[str, Json]:
    """Name -> time, watermark, key, changelog and columns."""
    found: dict[str, Json] = yaml.safe_load((HERE / "tables.yml").read_text())
    return found


def read_pairs() -> list[Pair]:
    """Every query with every variant, or with those named after a `|` where the answer of others
    hangs on which of two inputs Flink happens to read first."""
    pairs = []
    for path in sorted((HERE / "queries").glob("*.sql")):
        for name, sql in _CASE.findall(path.read_text()):
            text = sql.strip().removesuffix(";")
            title, _, only = name.partition(" | ")
            variants = only.split() if only else VARIANTS[: 2 if path.stem == "projection" else 3]
            pairs += [Pair(path.stem, title, text, variant) for variant in variants]
    return pairs


@lru_cache(maxsize=32)
def read_inputs(name: str, variant: str) -> tuple[Json, ...]:
    lines = (HERE / "inputs" / f"{name}.{variant}.jsonl").read_text().splitlines()
    return tuple(json.loads(line) for line in lines)


def read_answers() -> dict[str, Json]:
    """Key of a pair -> `rows` as Flink had them in the end, or the `error` it gave."""
    lines = (HERE / "answers.jsonl").read_text().splitlines()
    return {answer["pair"]: answer for answer in map(json.loads, lines)}


def relation(name: str) -> Relation:
    told = read_tables()[name]
    columns = {column: Field(type_) for column, type_ in told["columns"].items()}
    key = tuple(told.get("key", ()))
    return Relation(columns, told.get("time", ""), key, told.get("changelog", "append"))


def run(pair: Pair, seed: int | None = None) -> list[Json]:
    """The rows that this engine has in the end; a seed mixes the inputs in another order."""
    inputs = {}
    moments = random.Random(seed)
    for name in pair.tables:
        changes = arrived(relation(name), list(read_inputs(name, pair.variant)))
        if seed is not None:
            speed = moments.choice((0.1, 0.5, 1, 2, 10))  # one input may be far ahead of another
            at = sorted(moments.random() ** speed for _ in changes)
            changes = [Change(c.row, c.sign, when) for c, when in zip(changes, at, strict=True)]
        watermark = read_tables()[name].get("watermark", 0)
        inputs[f"source.{name}"] = Input(relation(name), watermark, changes)
    tables = {("source", name): f"source.{name}" for name in pair.tables}
    running = Running(pair.model, tables, inputs, {}, {}, {})
    rows: list[Row] = table(running.run().changes)
    columns = dict(running.columns)
    return [_as_flink(columns, row) for row in rows]


def _as_flink(columns: Mapping[str, str], row: Row) -> Json:
    """A row as the SQL Gateway shows it: decimals are numbers there."""
    shown = plain_row(columns, row)
    for name, type_ in columns.items():
        if type_.startswith("DECIMAL") and shown[name] is not None:
            shown[name] = float(shown[name])
    return shown


def folded(rows: list[Json]) -> Counter[str]:
    """Rows without their order; numbers to twelve digits, times without trailing zeros."""
    return Counter(json.dumps(_settled(row), sort_keys=True, ensure_ascii=False) for row in rows)


_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d*?)0*)?(Z?)")


def _settled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _settled(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_settled(one) for one in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else float(f"{value:.12g}")
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    return match[1] + (f".{match[2]}" if match[2] else "") + match[3]
