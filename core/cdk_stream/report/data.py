"""What we know as plain data, ready for JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from cdk_stream.problems import Location, Problem

Json = dict[str, Any]


def problem_document(problem: Problem) -> Json:
    """A problem as plain data."""
    return kept(
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "message": problem.message,
            "mend": problem.mend or None,
            "node": problem.node or None,
            "location": location_document(problem.location),
        }
    )


def location_document(location: Location) -> Json:
    """A place as plain data; a line of 0 is left out."""
    return kept(
        {
            "path": _text(location.path),
            "line": location.line or None,
            "column": location.column or None,
        }
    )


def plain_data(value: Any) -> Any:
    """Dataclasses as mappings without their empty texts; text that no encoding has, escaped."""
    if isinstance(value, str):
        return _text(str(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain_data(found)
            for field in fields(value)
            if (found := getattr(value, field.name)) not in ("", None)
        }
    if isinstance(value, dict):
        return {plain_data(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    return value


def kept(data: Json) -> Json:
    """Without what is None."""
    return {key: plain_data(value) for key, value in data.items() if value is not None}


def _text(text: str) -> str:
    """Names of files may hold bytes that are no text; JSON has no place for them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
