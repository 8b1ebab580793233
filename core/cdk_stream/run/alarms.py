"""What waits for the watermark."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")


class Alarms(Generic[T]):
    """Things by the watermark they wait for; of those that wait for the same the first goes first.

    Nothing is taken out before its time: whoever is woken looks whether it still has to do.
    """

    __slots__ = ("_heap", "_set")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, T]] = []
        self._set = 0

    def add(self, at: int, thing: T) -> None:
        """Wake `thing` when the watermark reaches `at`."""
        self._set += 1
        heappush(self._heap, (at, self._set, thing))

    def due(self, watermark: int) -> Iterator[tuple[int, T]]:
        """Those whose time has come, and those that are added meanwhile, in order."""
        heap = self._heap
        while heap and heap[0][0] <= watermark:
            at, _, thing = heappop(heap)
            yield at, thing
