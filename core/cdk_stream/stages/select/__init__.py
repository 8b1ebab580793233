"""A selector -> the nodes it picks."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.results.change import Change
from cdk_stream.results.graph import in_order, reachable
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.select.grammar import ANY, Criterion, parse
from cdk_stream.stages.select.methods import by_method
from cdk_stream.stages.select.state import by_state


def select(
    manifest: Manifest,
    expressions: Iterable[str],
    exclude: Iterable[str] = (),
    state: Iterable[Change] | None = None,
) -> list[str]:
    """The ids that `expressions` pick and `exclude` does not, parents first; all without any.

    The grammar is dbt's: `name`, `+name`, `name+2`, `@name`, `method:value`, globs; a space adds,
    a comma narrows. `state` holds what differs from a base. Raises Usage for a name, a value or
    a method that nothing has; the list may still be empty when terms exclude each other.
    """
    changes = None if state is None else tuple(state)
    wanted = list(expressions)
    chosen = _union(manifest, wanted, changes) if wanted else set(manifest.nodes)
    chosen -= _union(manifest, exclude, changes)
    return in_order(manifest.parents, chosen)


def nothing_selected(expressions: Iterable[str], exclude: Iterable[str] = ()) -> str:
    """What to tell of an empty selection: silence would look like success."""
    wanted, left_out = " ".join(expressions), " ".join(exclude)
    without = f" without '{left_out}'" if left_out else ""
    return f"'{wanted or 'everything'}'{without} selects nothing"


def _union(
    manifest: Manifest, expressions: Iterable[str], changes: tuple[Change, ...] | None
) -> set[str]:
    found: set[str] = set()
    for term in parse(expressions):
        picked = [_picked(manifest, criterion, changes) for criterion in term]
        found |= set.intersection(*picked)
    return found


def _picked(
    manifest: Manifest, criterion: Criterion, changes: tuple[Change, ...] | None
) -> set[str]:
    if criterion.method == "state":
        nodes = by_state(manifest, criterion.value, changes)
    else:
        nodes = by_method(manifest, criterion.method, criterion.value)
    if criterion.whole:
        return reachable(manifest.parents, reachable(manifest.children, nodes, ANY), ANY)
    up = reachable(manifest.parents, nodes, criterion.up)
    return up | reachable(manifest.children, nodes, criterion.down)
