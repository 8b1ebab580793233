"""What models ask of other nodes: rules on their columns, and a name for their topic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from cdk_stream.compiler.workbench import Workbench
from cdk_stream.results.entry import Imposed
from cdk_stream.results.stream import Protection
from cdk_stream.stages.protect import impose

Rule = tuple[str, Protection]
"""(column, what hides it)."""


class Imposition(NamedTuple):
    """Everything that other nodes put on one; equal digests mean equal contents."""

    digest: str = ""
    rules: tuple[Rule, ...] = ()
    topic: str = ""


NOTHING = Imposition()


class Asked(NamedTuple):
    """What one node's author asks of other nodes."""

    imposes: tuple[Imposed, ...] = ()
    claims: tuple[str, str] | None = None
    """(node id, the topic name it should have)."""


NO_WISH = Asked()


def impositions(bench: Workbench, ordered: Iterable[str]) -> dict[str, Imposition]:
    """Node id -> what is put on it; nodes that nobody asks anything of are left out."""
    rules: dict[str, list[Rule]] = {}
    topics: dict[str, str] = {}
    for node_id in ordered:
        asked = _asked(bench, node_id)
        if asked is NO_WISH:
            continue
        for target, column, rule in asked.imposes:
            rules.setdefault(target, []).append((column, rule))
        if asked.claims:
            topics.setdefault(*asked.claims)
    return {
        node_id: _imposition(sorted(rules.get(node_id, ())), topics.get(node_id, ""))
        for node_id in {*rules, *topics}
    }


def _imposition(rules: list[Rule], topic: str) -> Imposition:
    content = repr((rules, topic)).encode()
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()[:16]
    return Imposition(digest, tuple(rules), topic)


def _asked(bench: Workbench, node_id: str) -> Asked:
    if node_id in bench.inferred:
        return asks(bench, node_id)
    kept = bench.kept.get(node_id)
    if kept is None or not (kept.imposes or kept.claims):
        return NO_WISH
    return Asked(kept.imposes, kept.claims)


def asks(bench: Workbench, node_id: str) -> Asked:
    """What an inferred node asks of others; its complaints are kept with it, once."""
    known = bench.asked.get(node_id)
    if known is None:
        known = bench.asked[node_id] = Asked(_imposes(bench, node_id), _claims(bench, node_id))
    return known


def _imposes(bench: Workbench, node_id: str) -> tuple[Imposed, ...]:
    inferred = bench.inferred[node_id]
    if not inferred.stream.resource.security.policies:
        return ()
    imposes, told = impose(inferred.stream, bench.project)
    inferred.complaints.extend(told)
    return imposes


def _claims(bench: Workbench, node_id: str) -> tuple[str, str] | None:
    """A sink that names its topic names that of the model it reads, when nobody else does."""
    stream = bench.inferred[node_id].stream
    sink = stream.resource.sink if stream.kind == "model" else None
    if sink is None or not sink.topic or len(stream.inputs) != 1:
        return None
    (given,) = stream.inputs.values()
    if given.kind != "model" or (given.resource.topic and given.resource.topic.name):
        return None
    return given.id, sink.topic
