"""The right to change an environment, held while something is done there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from cdk_stream.deployment.heartbeat import Heartbeat
from cdk_stream.plugin.store import Held, Lease, LeaseLost, StoreFailed
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.site import Site, store_problem


@contextmanager
def held(site: Site, by: str) -> Iterator[Lease]:
    """The lease of an environment, renewed until the end of the block.

    Raises `Refused` when another has it (CS835), when it is lost on the way (CS839), and when the
    record cannot be reached (CS836).
    """
    seconds = milliseconds(site.project.deploy.lease) / 1000
    lease = _acquire(site, f"{by}, process {os.getpid()}", seconds)
    try:
        with Heartbeat(lease, seconds):
            yield lease
    except LeaseLost as lost:
        message = f"the lease of '{site.store.where}' is lost: {lost}"
        mend = "deploy again: it goes on where the journal ends"
        raise Refused([Problem(Location(PROJECT_FILE), "CS839", message, mend)]) from None
    except StoreFailed as failure:
        raise Refused([store_problem(failure)]) from None
    finally:
        lease.release()


def _acquire(site: Site, holder: str, seconds: float) -> Lease:
    try:
        return site.store.acquire(holder, seconds)
    except Held as other:
        message = f"another deploy of '{site.place.name}' runs: {other.holder}"
        mend = f"wait for it; if it was killed, its lease runs out in {other.seconds:.0f} seconds"
        raise Refused([Problem(Location(PROJECT_FILE), "CS835", message, mend)]) from None
    except StoreFailed as failure:
        raise Refused([store_problem(failure)]) from None
