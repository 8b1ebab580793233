"""The affected part as a small Mermaid flowchart, readable in light and dark."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.report.comment.words import name
from cdk_stream.report.graph import mermaid_label
from cdk_stream.report.words import plural
from cdk_stream.results.change import Change
from cdk_stream.results.impact import Impact
from cdk_stream.results.verdict import Verdict

NODES = 40
"""More than this nobody reads, and Mermaid gives up long after."""
_LABEL = 60
_SHAPES = {"source": ('[("', '")]'), "exposure": ('(["', '"])')}
_PLAIN = ('["', '"]')
# fills light, words dark, both said: the page's theme changes neither
_CLASSES = (
    "classDef breaking fill:#ffd7d5,stroke:#b4232c,color:#3b0a0d,stroke-width:2px",
    "classDef risky fill:#fff1b8,stroke:#8a5a00,color:#332200,stroke-width:2px",
    "classDef safe fill:#d3f0dc,stroke:#1a7f37,color:#0b2e16,stroke-width:2px",
    "classDef way fill:#e6eaef,stroke:#6e7781,color:#1f2328",
)


def drawing(verdict: Verdict, most: int = NODES) -> str:
    """The flowchart in its fence with a line about what is not drawn; empty without a way."""
    shown = _chosen(verdict, most)
    if len(shown) < 2:
        return ""
    short = {node: f"n{at}" for at, node in enumerate(shown)}
    changes = {change.node: change for change in verdict.changes}
    impacts = {impact.exposure: impact for impact in verdict.impacts}
    lines = ["flowchart LR", *(f"  {one}" for one in _CLASSES)]
    for node in shown:
        lines.append(f"  {short[node]}{_node(node, changes.get(node), impacts.get(node))}")
    lines += [
        f"  {short[start]} --> {short[end]}"
        for start, end in verdict.affected.edges
        if start in short and end in short
    ]
    left = len(verdict.affected.nodes) - len(shown)
    more = f"\n\n{plural(left, 'more node')} not drawn; the worst are." if left else ""
    return "\n".join(("```mermaid", *lines, "```")) + more


def _chosen(verdict: Verdict, most: int) -> list[str]:
    """Whole ways, those of the worst impacts first, as long as there is room."""
    if len(verdict.affected.nodes) <= most:
        return list(verdict.affected.nodes)
    kept: set[str] = set()
    for path in _ways(verdict):
        if len(kept.union(path)) <= most:
            kept.update(path)
    return [node for node in verdict.affected.nodes if node in kept]


def _ways(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for impact in verdict.impacts:
        yield impact.path
    for impact in verdict.impacts:
        yield from impact.ways


def _node(node: str, change: Change | None, impact: Impact | None) -> str:
    before, after = _SHAPES.get(node.partition(".")[0], _PLAIN)
    if impact is not None:
        told, kind = impact.owner or "no owner", str(impact.severity)
    elif change is not None:
        told, kind = f"{change.category}, {_own(change)}", str(change.category)
    else:
        told, kind = "on the way", "way"
    return f"{before}{_label(name(node))}<br/>{_label(told)}{after}:::{kind}"


def _label(text: str) -> str:
    """Cut, and safe to stand in a drawing."""
    return mermaid_label(text if len(text) <= _LABEL else text[: _LABEL - 3] + "...")


def _own(change: Change) -> str:
    return "from upstream" if change.inherited else change.kind
