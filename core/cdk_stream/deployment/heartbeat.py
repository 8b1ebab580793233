"""Keeps a lease alive while a deploy runs."""

from __future__ import annotations

import threading
from types import TracebackType

from cdk_stream.plugin.store import Lease, LeaseLost, StoreFailed


class Heartbeat:
    """Renews a lease in the background, three times in its length, as long as it is entered.

    A lease that cannot be renewed runs out, and its own `check` then says so: a store that fails
    for a moment is asked again.
    """

    def __init__(self, lease: Lease, seconds: float) -> None:
        self._lease = lease
        self._pause = seconds / 3
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(self._pause):
            try:
                self._lease.renew()
            except LeaseLost:
                return
            except StoreFailed:
                continue
