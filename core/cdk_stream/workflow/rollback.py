"""What an earlier record was made of."""

from __future__ import annotations

import os
from pathlib import Path

from cdk_stream.plugin.store import StoreFailed
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.record import Record
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.site import Place, Site, find_past, find_place, open_site, store_problem


def find_earlier(root: Path, environment: str, to: str) -> Place:
    """The place as it was at a record, by its serial or its commit; raises `Refused` (CS841)."""
    site = open_site(find_place(root, environment), os.environ, broken=True)
    try:
        record = _find(site, to)
    finally:
        site.close()
    if not record.commit:
        message = f"record {record.serial} is of a working tree, which nobody kept"
        raise _refusal(message, "roll back to one of a commit")
    return find_past(root, environment, record.commit)


def _find(site: Site, to: str) -> Record:
    try:
        records = site.store.records()
    except StoreFailed as failure:
        raise Refused([store_problem(failure)]) from None
    found = [one for one in records if _means(one, to)]
    if not found:
        known = ", ".join(f"{one.serial} ({one.commit[:7] or 'folder'})" for one in records[-8:])
        message = f"no record of '{site.place.name}' is {to}"
        raise _refusal(message, f"known here: {known}" if known else "nothing was deployed yet")
    return found[-1]


def _means(record: Record, to: str) -> bool:
    if to == str(record.serial):
        return True
    return len(to) >= 7 and record.commit.startswith(to)


def _refusal(message: str, mend: str) -> Refused:
    return Refused([Problem(Location(PROJECT_FILE), "CS841", message, mend)])
