"""`state:modified` and its like: what a comparison with a base says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from cdk_stream.problems import Usage, near
from cdk_stream.results.change import Axis, Category, Change
from cdk_stream.results.manifest import Manifest

_PLAIN = ("modified", "new", "old", "unmodified")
_CATEGORIES: tuple[str, ...] = get_args(Category)
_AXES = tuple(f"modified.{axis}" for axis in get_args(Axis))
STATES = (*_PLAIN, *_CATEGORIES, *_AXES)


def by_state(manifest: Manifest, value: str, changes: Iterable[Change] | None) -> set[str]:
    """The nodes of `manifest` in a state; modified ones are those that someone touched.

    Raises Usage for an unknown state, or when there is no base to compare with.
    """
    if value not in STATES:
        mend = near(value, STATES) or "known here: " + ", ".join(STATES)
        raise Usage(f"there is no state '{value}'\n    {mend}")
    if changes is None:
        raise Usage(f"'state:{value}' needs something to compare with\n    give --base REF")
    here = [change for change in changes if change.node in manifest.nodes]
    new = {change.node for change in here if change.kind == "added"}
    touched = {change.node for change in here if not change.inherited}
    if value in _CATEGORIES:
        return {change.node for change in here if change.category == value}
    if value in _AXES:
        axis = value.partition(".")[2]
        return {
            change.node
            for change in here
            if any(one.axis == axis and not one.inherited for one in change.aspects)
        }
    return {
        "modified": touched,
        "new": new,
        "old": set(manifest.nodes) - new,
        "unmodified": set(manifest.nodes) - touched,
    }[value]
