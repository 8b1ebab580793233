"""What a reviewer is told beside whom a change hits: the part to draw, and the way over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from cdk_stream import yaml
from cdk_stream.problems import Refused
from cdk_stream.results.affected import Affected
from cdk_stream.results.consumer import LiveGroups
from cdk_stream.results.impact import Impact
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.migration import Migration
from cdk_stream.results.verdict import Verdict
from cdk_stream.stages.advise import Situation, Written, advise
from cdk_stream.stages.undeclared import undeclared
from cdk_stream.workflow.compile import Compiled

_COMMIT = re.compile(r"\b[0-9a-f]{7,64}\b")


def advised(
    verdict: Verdict,
    name: str,
    before: Compiled | None,
    head: Compiled,
    live: LiveGroups | None = None,
) -> Verdict:
    """The verdict with the part of the project to draw, the ways over its changes, and the live
    groups that nobody declares.

    `name` is what the base is called: "commit 1a2b3c4", "'main' (1a2b3c4)".
    """
    base = before.manifest if before else Manifest({}, {}, {})
    if live is not None:
        strangers = undeclared(live.groups, verdict.changes, base, head.manifest)
        verdict = replace(verdict, undeclared=strangers, consumers_from=live.source)
    if not verdict.impacts:
        return verdict
    found = _COMMIT.findall(name)
    return replace(
        verdict,
        affected=affected(verdict.impacts, base, head.manifest),
        migrations=migrations(verdict, before, head, found[-1] if found else "HEAD"),
    )


def affected(impacts: Iterable[Impact], base: Manifest, head: Manifest) -> Affected:
    """The ways of all impacts as one graph."""
    steps: dict[tuple[str, str], None] = {}
    nodes: dict[str, None] = {}
    for impact in impacts:
        for way in impact.ways:
            nodes.update(dict.fromkeys(way))
            steps.update(dict.fromkeys(pairwise(way)))
    edges = {edge: None for step in steps for edge in [_along(step, base, head)]}
    order = _order(nodes, edges)
    return Affected(tuple(order), tuple(sorted(edges, key=lambda e: [order.index(n) for n in e])))


def _along(step: tuple[str, str], base: Manifest, head: Manifest) -> tuple[str, str]:
    """From writer to reader: a change of a source goes against the stream to its producers."""
    near, far = step
    upstream = any(far in manifest.parents.get(near, ()) for manifest in (head, base))
    downstream = any(near in manifest.parents.get(far, ()) for manifest in (head, base))
    return (far, near) if upstream and not downstream else step


def _order(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """Inputs first, as far as there is no circle; ids decide among equals."""
    inputs: dict[str, set[str]] = {node: set() for node in nodes}
    for start, end in edges:
        inputs[end].add(start)
    found: list[str] = []
    while inputs:
        ready = sorted(n for n, needs in inputs.items() if not needs) or [min(inputs)]
        found += ready
        for node in ready:
            del inputs[node]
        for needs in inputs.values():
            needs.difference_update(ready)
    return found


def migrations(
    verdict: Verdict, before: Compiled | None, head: Compiled, commit: str
) -> tuple[Migration, ...]:
    """The ways over the changes that hit somebody; none when everything is new.

    `commit` is what a command calls the base.
    """
    if before is None:
        return ()
    situation = Situation(
        before.manifest,
        head.manifest,
        _written(head),
        _written(before),
        commit,
        _alone(before, head),
    )
    return advise(verdict.changes, verdict.impacts, situation)


def _written(compiled: Compiled) -> Written:
    def written(node_id: str) -> Mapping[str, Any]:
        node = compiled.manifest.nodes[node_id]
        found: Any = _file(compiled, node["path"])
        for step in node["pointer"].split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
        kept = dict(found)
        for declared in compiled.loader.declarations(node["path"]):
            if declared.id == node_id and declared.sql and "sql" not in kept:
                kept["sql"] = declared.sql
        return kept

    return written


def _file(compiled: Compiled, path: str) -> Any:
    try:
        return yaml.load(compiled.loader.content(path), path)
    except Refused:  # it compiled, so it was read before
        return {}


def _alone(before: Compiled, head: Compiled) -> Callable[[str], Iterable[str]]:
    def alone(node_id: str) -> list[str]:
        path = str(before.manifest.nodes[node_id]["path"])
        if head.manifest.nodes[node_id]["path"] != path:
            return []
        files = [path]
        for compiled in (before, head):
            declared = compiled.loader.declarations(path)
            if len(declared) != 1:
                return []
            files += [declared[0].sql_path] if declared[0].sql_path else []
        return files

    return alone
