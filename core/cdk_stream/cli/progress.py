"""What a deploy shows while it runs: a bar and a line per step, or plain lines in CI."""

from __future__ import annotations

import importlib
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from cdk_stream.cli.output import colour_wanted
from cdk_stream.deployment.step import Work
from cdk_stream.report.colour import paint
from cdk_stream.report.plain import plain
from cdk_stream.results.record import StepResult

_COLOURS = {"done": "green", "failed": "red", "skipped": "yellow"}


class Lines:
    """A line for every step that ends; a bar below them on a terminal with `rich`.

    They go to stdout, or to stderr when stdout is for a tool.
    """

    def __init__(self, *, aside: bool = False) -> None:
        self._total = 0
        self._ended = 0
        self._to = sys.stderr if aside else sys.stdout
        self._colour = colour_wanted() and not aside
        self._lock = threading.Lock()
        self._bar: Any = _bar() if self._colour else None
        self._task: Any = None

    def shown(self) -> AbstractContextManager[Any]:
        """While it is entered, the bar is there."""
        shown: AbstractContextManager[Any] = self._bar or nullcontext()
        return shown

    def planned(self, total: int) -> None:
        """The length of the bar."""
        self._total = total
        if self._bar is not None:
            self._task = self._bar.add_task("deploying", total=total)

    def begun(self, work: Work) -> None:
        """Name the step beside the bar."""
        if self._bar is not None:
            self._bar.update(self._task, description=plain(work.step.id))

    def ended(self, result: StepResult) -> None:
        """One more line."""
        with self._lock:
            self._ended += 1
            width = len(str(self._total))
            word = paint(result.result, _COLOURS.get(result.result, "blue"), self._colour)
            told = f"  {plain(result.told)}" if result.told else ""
            count = f"[{self._ended:>{width}}/{self._total}]"
            line = f"{count} {word} {result.action} {plain(result.id)}{told}"
            if self._bar is not None:
                self._bar.console.out(line, highlight=False)
                self._bar.advance(self._task)
            else:
                self._to.write(line + "\n")
                self._to.flush()


def _bar() -> Any:
    """A bar of `rich`, where it is installed."""
    try:
        rich: Any = importlib.import_module("rich.progress")
    except ImportError:
        return None
    return rich.Progress(transient=True)
