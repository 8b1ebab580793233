"""The status of an environment for a terminal, owner by owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.report.colour import paint
from cdk_stream.report.plain import plain
from cdk_stream.report.plan_words import difference
from cdk_stream.results.health import Reader, Status, Watched

NOBODY = "no owner"
_QUIET = ("running", "starting")
_COLOURS = {"degraded": "yellow", "failed": "red", "missing": "red", "paused": "blue"}


def render(status: Status, *, colour: bool = False) -> str:
    """The last deploy, then what each owner has, worst first, then who is behind."""
    return "\n".join(_lines(status, colour)) + "\n"


def _lines(status: Status, colour: bool) -> Iterator[str]:
    name = f"project {plain(status.project)} in '{plain(status.environment)}'"
    last = status.deployment
    if last is None:
        yield f"{name}: nothing was deployed yet"
        return
    verdict = "as deployed" if status.fine else "needs a look"
    yield paint(f"{name}: {verdict}", "bold", colour)
    commit = last.commit[:12] or "a working tree"
    yield f"deploy {last.serial} of {commit}: {last.outcome}, {last.ended}, by {plain(last.by)}"
    if status.leaks:
        yield ""
        yield paint("seen otherwise than the policy says", "red", colour)
        yield from (f"  {plain(one)}" for one in status.leaks)
    for owner, resources in _by_owner(status.resources):
        yield ""
        yield plain(owner)
        for one in resources:
            yield from _resource(one, colour)
    if status.readers:
        yield ""
        yield "readers"
        for reader in status.readers:
            yield _reader(reader, colour)


def _by_owner(resources: Iterable[Watched]) -> Iterator[tuple[str, list[Watched]]]:
    owners: dict[str, list[Watched]] = {}
    for one in resources:
        owners.setdefault(one.owner or NOBODY, []).append(one)
    for owner in sorted(owners):
        yield owner, sorted(owners[owner], key=lambda one: (one.fine, str(one.key)))


def _resource(one: Watched, colour: bool) -> Iterator[str]:
    condition = one.health.condition
    painted = paint(f"{condition:<9}", _COLOURS.get(condition, "green"), colour)
    told = f"  {plain(one.health.told)}" if one.health.told and condition not in _QUIET else ""
    changed = "  changed by hand" if one.drift else ""
    yield f"  {painted} {plain(str(one.key))}{told}{changed}"
    for drifted in one.drift:
        yield f"            {difference(drifted)}"


def _reader(reader: Reader, colour: bool) -> str:
    lag = reader.lag
    age = "" if lag.age_ms is None else f", the oldest for {lag.age_ms} ms"
    behind = f"{lag.records} rows behind{age}" if lag.records else "up to date"
    word = paint("late     ", "red", colour) if reader.late else paint("in time  ", "green", colour)
    told = f": {reader.late}" if reader.late else ""
    who = f"{plain(reader.exposure)} ({plain(reader.owner or NOBODY)})"
    return f"  {word} {who} in '{plain(lag.topic)}': {behind}{told}"
