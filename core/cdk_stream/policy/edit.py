"""Changes to a Rego text by byte position, made together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|\s+')


class Edit(NamedTuple):
    """Puts `text` where the bytes `start` to `end` stand."""

    start: int
    end: int
    text: str


def edited(source: bytes, edits: Iterable[Edit]) -> str:
    """`source` with all `edits`, which do not overlap; their positions are those of `source`.

    Of two that put something into one place, the first given comes first.
    """
    parts: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += (source[at : edit.start], edit.text.encode())
        at = edit.end
    return b"".join((*parts, source[at:])).decode()


def one_line(expression: str) -> str | None:
    """A Rego expression without comments and line breaks; None when a raw string spans lines."""
    text = _TOKEN.sub(lambda token: " " if token[0][0] not in '"`' else token[0], expression)
    return None if "\n" in text else text.strip()
