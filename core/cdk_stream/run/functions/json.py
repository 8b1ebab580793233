"""JSON in texts: paths of members and items."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from cdk_stream.run.refusal import CannotRun

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[(\d+)\]")
MISSING: Any = object()


def steps_of(path: str) -> list[str | int]:
    """The members and items that `lax $.a[0].b` goes through; CannotRun for other paths."""
    text = path.strip()
    for mode in ("lax ", "strict "):
        if text.startswith(mode):
            text = text.removeprefix(mode).strip()
    steps: list[str | int] = []
    place = 1
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            raise CannotRun(f"the JSON path '{path}'")
        steps.append(int(match[3]) if match[3] is not None else match[1] or match[2])
        place = match.end()
    if not text.startswith("$"):
        raise CannotRun(f"the JSON path '{path}'")
    return steps


def find(text: str, path: str) -> Any:
    """What lies at the path, MISSING when nothing does or the text is no JSON."""
    steps = steps_of(path)
    try:
        here = json.loads(text)
    except ValueError:
        return MISSING
    for step in steps:
        if isinstance(step, int):
            if not isinstance(here, list) or step >= len(here):
                return MISSING
            here = here[step]
        else:
            if not isinstance(here, dict) or step not in here:
                return MISSING
            here = here[step]
    return here


def _exists(text: str, path: str) -> bool:
    return find(text, path) not in (MISSING, None)


def _query(text: str, path: str) -> str | None:
    found = find(text, path)
    if not isinstance(found, (dict, list)):
        return None
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def scalar(value: Any) -> str | None:
    """A JSON scalar as a text; None for an object, an array, null and nothing."""
    if value is MISSING or value is None or isinstance(value, (dict, list)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


JSON: dict[str, Callable[..., Any]] = {
    "JSON_EXISTS": _exists,
    "JSON_QUERY": _query,
    "JSON_QUOTE": json.dumps,
}
