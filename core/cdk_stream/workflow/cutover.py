"""Two versions of a model, both running -> may the new one take over, and the old one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cdk_stream.plugin.account import job_account
from cdk_stream.plugin.health import Reporting
from cdk_stream.plugin.live import systems_by_name
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.problems import Location, Problem, Refused, Usage, near
from cdk_stream.results.cutover import Cutover, Input
from cdk_stream.results.health import GroupLag
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.plan import Key
from cdk_stream.results.record import Record, Recorded, StepResult
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.deploy import moment, now
from cdk_stream.workflow.draft import load
from cdk_stream.workflow.lease import held
from cdk_stream.workflow.readers import live_readers
from cdk_stream.workflow.site import Site

OURS = ("topic", "subject")
"""What holds rows or schemas, and is kept unless somebody approves that it goes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which versions, and what counts as caught up."""

    old: str
    new: str
    max_lag: int
    """So many rows may the new version be behind the old one, in each topic that both read."""
    gone: tuple[str, ...] = ()
    """Consumer groups that are known never to come back."""


def cutover(site: Site, asked: Asked) -> Cutover:
    """Look at both versions of what is deployed; raises `Refused` (CS847) when one cannot tell."""
    manifest = site.compiled.manifest
    old, new = (_node(manifest, name) for name in (asked.old, asked.new))
    record = load(site).record
    if record is None:
        raise Usage(f"nothing is deployed in '{site.place.name}' yet")
    try:
        site.connect({key.cluster for key in record.resources})
        inputs = tuple(_inputs(site, manifest, asked))
        behind = (*_not_running(site, record, new), *_behind(inputs, asked))
        topics = [key for key in _kept(record, old) if key.kind == "topic"]
        live = live_readers(site, topics, asked.gone)
    except SystemFailed as failure:
        message = f"whether '{asked.new}' may take over is not known: {failure}"
        raise Refused([Problem(Location(PROJECT_FILE), "CS847", message, failure.mend)]) from None
    declared = tuple(sorted(child for child in manifest.children.get(old, ()) if _reads(child)))
    return Cutover(old, new, behind, declared, live, inputs)


def retire(site: Site, asked: Asked, by: str, reason: str) -> tuple[Cutover, Record | None]:
    """Look, and write down that the old version may go: then a deploy that does not want it any
    more deletes its topic and schema. No record when it may not go."""
    with held(site, f"{by}, cutover of {asked.old}") as lease:
        state = load(site)
        if state.record is None or state.journal:
            what = "is to come to its end first" if state.journal else "comes first"
            raise Usage(f"a deploy of '{site.place.name}' {what}")
        started = moment(now)
        found = cutover(site, asked)
        if not found.may_retire:
            return found, None
        record = _retired(state.record, found, asked, (by, started, reason))
        lease.finish(record)
    return found, record


def _retired(record: Record, found: Cutover, asked: Asked, word: tuple[str, str, str]) -> Record:
    by, at, reason = word
    told = {"by": by, "at": at, "reason": reason, "new": found.new, "gone": list(asked.gone)}
    keys = _kept(record, found.old)
    resources = dict(record.resources)
    for key in keys:
        resources[key] = replace(resources[key], retired=told)
    steps = tuple(StepResult(str(key), "retire", "done", True, reason) for key in keys)
    return record.following(by, at, moment(now), steps, resources)


def _kept(record: Record, node: str) -> list[Key]:
    return [key for key, one in record.resources.items() if one.node == node and key.kind in OURS]


def _node(manifest: Manifest, name: str) -> str:
    node = f"model.{name}"
    if node not in manifest.nodes:
        models = [one.removeprefix("model.") for one in manifest.nodes if one.startswith("model.")]
        raise Usage(f"no model '{name}' is deployed\n    {near(name, models)}".rstrip())
    return node


def _reads(node: str) -> bool:
    """A test goes with the model that it tests."""
    return not node.startswith("test.")


def _not_running(site: Site, record: Record, node: str) -> Iterator[str]:
    systems = systems_by_name(site.systems)
    for key, one in record.resources.items():
        system = systems.get((key.system, key.cluster))
        if one.node != node or not isinstance(system, Reporting):
            continue
        live = system.observe((), {key: one.spec}).get(key)
        health = system.health(live) if live is not None else None
        if _rests(one) or health is None or health.condition != "running":
            told = "is paused" if _rests(one) else health.told if health else "is not there"
            yield f"'{key}' does not run: {told}"


def _rests(one: Recorded) -> bool:
    return bool(one.paused)


def _inputs(site: Site, manifest: Manifest, asked: Asked) -> Iterator[Input]:
    """The topics that both jobs read; a view in the proxy has no job, and is never behind."""
    old, new = (manifest.nodes[f"model.{name}"] for name in (asked.old, asked.new))
    if new.get("backend") != "flink":
        return
    mine = job_account(site.project.name, asked.new)
    other = job_account(site.project.name, asked.old)
    lags = list(_lags(site, {str(old["cluster"]), str(new["cluster"])}, (mine, other)))
    shared = _topics(manifest, asked.old) & _topics(manifest, asked.new)
    for topic in sorted(shared or _topics(manifest, asked.new)):
        yield Input(topic, _rows(lags, other, topic), _rows(lags, mine, topic))


def _lags(site: Site, clusters: Iterable[str], groups: Sequence[str]) -> Iterator[GroupLag]:
    for cluster in sorted(clusters):
        yield from site.plugins.observe_lag(site.project, cluster, site.secrets, groups)


def _topics(manifest: Manifest, name: str) -> set[str]:
    """Those of the brokers: a view of the proxy holds no rows of its own."""
    found: set[str] = set()
    for parent in manifest.parents.get(f"model.{name}", ()):
        node = manifest.nodes[parent]
        if node["kind"] not in ("source", "model"):
            continue
        view = node.get("materialized") == "virtual_topic"
        found.update(node.get("physical_topics", ()) if view else (node.get("topic") or "",))
    return found - {""}


def _rows(lags: Iterable[GroupLag], group: str, topic: str) -> int | None:
    return next((lag.records for lag in lags if (lag.group, lag.topic) == (group, topic)), None)


def _behind(inputs: Iterable[Input], asked: Asked) -> Iterator[str]:
    for one in inputs:
        if one.new is None:
            yield f"'{asked.new}' has committed nothing in '{one.topic}': no checkpoint is complete"
        elif one.new > (one.old or 0) + asked.max_lag:
            where = f"{one.old} of '{asked.old}'" if one.old is not None else "0"
            yield (
                f"'{asked.new}' has {one.new} rows of '{one.topic}' to read, and {where} with "
                f"{asked.max_lag} more are allowed"
            )
