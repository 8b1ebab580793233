"""How long a row needs at least from its first producer to a stream, whatever hardware does."""

from __future__ import annotations

import re
from typing import NamedTuple

from cdk_stream.results.stream import Stream

_WINDOW = re.compile(r"^\w+\((.*?), ((?:\d+|\?)(?:, (?:\d+|\?))*)\)$")
_WAITING = frozenset({"temporal_join", "match_recognize"})
"""What Flink answers only once the watermark has passed a row."""


class Delay(NamedTuple):
    """The slowest way to a stream."""

    ms: int | None
    """The sum of what its models wait for; None when one of them waits for nobody knows what."""
    hops: int
    """How many jobs and connectors a row passes on it."""


def delay(stream: Stream, own_ms: int = 0) -> Delay:
    """The slowest way to a placed model; `own_ms` is what its backend adds by itself."""
    slowest = max(
        (Delay(given.delay_ms, given.hops) for given in stream.inputs.values()),
        key=_rank,
        default=Delay(0, 0),
    )
    wait = _wait(stream)
    ms = None if wait is None or slowest.ms is None else slowest.ms + wait + own_ms
    return Delay(ms, slowest.hops + (stream.materialized != "virtual_topic"))


def _rank(way: Delay) -> tuple[bool, int, int]:
    return way.ms is None, way.ms or 0, way.hops


def _wait(stream: Stream) -> int | None:
    """A window's row waits for its end, and the end for the watermark."""
    analysis = stream.analysis
    if analysis is None:
        return 0
    late = max((given.watermark_ms for given in stream.inputs.values()), default=0)
    times = {given.event_time for given in stream.inputs.values()}
    waits = [late if stream.features & _WAITING else 0]
    for window in analysis.windows:
        found = _WINDOW.match(window)
        if found is None or "?" in found[2]:
            return None
        # of slide and size, step and size: the smaller one is how often there is a result
        every = min(map(int, found[2].split(", ")))
        waits.append(every + (late if found[1] in times else 0))
    return max(waits)
