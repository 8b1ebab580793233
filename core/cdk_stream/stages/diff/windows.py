"""Whether windows became longer, shorter or others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cdk_stream.results.change import Aspect
from cdk_stream.stages.diff.codes import aspect

_WINDOW = re.compile(r"^(?P<kind>\w+)\((?P<time>[^,]*),\s*(?P<sizes>[\d,\s]+)\)$")
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"))


class Window(NamedTuple):
    """A window's kind, its time column and its sizes in milliseconds; the longest counts."""

    kind: str
    time: str
    sizes: tuple[int, ...]


def window_aspects(base: Iterable[str], head: Iterable[str]) -> Iterator[Aspect]:
    """Aspects of windows, each as `tumble(event_time, 300000)`."""
    gone, come = sorted(set(base) - set(head)), sorted(set(head) - set(base))
    if not gone and not come:
        return
    if len(gone) == 1 and len(come) == 1:
        yield _replaced(gone[0], come[0])
        return
    for text in come:
        yield aspect("WINDOW_CHANGED", "breaking", f"window {_told(text)} comes in")
    for text in gone:
        yield aspect("WINDOW_CHANGED", "breaking", f"window {_told(text)} goes")


def duration(milliseconds: int) -> str:
    """`300000` as `5 min`."""
    for size, unit in _UNITS if milliseconds else ():
        if milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds} ms"


def _replaced(gone: str, come: str) -> Aspect:
    old, new = _parsed(gone), _parsed(come)
    message = f"window {_told(gone)} becomes {_told(come)}"
    if not old or not new or old[:2] != new[:2] or max(old.sizes) == max(new.sizes):
        return aspect("WINDOW_CHANGED", "breaking", message)
    longer = max(new.sizes) > max(old.sizes)
    return aspect("WINDOW_LENGTHENED" if longer else "WINDOW_SHORTENED", "breaking", message)


def _parsed(text: str) -> Window | None:
    match = _WINDOW.match(text)
    if not match:
        return None
    sizes = tuple(int(size) for size in match["sizes"].split(",") if size.strip())
    return Window(match["kind"], match["time"].strip(), sizes) if sizes else None


def _told(text: str) -> str:
    window = _parsed(text)
    if window is None:
        return f"'{text}'"
    sizes = ", ".join(map(duration, window.sizes))
    return f"{window.kind}({window.time}, {sizes})"
