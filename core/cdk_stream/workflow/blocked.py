"""Tests with `block_deploy` that found something -> what speaks against a deploy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from cdk_stream.plugin.system import SystemFailed
from cdk_stream.plugin.watching import violations_topic
from cdk_stream.problems import Location, Problem
from cdk_stream.results.plan import Plan
from cdk_stream.results.record import Record
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.site import Site


def blocked(site: Site, plan: Plan, last: Record | None) -> list[Problem]:
    """Errors (CS899) for open violations of models that the plan does not touch.

    Open is what was found since the record was last written, so that `resume` closes it. Who
    changes the model is let through: that may be the mend.
    """
    if last is None or not plan.writes:
        return []
    tests = list(_blocking(site, {step.node for step in plan.writes}))
    topic = violations_topic(site.project) if tests else ""
    clusters = {key.cluster for key in last.resources if (key.kind, key.name) == ("topic", topic)}
    if not clusters:
        return []
    since = datetime.fromisoformat(last.ended).timestamp()
    try:
        found = {one for name in sorted(clusters) for one in _found(site, name, topic, since)}
    except SystemFailed as failure:
        message = f"whether a test blocks this deploy is not known: {failure}"
        return [Problem(Location(PROJECT_FILE), "CS899", message, failure.mend)]
    return [_problem(test) for test in tests if test["name"] in found or _rests(test, last)]


def _blocking(site: Site, touched: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for node in site.compiled.manifest.nodes.values():
        if node["kind"] != "test" or not node.get("artifacts") or node["model"] in touched:
            continue
        if any(one.get("block_deploy") for one in node["on_failure"].get("actions", ())):
            yield node


def _found(site: Site, cluster: str, topic: str, since: float) -> set[str]:
    """The names of the tests that found something."""
    log = site.plugins.open_violations(site.project, cluster, topic, site.secrets)
    if log is None:
        raise SystemFailed(f"no plugin reads '{topic}' of cluster '{cluster}'", "list 'kafka'")
    try:
        return {one.test for one in log.since(since)}
    finally:
        log.close()


def _rests(test: Mapping[str, Any], last: Record) -> bool:
    """Whether the test paused the model: that wrote the record, and hides what was found before."""
    reasons = (one.paused.get("reason", "") for one in last.resources.values() if one.paused)
    return any(reason.startswith(f"test '{test['name']}':") for reason in reasons)


def _problem(test: Mapping[str, Any]) -> Problem:
    model = test["model"].partition(".")[2]
    message = f"test '{test['name']}' found rows of '{model}' that do not hold, and blocks deploys"
    mend = f"deploy what mends '{model}', or `cdk-stream resume {model}` once it is mended"
    return Problem(Location(PROJECT_FILE), "CS899", message, mend, node=test["id"])
