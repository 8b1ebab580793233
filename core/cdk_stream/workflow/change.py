"""Two compiled versions -> what changed between them, and what speaks against the step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.change import Version
from cdk_stream.problems import Problem, Severity
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.results.state import SAFE, StateChange
from cdk_stream.stages.diff import diff
from cdk_stream.stages.diff.state import UNDECIDED
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.rules import rule_changes

LEDGER = "state/"
"""The folder that keeps what jobs remember, a file for each model."""


def changes_between(base: Compiled | None, head: Compiled) -> tuple[Change, ...]:
    """What differs in meaning; everything is new without a base."""
    if base is None:
        return diff(Manifest({}, {}, {}), head.manifest)
    old, new = version(base), version(head)

    def judge(node_id: str) -> StateChange | None:
        before, after = old.nodes[node_id].get("backend"), new.nodes[node_id].get("backend")
        if not before or before != after:
            return SAFE if before or after else None  # the old job ends; that is told elsewhere
        return head.plugins.compare_state(old, new, node_id)

    found = diff(base.manifest, head.manifest, judge, _touched(old, new))
    return (*rule_changes(base, head), *found)


def change_problems(
    base: Compiled | None, head: Compiled, changes: Iterable[Change]
) -> list[Problem]:
    """What the plugins have against the step, and what its author must decide."""
    if base is None:
        return []
    nodes = head.manifest.nodes
    modified = [one for one in changes if one.kind == "modified" and one.node in nodes]
    told = head.plugins.check_change(
        head.project, version(base), version(head), [change.node for change in modified]
    )
    problems = [_problem(head, nodes[node_id], remark) for node_id, remark in told]
    for change in modified:
        problems += [_problem(head, nodes[change.node], remark) for remark in _undecided(change)]
    return problems


def version(compiled: Compiled) -> Version:
    """A compiled version as plugins see it."""
    loader, manifest = compiled.loader, compiled.manifest
    return Version(manifest.nodes, loader.blobs, loader.content, compiled.project, manifest.parents)


def _touched(old: Version, new: Version) -> set[str]:
    """The models whose file in the ledger differs, though they themselves may not."""
    paths = {path for path in old.blobs.keys() | new.blobs.keys() if path.startswith(LEDGER)}
    return {
        f"model.{path.removeprefix(LEDGER).removesuffix('.json')}"
        for path in paths
        if old.blobs.get(path) != new.blobs.get(path)
    }


def _undecided(change: Change) -> Iterator[Remark]:
    """One remark for all that the author must decide about the state of a job."""
    open_ = [one for one in change.aspects if one.code in UNDECIDED]
    if open_:
        worst = next((one for one in open_ if one.code == "STATE_INCOMPATIBLE"), open_[0])
        yield Remark(_code(worst), _question(change, worst), worst.mend, Severity.ERROR)


def _code(aspect: Aspect) -> str:
    return "CS821" if aspect.code == "STATE_INCOMPATIBLE" else "CS820"


def _question(change: Change, aspect: Aspect) -> str:
    name = change.node.partition(".")[2]
    if aspect.code == "STATE_INCOMPATIBLE":
        return f"the state of the running job of '{name}' will not restore: {aspect.message}"
    return f"the state of the running job of '{name}' may mean something else: {aspect.message}"


def _problem(compiled: Compiled, node: Node, remark: Remark) -> Problem:
    location = compiled.loader.locate(node["path"], node["pointer"] + remark.pointer)
    return Problem(
        location, remark.code, remark.message, remark.mend, remark.severity, node=node["id"]
    )
