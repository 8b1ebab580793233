"""The record of an environment -> how everything in it fares now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cdk_stream.plugin.health import Proving, Reporting
from cdk_stream.plugin.live import systems_by_name
from cdk_stream.plugin.system import Live, System, SystemFailed
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.health import Deployment, GroupLag, Health, Reader, Status, Watched
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.plan import Step
from cdk_stream.results.record import Record, Recorded
from cdk_stream.stages.observe import unreachable
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.draft import Asked, Draft, draft, load
from cdk_stream.workflow.site import Site, find_past, find_place, open_site

_AS_DEPLOYED = Asked(purpose="rollback")  # an older commit than HEAD is what may be deployed


def status(root: Path, environment: str, environ: Mapping[str, str]) -> Status:
    """Look at everything that was deployed; raises `Refused` when it cannot be looked at."""
    site = open_deployed(root, environment, environ)
    try:
        record = load(site).record
        if record is None:
            return Status(site.project_name, site.place.name, None)
        return _status(site, record)
    finally:
        site.close()


def open_deployed(root: Path, environment: str, environ: Mapping[str, str]) -> Site:
    """The version that was deployed last; today's when it was a working tree, or there is none."""
    site = open_site(find_place(root, environment), environ)
    record = load(site).record
    if record is None or not record.commit:
        return site
    site.close()
    return open_site(find_past(root, environment, record.commit), environ, past=True)


def _status(site: Site, record: Record) -> Status:
    seen = draft(site, _AS_DEPLOYED)
    manifest = site.compiled.manifest
    last = Deployment(record.serial, record.commit, record.outcome, record.ended, record.by)
    resources = tuple(_watched(site, seen, manifest))
    readers = tuple(_readers(site, manifest))
    leaks = tuple(_leaks(site.systems))
    return Status(site.project_name, site.place.name, last, resources, readers, leaks)


def _leaks(systems: Iterable[System]) -> Iterable[str]:
    for system in systems:
        if isinstance(system, Proving):
            try:
                yield from system.prove()
            except SystemFailed as failure:
                raise Refused([unreachable(system.cluster, failure)]) from None


def _watched(site: Site, seen: Draft, manifest: Manifest) -> Iterable[Watched]:
    systems = systems_by_name(site.systems)
    steps = {step.key: step for step in seen.plan.steps}
    for key, recorded in sorted(seen.progress.resources.items(), key=lambda one: one[1].rank):
        system = systems[key.system, key.cluster]
        health = _health(system, recorded, seen.live.get(key))
        step = steps.get(key)
        owner = _owner(manifest, recorded.node)
        yield Watched(key, recorded.node, owner, health, _drift(step))


def _health(system: System, recorded: Recorded, live: Live | None) -> Health:
    paused = recorded.paused
    if paused:
        return Health("paused", f"since {paused['at']} by {paused['by']}: {paused['reason']}")
    if live is None:
        return Health("missing", "somebody removed it")
    return system.health(live) if isinstance(system, Reporting) else Health("running")


def _drift(step: Step | None) -> tuple[Any, ...]:
    return step.differences if step is not None and step.action == "drift" else ()


def _owner(manifest: Manifest, node: str) -> str:
    return str(manifest.nodes[node].get("owner", "")) if node in manifest.nodes else ""


def _readers(site: Site, manifest: Manifest) -> Iterable[Reader]:
    """The exposures that name their consumer group, in each of the topics that they read."""
    exposures = {
        group: node
        for node in manifest.nodes.values()
        if node["kind"] == "exposure" and (group := _group(node))
    }
    lags = _lags(site, exposures)
    for group, node in sorted(exposures.items()):
        config = node["consumer_config"]
        topics = _topics(manifest, node)
        seconds = config.get("max_lag_seconds")
        for lag in lags:
            if lag.group == group and lag.topic in topics:
                yield Reader(
                    node["id"],
                    str(node.get("owner", "")),
                    lag,
                    config.get("max_lag_messages"),
                    None if seconds is None else int(seconds * 1000),
                )


def _group(node: Mapping[str, Any]) -> str:
    return str((node.get("consumer_config") or {}).get("consumer_group") or "")


def _topics(manifest: Manifest, exposure: Mapping[str, Any]) -> set[str]:
    """A reader of a virtual topic has its offsets in the topic that holds the rows."""
    found: set[str] = set()
    for node_id in exposure["consumes"]:
        node = manifest.nodes.get(node_id)
        if node is not None:
            found.update((node.get("topic") or "", *node.get("physical_topics", ())))
    return found


def _lags(site: Site, groups: Iterable[str]) -> list[GroupLag]:
    wanted = sorted(groups)
    if not wanted:
        return []
    found: list[GroupLag] = []
    for name, cluster in site.project.clusters.items():
        if cluster.kafka is None:
            continue
        try:
            found += site.plugins.observe_lag(site.project, name, site.secrets, wanted)
        except SystemFailed as failure:
            message = f"how far readers of '{name}' are is not known: {failure}"
            problem = Problem(Location(PROJECT_FILE), "CS840", message, failure.mend)
            raise Refused([problem]) from None
    return found
