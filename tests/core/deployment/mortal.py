"""A deploy in a process of its own, which ends at a chosen moment as `kill -9` ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from cdk_stream.plugin.store import Entry, Lease, State, Store
from cdk_stream.results.record import Record
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.deploy import Order, deploy
from tests.core.deployment.conftest import Quiet, World
from tests.core.deployment.double import Point, no_proof


@dataclass
class Counter:
    """Ends the process at the `last` point it passes."""

    last: int
    passed: int = 0

    def __call__(self, what: str) -> None:
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


class PointedLease:
    """Has a point before and after everything that it writes."""

    def __init__(self, lease: Lease, point: Point) -> None:
        self.token = lease.token
        self.check = lease.check
        self.renew = lease.renew
        self.release = lease.release
        self._lease = lease
        self._point = point

    def append(self, entry: Entry) -> None:
        self._point("before the journal")
        self._lease.append(entry)
        self._point("after the journal")

    def finish(self, record: Record) -> None:
        self._point("before the record")
        self._lease.finish(record)
        self._point("after the record")


class PointedStore:
    """A store whose leases have points."""

    def __init__(self, store: Store, point: Point) -> None:
        self.where = store.where
        self.records = store.records
        self.close = store.close
        self._store = store
        self._point = point

    def load(self) -> State:
        return self._store.load()

    def acquire(self, holder: str, seconds: float) -> Lease:
        lease = self._store.acquire(holder, seconds)
        self._point("leased")
        return PointedLease(lease, self._point)


def run(world: World, project: Compiled, point: Point, digest: str = "") -> None:
    """One deploy, with points."""
    site = world.site(project, point)
    site.store = PointedStore(site.store, point)
    deploy(site, Order(digest=digest, by="a test"), no_proof, Quiet())


def in_child(do: Callable[[], None]) -> int:
    """What became of `do` in a child: its exit code, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            do()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
