"""Who may read what: for a person, for a program, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from cdk_stream.report.plain import plain
from cdk_stream.results.access import Access, Place, Reading
from cdk_stream.results.manifest import Manifest

FORMAT = "cdk-stream/access@1"
Json = dict[str, Any]

_WAYS = {"broker": "at the brokers", "gateway": "through the Gateway", "target": "in the target"}
_SECTIONS = (
    ("clear", True, "in clear"),
    ("clear", False, "not known here, so treated as readable in clear"),
    ("masked", True, "masked"),
    ("masked", False, "not known here, and masked if it is so"),
    ("encrypted", True, "encrypted"),
    ("encrypted", False, "not known here, and encrypted if it is so"),
)
_FOOT = """\
Rights hold where the brokers and the Gateway enforce what is compiled here. What the project cannot
know is told as not known, and counts as readable.
"""
CSV_COLUMNS = (
    "who", "kind", "roles", "granted_by", "purpose", "node", "column", "value", "exact", "holder",
    "cluster", "way", "form", "how", "certain", "lineage", "why",
)  # fmt: skip


def document(manifest: Manifest, access: Access) -> Json:
    """The answer as plain data."""
    return {
        "format": FORMAT,
        "project": manifest.project.get("name", ""),
        "asked": access.asked,
        "places": [_place(place) for place in access.places],
        "readings": [_reading(reading) for reading in access.readings],
    }


def _place(place: Place) -> Json:
    return {
        "node": place.node,
        "column": place.column,
        "value": place.value,
        "exact": place.is_exact,
        "holder": place.holder,
        "cluster": place.cluster,
        "lineage": [".".join(step) for step in place.lineage],
    }


def _reading(reading: Reading) -> Json:
    return {
        "who": reading.who,
        "kind": reading.kind,
        "roles": list(reading.roles),
        "granted_by": list(reading.granted_by),
        "purpose": reading.purpose,
        **_place(reading.place),
        "way": reading.way,
        "form": reading.sight.form,
        "how": reading.sight.how,
        "certain": reading.is_certain,
        "why": _why(reading),
    }


def _why(reading: Reading) -> str:
    return "; ".join(filter(None, (reading.why, reading.sight.why)))


def table(access: Access) -> str:
    """One line for each reading, as CSV with a header; lists are separated by spaces."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for reading in access.readings:
        data = _reading(reading)
        writer.writerow(_cell(data[name]) for name in CSV_COLUMNS)
    return file.getvalue()


def _cell(value: Any) -> str:
    """Spreadsheets run what begins like a formula; nothing that is written here is one."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = plain(" ".join(value) if isinstance(value, list) else str(value))
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def text(access: Access) -> str:
    """The answer for a person: where the column lies, then who reads it, what matters first."""
    lines = [plain(access.asked)]
    if access.places:
        lines += ["", "lies in", *map(_place_line, access.places)]
    for form, certain, title in _SECTIONS:
        found = [
            reading
            for reading in access.readings
            if reading.sight.form == form and reading.is_certain is certain
        ]
        if found:
            lines += ["", title, *_grouped(found)]
    if not access.readings:
        lines += ["", "nobody reads it" if access.places else "reads nothing"]
    return "\n".join([*lines, "", _FOOT])


def _place_line(place: Place) -> str:
    perhaps = "" if place.is_exact else ", perhaps"
    return (
        f"  {plain(place.holder)} on {plain(place.cluster)}  "
        f"{plain(place.node)}.{plain(place.column)}, {place.value}{perhaps}"
    )


class _Group(NamedTuple):
    """Readings that differ in nothing but the column."""

    who: str
    node: str
    way: str
    about: str


def _grouped(readings: list[Reading]) -> Iterator[str]:
    groups: dict[_Group, list[str]] = {}
    for reading in readings:
        groups.setdefault(_group(reading), []).append(_column(reading.place))
    said = ""
    for group, columns in sorted(groups.items()):
        if group.who != said:
            yield f"  {group.who}"
            said = group.who
        yield f"    {group.node}: {', '.join(columns)}"
        yield f"      {group.way}"
        if group.about:
            yield f"      {group.about}"


def _group(reading: Reading) -> _Group:
    place = reading.place
    roles = f" ({', '.join(reading.roles)})" if reading.roles and reading.kind != "group" else ""
    how = f", {reading.sight.how}" if reading.sight.how else ""
    where = f"{place.holder} on {place.cluster}, {_WAYS[reading.way]}{how}"
    given = f"by {', '.join(reading.granted_by)}" if reading.granted_by else ""
    purpose = f"for {reading.purpose}" if reading.purpose else ""
    about = "; ".join(filter(None, (" ".join(filter(None, (given, purpose))), _why(reading))))
    return _Group(*map(plain, (f"{reading.who}{roles}", place.node, where, about)))


def _column(place: Place) -> str:
    notes = [note for note in (place.value, "" if place.is_exact else "perhaps") if note]
    notes = [note for note in notes if note != "copy"]
    return plain(place.column) + (f" ({', '.join(notes)})" if notes else "")
