"""What differs in what is promised: contracts, SLAs, owners, deprecation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect

_STRENGTH = {
    "none": set(),
    "backward": {"backward"},
    "forward": {"forward"},
    "full": {"backward", "forward"},
    "backward_transitive": {"backward", "old backward"},
    "forward_transitive": {"forward", "old forward"},
    "full_transitive": {"backward", "forward", "old backward", "old forward"},
}  # fmt: skip
_ASKED = ("max_", "warn_after", "error_after")


def promise_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of contract, SLA, freshness, owner, version, deprecation and description."""
    yield from contract_aspects(base.get("contract"), head.get("contract"))
    yield from sla_aspects(base, head)
    yield from owner_aspects(base, head)
    yield from _lifecycle(base, head)
    yield from description_aspects(base, head)
    if base.get("delivery") != head.get("delivery"):
        old, new = (node.get("delivery", "at_least_once") for node in (base, head))
        yield aspect("SETTING_CHANGED", "risky", f"rows are delivered {new}, they were {old}")
    if base.get("on_state_change") != head.get("on_state_change"):
        message = f"a change of state is met with {head.get('on_state_change', 'a refusal')}"
        message += f", not with {base.get('on_state_change', 'a refusal')}"
        yield aspect("STATE_POLICY_CHANGED", "risky", message)


def contract_aspects(
    base: Mapping[str, Any] | None, head: Mapping[str, Any] | None
) -> Iterator[Aspect]:
    """Aspects of a model's contract or a producer's; columns are compared as they are."""
    if base and not head:
        yield aspect("CONTRACT_REMOVED", "breaking", "the contract is withdrawn")
    elif head and not base:
        yield aspect("CONTRACT_ADDED", "safe", "a contract is given")
    elif base and head:
        yield from _schema(base.get("schema"), head.get("schema"))
        for key in ("compatibility", "versioning"):
            yield from _compatibility(base.get(key), head.get(key))
        yield from _sla("slo", base.get("slo") or {}, head.get("slo") or {})
        if base.get("columns") != head.get("columns"):
            yield aspect("CONTRACT_CHANGED", "risky", "the columns of the contract change")


def _schema(old: str | None, new: str | None) -> Iterator[Aspect]:
    if old == new:
        return
    message = f"the contract's schema is {new or 'not said'}, it was {old or 'not said'}"
    if new == "strict" and old in (None, "lenient"):
        yield aspect("CONTRACT_TIGHTENED", "safe", message)
    elif old == "strict" and new in (None, "lenient"):
        yield aspect("CONTRACT_LOOSENED", "risky", message)
    else:
        yield aspect("CONTRACT_CHANGED", "breaking", message)


def _compatibility(old: str | None, new: str | None) -> Iterator[Aspect]:
    if old == new:
        return
    message = f"compatibility is {new or 'not said'}, it was {old or 'not said'}"
    if _STRENGTH[old or "none"] <= _STRENGTH[new or "none"]:
        yield aspect("CONTRACT_TIGHTENED", "safe", message)
    else:
        yield aspect("CONTRACT_LOOSENED", "risky", message)


def sla_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of `sla` and `freshness`."""
    for key in ("sla", "freshness"):
        yield from _sla(key, base.get(key) or {}, head.get(key) or {})


def _sla(key: str, base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Aspect]:
    for name in sorted(base.keys() | head.keys()):
        old, new = base.get(name), head.get(name)
        if old == new:
            continue
        message = f"{key} '{name}' is {_said(new)}, it was {_said(old)}"
        if _looser(name, old, new):
            yield aspect("SLA_LOOSENED", "risky", message)
        else:
            yield aspect("SLA_TIGHTENED", "safe", message)


def _said(value: object) -> str:
    return "not said" if value is None else str(value)


def _looser(name: str, old: Any, new: Any) -> bool:
    """Whether less is promised; True when that cannot be told."""
    if old is None:
        return False
    if new is None:
        return True
    try:
        before, after = (float(str(value).rstrip("% ")) for value in (old, new))
    except ValueError:
        return True
    return after > before if name.startswith(_ASKED) else after < before


def owner_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """An aspect when someone else answers for the node, or nobody does."""
    old, new = base.get("owner", ""), head.get("owner", "")
    if old == new:
        return
    if not new:
        yield aspect("OWNER_CHANGED", "risky", f"nobody owns it now, '{old}' did")
    elif not old:
        yield aspect("OWNER_CHANGED", "safe", f"'{new}' owns it, nobody did")
    else:
        yield aspect("OWNER_CHANGED", "risky", f"'{new}' owns it now, not '{old}'")


def _lifecycle(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = base.get("deprecation_date"), head.get("deprecation_date")
    if old != new:
        message = f"it goes away on {new}" if new else "it does not go away after all"
        yield aspect("DEPRECATED", "risky" if new else "safe", message)
    if base.get("version") != head.get("version"):
        message = f"version {_said(head.get('version'))}, it was {_said(base.get('version'))}"
        yield aspect("VERSION_CHANGED", "safe", message)


def description_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """One aspect when only people read what differs: descriptions, tags, free keys."""
    keys = [key for key in ("description", "domain", "meta") if base.get(key) != head.get(key)]
    if set(base.get("tags", ())) != set(head.get("tags", ())):
        keys.append("tags")
    old = base.get("columns", {})
    if isinstance(old, dict):
        keys += [
            f"description of column '{name}'"
            for name, column in head.get("columns", {}).items()
            if name in old and old[name].get("description") != column.get("description")
        ]
    if keys:
        yield aspect("DESCRIBED", "safe", f"changed: {', '.join(keys)}")
