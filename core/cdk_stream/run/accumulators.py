"""Aggregates: what is kept of the rows of a group, and what it comes to."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cdk_stream.run.casts import cast, wrap
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.values import EXACT, WIDTHS, fit, single
from cdk_stream.sql.spelling import shape


class Accumulator(ABC):
    """Takes values and gives them back; NULL is left out before."""

    __slots__ = ()

    @abstractmethod
    def add(self, value: Any) -> None: ...

    @abstractmethod
    def retract(self, value: Any) -> None: ...

    @abstractmethod
    def result(self) -> Any: ...


class Count(Accumulator):
    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def add(self, value: Any) -> None:
        self.count += 1

    def retract(self, value: Any) -> None:
        self.count -= 1

    def result(self) -> Any:
        return self.count


class Sum(Accumulator):
    """SUM and AVG; `finish` makes the result of sum and count."""

    __slots__ = ("count", "finish", "total")

    def __init__(self, zero: Any, finish: Callable[[Any, int], Any]) -> None:
        self.total = zero
        self.count = 0
        self.finish = finish

    def add(self, value: Any) -> None:
        self.total += value
        self.count += 1

    def retract(self, value: Any) -> None:
        self.total -= value
        self.count -= 1

    def result(self) -> Any:
        return self.finish(self.total, self.count) if self.count else None


class Spread(Accumulator):
    """Variances and deviations; Flink sums the values and their squares."""

    __slots__ = ("count", "root", "sample", "squares", "total")

    def __init__(self, sample: bool, root: bool) -> None:
        self.count, self.total, self.squares = 0, 0.0, 0.0
        self.sample, self.root = sample, root

    def add(self, value: Any) -> None:
        number = float(value)
        self.count += 1
        self.total += number
        self.squares += number * number

    def retract(self, value: Any) -> None:
        number = float(value)
        self.count -= 1
        self.total -= number
        self.squares -= number * number

    def result(self) -> Any:
        below = self.count - 1 if self.sample else self.count
        if below < 1:
            return None
        found = (self.squares - self.total * self.total / self.count) / below
        return math.sqrt(found) if self.root else found


class Held(Accumulator):
    """Keeps the values themselves, in the order in which they came."""

    __slots__ = ("finish", "values")

    def __init__(self, finish: Callable[[list[Any]], Any]) -> None:
        self.values: list[Any] = []
        self.finish = finish

    def add(self, value: Any) -> None:
        self.values.append(value)

    def retract(self, value: Any) -> None:
        if value in self.values:
            self.values.remove(value)

    def result(self) -> Any:
        return self.finish(self.values) if self.values else None


class Extreme(Accumulator):
    """MIN and MAX of rows that are never taken back."""

    __slots__ = ("best", "pick")

    def __init__(self, pick: Callable[[Any, Any], Any]) -> None:
        self.best: Any = None
        self.pick = pick

    def add(self, value: Any) -> None:
        self.best = value if self.best is None else self.pick(self.best, value)

    def retract(self, value: Any) -> None:
        raise AssertionError("rows were said never to be taken back")

    def result(self) -> Any:
        return self.best


class Distinct(Accumulator):
    """Hands each value on once."""

    __slots__ = ("inner", "seen")

    def __init__(self, inner: Accumulator) -> None:
        self.inner = inner
        self.seen: dict[Any, int] = {}

    def add(self, value: Any) -> None:
        count = self.seen.get(value, 0)
        self.seen[value] = count + 1
        if not count:
            self.inner.add(value)

    def retract(self, value: Any) -> None:
        count = self.seen.get(value, 0)
        if count > 1:
            self.seen[value] = count - 1
        elif count:
            del self.seen[value]
            self.inner.retract(value)

    def result(self) -> Any:
        return self.inner.result()


Maker = Callable[[], Accumulator]


def maker(name: str, given: str, wanted: str, updating: bool, separator: str = ",") -> Maker:
    """What makes the accumulator of an aggregate; raises CannotRun.

    `given` is the argument's type and `wanted` the result's; `updating` says that rows may be
    taken back.
    """
    if name in ("COUNT", "APPROX_COUNT_DISTINCT"):
        return Count
    if name == "SUM":
        return _summing(wanted)
    if name == "AVG":
        return _averaging(given, wanted)
    if name in ("MIN", "MAX"):
        pick: Any = min if name == "MIN" else max
        return (lambda: Held(pick)) if updating else (lambda: Extreme(pick))
    if name in _SPREADS:
        sample, root = _SPREADS[name]
        return lambda: Converted(Spread(sample, root), wanted)
    if name == "LISTAGG":
        return lambda: Held(separator.join)
    held = _HELD.get(name)
    if held is None:
        raise CannotRun(f"the aggregate {name}")
    return lambda: Held(held)


class Converted(Accumulator):
    """The result in another type."""

    __slots__ = ("inner", "turn")

    def __init__(self, inner: Accumulator, wanted: str) -> None:
        self.inner = inner
        self.turn = cast("DOUBLE", wanted) or float

    def add(self, value: Any) -> None:
        self.inner.add(value)

    def retract(self, value: Any) -> None:
        self.inner.retract(value)

    def result(self) -> Any:
        found = self.inner.result()
        return None if found is None else self.turn(found)


def _summing(wanted: str) -> Maker:
    kind = shape(wanted)
    if kind.name in WIDTHS:
        return lambda: Sum(0, lambda total, _: wrap(total, kind.name))
    if kind.name == "DECIMAL":
        return lambda: Sum(Decimal(0), lambda total, _: fit(total, *kind.numbers))
    finish = (lambda total, _: single(total)) if kind.name == "FLOAT" else (lambda total, _: total)
    return lambda: Sum(0.0, finish)


def _averaging(given: str, wanted: str) -> Maker:
    kind = shape(wanted)
    if kind.name in WIDTHS:
        return lambda: Sum(0, lambda total, count: wrap(_cut(total, count), kind.name))
    if kind.name == "DECIMAL":
        precision, scale = kind.numbers
        return lambda: Sum(
            Decimal(0),
            lambda total, count: fit(EXACT.divide(total, Decimal(count)), precision, scale),
        )
    if kind.name == "FLOAT":
        return lambda: Sum(0.0, lambda total, count: single(total / count))
    return lambda: Sum(0.0, lambda total, count: total / count)


def _cut(total: int, count: int) -> int:
    return total // count if total >= 0 else -(-total // count)


_SPREADS = {
    "STDDEV": (True, True),
    "STDDEV_SAMP": (True, True),
    "STDDEV_POP": (False, True),
    "VARIANCE": (True, False),
    "VAR_SAMP": (True, False),
    "VAR_POP": (False, False),
}
_HELD: dict[str, Callable[[list[Any]], Any]] = {
    "ANY_VALUE": lambda values: values[0],
    "ARRAY_AGG": tuple,
    "FIRST_VALUE": lambda values: values[0],
    "LAST_VALUE": lambda values: values[-1],
    "SINGLE_VALUE": lambda values: values[0],
}
