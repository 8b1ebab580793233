"""What policies see of a project, outside of a check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cdk_stream.problems import Severity, Usage, near, refuse_errors
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.decide import input_document
from cdk_stream.stages.trace import trace
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.check import compiled_at
from cdk_stream.workflow.compile import Compiled, compile_project
from cdk_stream.workflow.facts import change_facts


@dataclass(frozen=True, slots=True)
class Document:
    """The `input` of policies, and the project that it was made from."""

    text: bytes
    compiled: Compiled


def document(root: Path, base: str | None, now: str | None) -> Document:
    """The project in `root` as policies see it, at the time `now` (RFC 3339).

    Raises `Refused` for a project with errors, and `Usage` for a base or time that is none.
    """
    compiled = compile_project(root)
    problems = compiled.compilation.problems
    refuse_errors(problem for problem in problems if problem.severity is Severity.ERROR)
    extra: dict[str, Any] = {"now": _time(now)}
    if base:
        before = compiled_at(root, base, compiled)
        changes = changes_between(before, compiled)
        earlier = before.manifest if before else Manifest({}, {}, {})
        extra |= change_facts(changes, trace(changes, earlier, compiled.manifest))
    return Document(input_document(compiled.manifest.document(), extra), compiled)


def _time(given: str | None) -> str:
    if given is None:
        return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Usage(f"'{given}' is not a time\n    write 2026-01-31T12:00:00Z for instance")
    return given


def cut(whole: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The document with the named nodes and those next to them only; Usage for an unknown name."""
    kept: set[str] = set()
    for name in names:
        found = [i for i in whole["nodes"] if name in (i, i.partition(".")[2])]
        if not found:
            mend = near(name, (i.partition(".")[2] for i in whole["nodes"]))
            raise Usage(f"there is no node '{name}'" + (f"\n    {mend}" if mend else ""))
        for node_id in found:
            kept |= {node_id, *whole["parents"][node_id], *whole["children"][node_id]}
    edges = {
        side: {i: [other for other in whole[side][i] if other in kept] for i in sorted(kept)}
        for side in ("parents", "children")
    }
    nodes = {node_id: node for node_id, node in whole["nodes"].items() if node_id in kept}
    return {**whole, "nodes": nodes, **edges}
