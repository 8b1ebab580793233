"""What differs in an application, dashboard or ML model outside the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.promises import (
    contract_aspects,
    description_aspects,
    owner_aspects,
    sla_aspects,
)

_DESCRIPTIVE = ("url", "repo", "language", "tool")
_PURPOSEFUL = ("type", "role", "training", "consumer_config")


def exposure_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of what it reads and writes, with which rights, and what it promises."""
    yield from owner_aspects(base, head)
    yield from _reads(base, head)
    yield from _writes(base, head)
    yield from _access(base, head)
    yield from contract_aspects(base.get("contracts"), head.get("contracts"))
    yield from sla_aspects(base, head)
    for key in _PURPOSEFUL:
        if base.get(key) != head.get(key):
            message = f"{key} is {head.get(key, 'not said')}, it was {base.get(key, 'not said')}"
            yield aspect("READS_CHANGED", "risky", message)
    old, new = base.get("producer_config"), head.get("producer_config")
    if old != new:
        message = f"producer_config is {new or 'not said'}, it was {old or 'not said'}"
        yield aspect("WRITES_CHANGED", "risky", message)
    for key in _DESCRIPTIVE:
        if base.get(key) != head.get(key):
            yield aspect("DESCRIBED", "safe", f"changed: {key}")
    yield from description_aspects(base, head)


def _reads(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = set(base.get("consumes", ())), set(head.get("consumes", ()))
    if new - old:
        yield aspect("READS_CHANGED", "risky", f"it reads {_names(new - old)} as well")
    if old - new:
        yield aspect("READS_CHANGED", "risky", f"it does not read {_names(old - new)} any more")
    before, after = set(base.get("columns", ())), set(head.get("columns", ()))
    if before != after:
        message = f"it reads {_columns(after)}, not {_columns(before)}"
        more = not after or (before and not after <= before)
        yield aspect("READS_CHANGED", "risky" if more else "safe", message)


def _columns(names: set[str]) -> str:
    return f"only {_names(names)}" if names else "every column"


def _writes(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = set(base.get("produces", ())), set(head.get("produces", ()))
    if new - old:
        yield aspect("WRITES_CHANGED", "risky", f"it writes {_names(new - old)} as well")
    if old - new:
        yield aspect("WRITES_CHANGED", "risky", f"it does not write {_names(old - new)} any more")


def _access(base: Node, head: Node) -> Iterator[Aspect]:
    for key, before, after in (
        ("roles", *_both(base, head, "roles")),
        ("service accounts", set(base.get("service_accounts", ())),
         set(head.get("service_accounts", ()))),
    ):  # fmt: skip
        if after - before:
            message = f"it reads with more {key}: {_names(after - before)}"
            yield aspect("ACCESS_WIDENED", "risky", message)
        if before - after:
            message = f"it reads without the {key} {_names(before - after)}"
            yield aspect("ACCESS_NARROWED", "risky", message)
    old, new = (node.get("access", {}).get("purpose", "") for node in (base, head))
    if old != new:
        message = f"it reads for '{new or 'no purpose'}', it was for '{old or 'no purpose'}'"
        yield aspect("ACCESS_WIDENED", "risky", message)


def _both(base: Node, head: Node, key: str) -> tuple[set[str], set[str]]:
    return (
        set(base.get("access", {}).get(key, ())),
        set(head.get("access", {}).get(key, ())),
    )


def _names(ids: Iterable[str]) -> str:
    return ", ".join(f"'{node}'" for node in sorted(ids))
