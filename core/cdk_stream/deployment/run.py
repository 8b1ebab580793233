"""Every step of a plan, each as soon as what it needs is done, some side by side."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from cdk_stream.deployment.step import Carrier, Work
from cdk_stream.results.record import StepResult

AT_ONCE = 8


class Watcher(Protocol):
    """Is told what happens while it happens."""

    def planned(self, total: int) -> None:
        """So many steps are about to be carried out."""
        ...

    def begun(self, work: Work) -> None:
        """A step starts."""
        ...

    def ended(self, result: StepResult) -> None:
        """A step is done, failed, or was skipped."""
        ...


def carry_out(
    works: Iterable[Work], carrier: Carrier, watcher: Watcher, at_once: int = AT_ONCE
) -> list[StepResult]:
    """Carry out all of `works`, which stand in an order that can be followed.

    A failed step keeps back those that need it and no others. Raises `LeaseLost` or `StoreFailed`
    after the steps that run have come to their end.
    """
    return _Run(works, carrier, watcher, at_once).run()


class _Run:
    def __init__(
        self, works: Iterable[Work], carrier: Carrier, watcher: Watcher, at_once: int
    ) -> None:
        self._works = {work.step.id: work for work in works}
        self._carrier = carrier
        self._watcher = watcher
        self._at_once = at_once
        self._results: dict[str, StepResult] = {}
        self._waiting = {
            id_: {need for need in work.step.needs if need in self._works}
            for id_, work in self._works.items()
        }
        self._names: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        for work in self._works.values():  # made before there are threads
            self._names[work.step.key.cluster, work.step.key.name]

    def run(self) -> list[StepResult]:
        self._watcher.planned(len(self._works))
        running: set[Future[StepResult]] = set()
        with ThreadPoolExecutor(self._at_once, "deploy") as pool:
            try:
                while self._waiting or running:
                    ready = [id_ for id_, needs in self._waiting.items() if not needs]
                    for id_ in ready:
                        del self._waiting[id_]
                        running.add(pool.submit(self._one, self._works[id_]))
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        self._settle(future.result())
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return [self._results[id_] for id_ in self._works]

    def _one(self, work: Work) -> StepResult:
        """One step; never beside another of the same name, which some systems cannot take."""
        with self._names[work.step.key.cluster, work.step.key.name]:
            self._watcher.begun(work)
            return self._carrier.carry_out(work)

    def _settle(self, result: StepResult) -> None:
        self._results[result.id] = result
        self._watcher.ended(result)
        blocked = [id_ for id_, needs in self._waiting.items() if result.id in needs]
        for id_ in blocked:
            if result.result == "done":
                self._waiting[id_].discard(result.id)
            elif id_ in self._waiting:
                del self._waiting[id_]
                told = f"it needs '{result.id}'"
                action = self._works[id_].step.action
                self._settle(StepResult(id_, action, "skipped", False, told))
