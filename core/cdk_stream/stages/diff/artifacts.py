"""What differs in the artefacts of a node that nothing else explains."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect

Name = tuple[str, str, str]
"""(kind, name, cluster)."""

# Carry the author's SQL: they differ with its formatting.
_WRITTEN_OUT = (
    "config_map",
    "flink_deployment",
    "flink_job",
    "flink_script",
    "flink_session_job",
    "flink_statement",
    "interceptor",
    "secret",
)
# What a topic's artefact is made of beside its own settings.
_EXPLAINS_TOPIC = {"CHANGELOG_CHANGED", "DESCRIBED", "KEY_CHANGED", "PARTITIONS_CHANGED",
                   "RETENTION_CHANGED"}  # fmt: skip


def artifact_aspects(base: Node, head: Node, found: Collection[Aspect]) -> Iterator[Aspect]:
    """Artefacts that are written otherwise though the aspects `found` do not say why."""
    old, new = _digests(base), _digests(head)
    differing = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    codes = {one.code for one in found}
    own = ("topic", base.get("topic"), base.get("cluster"))
    if own in differing and own in old and own in new and not codes & _EXPLAINS_TOPIC:
        yield aspect("TOPIC_TUNED", "risky", f"topic '{own[1]}' has other settings")
    reformatted = base.get("sql") != head.get("sql") and bool(head.get("fingerprint"))
    rest = [name for name in differing if name != own and not (reformatted and _is_text(name))]
    if rest and not found:
        listed = ", ".join(f"{kind} '{name}'" for kind, name, _ in rest)
        yield aspect("ARTIFACT_CHANGED", "risky", f"what is made for it differs: {listed}")


def _is_text(name: Name) -> bool:
    return name[0] in _WRITTEN_OUT


def _digests(node: Node) -> dict[Name, str]:
    return {
        (artifact["kind"], artifact["name"], artifact["cluster"]): artifact["digest"]
        for artifact in node.get("artifacts", ())
    }
