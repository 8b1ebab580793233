"""Violations of a deployed project -> the actions that its tests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_stream.plugin.system import SystemFailed
from cdk_stream.plugin.watching import violations_topic
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.results.violation import Violations
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.alert import send, shown
from cdk_stream.workflow.pause import Order, turn
from cdk_stream.workflow.site import Site
from cdk_stream.workflow.status import open_deployed
from cdk_stream.workflow.violated import Event, Stretch, events

BY = "cdk-stream watch"


@dataclass(slots=True)
class Done:
    """What was done about violations."""

    told: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Watcher:
    """Reads the violations of an environment and acts on them; each test once per stretch."""

    root: Path
    environment: str
    environ: Mapping[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    """Test -> the violations that it found since this watcher began."""
    project: str = ""
    _known: set[Stretch] = field(default_factory=set)

    def turn(self) -> Done:
        """Act on what has come; raises `Refused` (CS898) when it cannot be read.

        What a model's pause failed for is not committed, and comes again; an alert that fails is
        only told, so that a dead webhook holds nothing up.
        """
        site = open_deployed(self.root, self.environment, self.environ)
        done = Done()
        self.project = site.project_name
        for test in _tests(site):
            self.counts.setdefault(test["name"], 0)  # Prometheus sees no step from nothing to one
        try:
            for cluster in _clusters(site):
                self._cluster(site, cluster, done)
        except SystemFailed as failure:
            problem = Problem(Location(PROJECT_FILE), "CS898", str(failure), failure.mend)
            raise Refused([problem]) from None
        finally:
            site.close()
        return done

    def _cluster(self, site: Site, cluster: str, done: Done) -> None:
        topic = violations_topic(site.project)
        log = site.plugins.open_violations(site.project, cluster, topic, site.secrets)
        if log is None:
            raise SystemFailed(f"no plugin reads '{topic}' of cluster '{cluster}'", "list 'kafka'")
        try:
            self._log(site, log, done)
        finally:
            log.close()

    def _log(self, site: Site, log: Violations, done: Done) -> None:
        paused = True
        found = log.read()
        for stretch, event in events(found, self._known).items():
            if _act(site, event, done):
                self._known.add(stretch)
            else:
                paused = False
        if found and paused:
            log.commit()
            for one in found:
                self.counts[one.test] = self.counts.get(one.test, 0) + 1


def _clusters(site: Site) -> list[str]:
    """Those that a continuous test of the deployed version writes to."""
    return sorted({item["cluster"] for test in _tests(site) for item in test["artifacts"]})


def _tests(site: Site) -> list[Mapping[str, Any]]:
    nodes = site.compiled.manifest.nodes.values()
    return [node for node in nodes if node["kind"] == "test" and node.get("artifacts")]


def _act(site: Site, event: Event, done: Done) -> bool:
    """Whether nothing is left to be done again."""
    test = site.compiled.manifest.nodes.get(f"test.{event.test}")
    if test is None:
        done.told.append(f"'{event.test}' is no test of what is deployed: {event.count} violations")
        return True
    severity = test["on_failure"].get("severity", "error")
    done.told.append(f"'{event.test}': {event.count} violations of {', '.join(event.assertions)}")
    rests = _pause(site, test, event, done) if _asks_pause(test, severity) else True
    if rests:  # else both come again, and nobody is told twice
        _alert(site, test, event, severity, done)
    return rests


def _asks_pause(test: Mapping[str, Any], severity: str) -> bool:
    """A warning is only told."""
    return severity == "error" and any(one.get("pause_model") for one in _actions(test))


def _actions(test: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(test["on_failure"].get("actions", ()))


def _pause(site: Site, test: Mapping[str, Any], event: Event, done: Done) -> bool:
    reason = f"test '{event.test}': {event.count} violations, first of '{event.first.assertion}'"
    order = Order("pause", test["model"].removeprefix("model."), BY, reason)
    try:
        turn(site, order)
    except Usage as nothing:  # it rests already, or has nothing that could
        done.told.append(str(nothing))
        return True
    except Refused as refused:
        done.failed += [f"'{order.model}' goes on: {one.message}" for one in refused.problems]
        return False
    done.told.append(f"paused '{order.model}'")
    return True


def _alert(site: Site, test: Mapping[str, Any], event: Event, severity: str, done: Done) -> None:
    about = {
        "project": site.project_name,
        "environment": site.place.name,
        "severity": severity,
    }
    for target in _targets(site, test):
        try:
            send(target, event, about, site.secrets)
        except SystemFailed as failure:
            why = site.secrets.mask(str(failure))
            done.failed.append(f"nobody was told at '{shown(target)}': {why}")
        else:
            done.told.append(f"told '{shown(target)}'")


def _targets(site: Site, test: Mapping[str, Any]) -> Iterator[str]:
    """Where the test sends alerts, and then its owner's or its model's owner's own place, once."""
    said = [one["send_alert"] for one in _actions(test) if one.get("send_alert")]
    if not said:
        return
    model = site.compiled.manifest.nodes.get(test["model"], {})
    owner = site.project.owners.get(test.get("owner") or model.get("owner") or "")
    own = [owner.alerts] if owner is not None and owner.alerts else []
    yield from dict.fromkeys((*said, *own))
