"""A model and what writes it elsewhere -> at rest, or going on; both on the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cdk_stream.plugin.live import systems_by_name
from cdk_stream.plugin.pausing import Pausing
from cdk_stream.plugin.store import Lease
from cdk_stream.plugin.system import Live, SystemFailed, Wanted
from cdk_stream.problems import Location, Problem, Refused, Usage, near
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.plan import Key
from cdk_stream.results.record import Record, Recorded, StepResult
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.deploy import moment, now
from cdk_stream.workflow.draft import load
from cdk_stream.workflow.lease import held
from cdk_stream.workflow.site import Site

Turn = Literal["pause", "resume"]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to rest or to go on, by whose will."""

    turn: Turn
    model: str
    by: str
    reason: str = ""


def turn(site: Site, order: Order, clock: Clock = now) -> Record:
    """Pause or resume a model's job and the connectors behind it; the new record.

    `site` is what is deployed. Raises `Refused` (CS846) when a system fails: what has turned by
    then is on the record, and asking again turns the rest.
    """
    with held(site, f"{order.by}, {order.turn} of {order.model}") as lease:
        state = load(site)
        if state.record is None:
            raise Usage(f"nothing is deployed in '{site.place.name}' yet")
        if state.journal:
            raise _unfinished(site)
        return _turn(site, order, state.record, lease, clock)


def _turn(site: Site, order: Order, record: Record, lease: Lease, clock: Clock) -> Record:
    nodes = _nodes(site.compiled.manifest, order.model)
    site.connect({key.cluster for key in record.resources})
    targets = _targets(site, record, nodes, order)
    resources, steps = dict(record.resources), []
    failure: SystemFailed | None = None
    started = moment(clock)
    for recorded in targets:
        try:
            resources[recorded.key] = _one(site, recorded, order, started)
        except SystemFailed as failed:
            failure = failed
            steps.append(StepResult(str(recorded.key), order.turn, "failed", True, str(failed)))
            break
        steps.append(StepResult(str(recorded.key), order.turn, "done", True, order.reason))
    made = record.following(order.by, started, moment(clock), tuple(steps), resources)
    lease.finish(made)
    if failure is not None:
        problem = Problem(Location(PROJECT_FILE), "CS846", str(failure), failure.mend)
        raise Refused([problem])
    return made


def _one(site: Site, recorded: Recorded, order: Order, at: str) -> Recorded:
    system = systems_by_name(site.systems)[recorded.key.system, recorded.key.cluster]
    assert isinstance(system, Pausing)
    live = system.observe((), {recorded.key: recorded.spec}).get(recorded.key)
    if order.turn == "resume":
        after = system.proceed(_wanted(recorded), live)
        return replace(recorded, live=_digest(after), paused={})
    if live is None:
        raise SystemFailed(f"'{recorded.key}' is gone", "deploy again")
    resting, kept = system.suspend(live)
    paused = {**kept, "by": order.by, "at": at, "reason": order.reason}
    return replace(recorded, live=_digest(resting), paused=paused)


def _digest(live: Live | None) -> str:
    return live.digest if live is not None else ""


def _wanted(recorded: Recorded) -> Wanted:
    settings = {key: value for key, value in recorded.paused.items() if key == "savepoint"}
    return Wanted(recorded.key, recorded.node, recorded.spec, recorded.digest, settings=settings)


def _nodes(manifest: Manifest, model: str) -> set[str]:
    """The model, and the sinks that write its rows elsewhere."""
    node = f"model.{model}"
    if node not in manifest.nodes:
        models = [one.removeprefix("model.") for one in manifest.nodes if one.startswith("model.")]
        raise Usage(f"no model '{model}' is deployed\n    {near(model, models)}".rstrip())
    sinks = (
        child
        for child in manifest.children.get(node, ())
        if child in manifest.nodes and manifest.nodes[child].get("materialized") == "sink"
    )
    return {node, *sinks}


def _targets(site: Site, record: Record, nodes: set[str], order: Order) -> list[Recorded]:
    """What can rest, readers before what feeds them; the other way round to go on."""
    systems = systems_by_name(site.systems)
    found = [
        one
        for key, one in record.resources.items()
        if one.node in nodes and isinstance(systems.get(_place(key)), Pausing)
        if bool(one.paused) == (order.turn == "resume")
    ]
    if not found:
        raise Usage(_nothing(order, record.resources.values(), nodes))
    return sorted(found, key=lambda one: (one.rank, one.key), reverse=order.turn == "pause")


def _place(key: Key) -> tuple[str, str]:
    return key.system, key.cluster


def _nothing(order: Order, resources: Iterable[Recorded], nodes: set[str]) -> str:
    if order.turn == "resume":
        return f"'{order.model}' is not paused"
    if any(one.paused for one in resources if one.node in nodes):
        return f"'{order.model}' is paused already"
    return f"nothing of '{order.model}' can be paused: it has no job and no connector of its own"


def _unfinished(site: Site) -> Refused:
    """Whoever goes on with that deploy must find the record that it was made against."""
    message = f"a deploy of '{site.place.name}' did not come to its end"
    mend = "deploy again: it goes on where the journal ends"
    return Refused([Problem(Location(PROJECT_FILE), "CS846", message, mend)])
