"""What becomes of a job's state: by the plans in the ledger where they still hold, else roughly."""

from __future__ import annotations

from cdk_stream.plugin.change import Version
from cdk_stream.results.state import StateChange
from cdk_stream_flink.state.compare import compare
from cdk_stream_flink.state.ledger import Entry, ledger_path, read_entry
from cdk_stream_flink.state.outline import Outline, outline
from cdk_stream_flink.state.rough import compare_apart, compare_outlines

_ADVICE = "`cdk-stream state record` asks Flink's planner, which knows for certain"


def judge(base: Version, head: Version, node_id: str) -> StateChange:
    """The change of a model that is a Flink job in both versions.

    A plan in the ledger holds while the outline it was recorded for is still the model's own.
    """
    old, new = outline(base, node_id), outline(head, node_id)
    apart = tuple(compare_apart(old, new))
    before, after = _planned(base, node_id, old), _planned(head, node_id, new)
    if before is not None and after is not None:
        return StateChange((*compare(before.signature, after.signature).findings, *apart))
    rough = (*compare_outlines(old, new), *apart)
    return StateChange(rough, planned=False, advice=_ADVICE if rough else "")


def _planned(version: Version, node_id: str, now: Outline | None) -> Entry | None:
    path = ledger_path(version.nodes[node_id]["name"])
    if now is None or path not in version.blobs:
        return None
    entry = read_entry(version.read(path))
    return entry if entry is not None and entry.outline == now.digest else None
