"""What differs in the artefacts of a node that nothing else explains."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect

Name = tuple[str, str, str]
"""(kind, name, cluster)."""

# Carry the author's SQL: they differ with its formatting.
_WRITTEN_OUT = ("flink_job", "interceptor")
# What a topic's artefact is made of beside its own settings.
_EXPLAINS_TOPIC = {"CHANGELOG_CHANGED", "DESCRIBED", "KEY_CHANGED", "PARTITIONS_CHANGED",
                   "RETENTION_CHANGED"}  # fmt: skip


def artifact_aspects(base: Node, head: Node, found: Collection[Aspect]) -> Iterator[Aspect]:
    """Artefacts that are written otherwise though the aspects `found` do not say why."""
    old, new = _digests(base), _digests(head)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name) and not _explained(name, base, head, found):
            topic_settings = name[0] == "topic" and name in old and name in new
            what = "has other settings" if topic_settings else "is written otherwise"
            message = f"{name[0]} '{name[1]}' on '{name[2]}' {what}"
            yield aspect("ARTIFACT_CHANGED", "risky", message)


def _explained(name: Name, base: Node, head: Node, found: Collection[Aspect]) -> bool:
    codes = {one.code for one in found}
    if name[0] == "topic" and name[:2] == ("topic", base.get("topic")) == (
        "topic",
        head.get("topic"),
    ):
        return bool(codes & _EXPLAINS_TOPIC)
    reformatted = base.get("sql") != head.get("sql") and bool(head.get("fingerprint"))
    return bool(codes) or (name[0] in _WRITTEN_OUT and reformatted)


def _digests(node: Node) -> dict[Name, str]:
    return {
        (artifact["kind"], artifact["name"], artifact["cluster"]): artifact["digest"]
        for artifact in node.get("artifacts", ())
    }
