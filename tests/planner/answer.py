"""What Flink's planner answered about each statement, as it lies in answers.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "answers.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query as the planner sees it, or why it refuses the query."""

    columns: tuple[tuple[str, str, bool], ...] = ()
    """Name, type and whether it may be NULL."""
    times: tuple[str, ...] = ()
    """The columns that are event-time attributes."""
    changelog: str = ""
    """`I`, or more, such as `I,UB,UA,D`."""
    keys: tuple[tuple[str, ...], ...] = ()
    """The upsert keys of a result that is updated; the key without columns is that of one row."""
    refusal: str = ""


def load_answers() -> dict[str, Answer]:
    """Statement's key -> answer; a table's DESCRIBE stands under `table: NAME`."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {key: _answer(document) for key, document in found.items()}


def save_answers(answers: dict[str, Answer]) -> None:
    lines = [
        f"{json.dumps(key)}: {json.dumps(_document(answer), ensure_ascii=False)}"
        for key, answer in sorted(answers.items())
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _answer(document: dict[str, Any]) -> Answer:
    columns = tuple(
        (name, type_, nullable) for name, type_, nullable in document.pop("columns", ())
    )
    times = tuple(document.pop("times", ()))
    keys = tuple(tuple(key) for key in document.pop("keys", ()))
    return Answer(columns, times, keys=keys, **document)


def _document(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in asdict(answer).items() if value}
