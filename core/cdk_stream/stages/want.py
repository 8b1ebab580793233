"""A compiled project -> what is wanted of each live system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cdk_stream.plugin.system import System, Wanted
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.artifact import Written
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.plan import Key
from cdk_stream.results.record import Recorded
from cdk_stream.tree import PROJECT_FILE

Routes = Mapping[tuple[str, str], System]
"""(cluster, kind) -> the system that holds it."""


def want(
    manifest: Manifest,
    artifacts: Mapping[str, Written],
    routes: Routes,
    recorded: Mapping[Key, Recorded],
) -> dict[Key, Wanted]:
    """Every artefact once, with its system; raises `Refused` (CS831) for kinds that none holds."""
    found: dict[Key, Wanted] = {}
    lost: dict[tuple[str, str], str] = {}
    for node_id, item in _items(manifest):
        place = item["cluster"], item["kind"]
        system = routes.get(place)
        if system is None:
            lost.setdefault(place, node_id)
            continue
        key = Key(system.name, item["cluster"], item["kind"], item["name"])
        if key not in found:
            spec = _spec(item["file"], artifacts[item["file"]].content)
            known = recorded.get(key)
            settings = _settings(manifest.nodes[node_id])
            previous = known.spec if known else None
            digest = item["digest"]
            found[key] = Wanted(key, node_id, spec, digest, settings=settings, previous=previous)
    if lost:
        raise Refused([_lost(*place, node_id) for place, node_id in sorted(lost.items())])
    return found


def _items(manifest: Manifest) -> Iterator[tuple[str, Any]]:
    for node_id in sorted(manifest.nodes):
        for item in manifest.nodes[node_id].get("artifacts", ()):
            yield node_id, item


def _spec(file: str, content: bytes) -> Any:
    return content.decode() if file.endswith(".sql") else orjson.loads(content)


def _settings(node: Mapping[str, Any]) -> dict[str, Any]:
    """What the author decided about a running job's state."""
    state = node.get("on_state_change")
    return {"state": state} if state else {}


def _lost(cluster: str, kind: str, node_id: str) -> Problem:
    message = f"no live system of cluster '{cluster}' takes the {kind} of '{node_id}'"
    mend = (
        f"say where it is under `clusters: {cluster}:`, or list the plugin that reaches it; what "
        "another tool applies, a Flink operator for instance, belongs into a project of its own, "
        f"whose files under target/{cluster}/{kind}/ that tool takes after `cdk-stream compile`"
    )
    return Problem(Location(PROJECT_FILE), "CS831", message, mend, node=node_id)
