"""What differs in who may see what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cdk_stream.resources.level import RANK
from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect

Column = Mapping[str, Any]

_SEEN_ON_COLUMNS = {"classification", "declassify", "default_classification", "policies"}


def security_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of classes, personal data, masks, encryption, access and residency."""
    old = base.get("columns", {})
    for name, column in head.get("columns", {}).items():
        if name in old and old[name] != column:
            yield from _class(name, old[name], column)
            yield from _tags(name, old[name], column)
            yield from _protections(name, old[name], column)
            yield from _declassified(name, old[name], column)
    yield from _access(base, head)
    yield from _public(base, head)
    yield from _residency(base, head)


def _class(name: str, old: Column, new: Column) -> Iterator[Aspect]:
    before, after = old.get("classification"), new.get("classification")
    if before == after:
        return
    if after is None:
        message = f"column '{name}' was {before} and has no class any more"
        yield aspect(
            "CLASSIFICATION_LOST", "breaking", message, column=name, mend="classify the column"
        )
    elif before is None:
        message = f"column '{name}' is classified {after}"
        yield aspect("CLASSIFICATION_GAINED", "safe", message, column=name)
    elif RANK[after] > RANK[before]:
        message = f"column '{name}' is {after}, it was {before}: its readers may not be meant to"
        yield aspect("CLASSIFICATION_RAISED", "risky", message, column=name)
    else:
        message = f"column '{name}' is {after} only, it was {before}"
        yield aspect("CLASSIFICATION_LOWERED", "risky", message, column=name)


def _tags(name: str, old: Column, new: Column) -> Iterator[Aspect]:
    before, after = set(old.get("tags", ())), set(new.get("tags", ()))
    if after - before:
        message = f"column '{name}' holds personal data: {', '.join(sorted(after - before))}"
        yield aspect("PERSONAL_DATA_ADDED", "risky", message, column=name)
    if before - after:
        message = f"column '{name}' is no longer tagged {', '.join(sorted(before - after))}"
        yield aspect("PERSONAL_DATA_REMOVED", "risky", message, column=name)


def _protections(name: str, old: Column, new: Column) -> Iterator[Aspect]:
    before = {_rule_key(rule): rule for rule in old.get("protections", ())}
    after = {_rule_key(rule): rule for rule in new.get("protections", ())}
    for key, rule in after.items():
        if key not in before:
            message = f"column '{name}' is {_hidden(rule)}{_from(rule)}"
            yield aspect("PROTECTION_ADDED", "breaking", message, column=name)
        elif before[key] != rule:
            message = f"column '{name}' is {_hidden(rule)}, it was {_hidden(before[key])}"
            yield aspect("PROTECTION_CHANGED", "risky", message, column=name)
    for key, rule in before.items():
        if key not in after:
            message = f"column '{name}' is not {_hidden(rule)} any more"
            yield aspect("PROTECTION_REMOVED", "risky", message, column=name)


def _rule_key(rule: Mapping[str, Any]) -> tuple[str, ...]:
    return (rule["method"], *rule.get("origin", ()), rule.get("declared_by", ""))


def _from(rule: Mapping[str, Any]) -> str:
    declared = str(rule.get("declared_by", "")).partition(".")[2]
    return f" by the word of '{declared}'" if declared else ""


def _hidden(rule: Mapping[str, Any]) -> str:
    if rule["method"] == "encrypt":
        text = f"encrypted with {rule.get('key') or 'a key that is not named'}"
    else:
        text = f"masked ({rule.get('masking') or 'mask_all'}"
        text += f", {rule['characters']} characters)" if rule.get("characters") else ")"
    if rule.get("roles"):
        text += f" for {_names(rule['roles'])}"
    if rule.get("allowed"):
        text += f" except for {_names(rule['allowed'])}"
    return text


def _declassified(name: str, old: Column, new: Column) -> Iterator[Aspect]:
    if new.get("declassified") and not old.get("declassified"):
        message = f"column '{name}' is declassified: {new['declassified']}"
        yield aspect("DECLASSIFIED", "risky", message, column=name)


def _access(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = _rules(base), _rules(head)
    for text in sorted(new.keys() - old.keys()):
        yield _rule(new[text], f"rule comes in: {text}")
    for text in sorted(old.keys() - new.keys()):
        yield _rule(old[text], f"rule goes: {text}")
    before, after = base.get("security", {}), head.get("security", {})
    for key in sorted((before.keys() | after.keys()) - _SEEN_ON_COLUMNS):
        if before.get(key) != after.get(key):
            message = f"'security.{key}' is {after.get(key, 'not set')}"
            yield aspect("SECURITY_CHANGED", "risky", message)


def _rule(kind: str, message: str) -> Aspect:
    """An `allow` decides who reads the node; a mask of a column it lacks is felt elsewhere."""
    return aspect("ACCESS_CHANGED" if kind == "allow" else "PROTECTION_DECLARED", "risky", message)


def _rules(node: Node) -> dict[str, str]:
    """Text of a rule -> its kind; what hides a column of the node's own is seen on that column."""
    found = {}
    for policy in node.get("security", {}).get("policies", ()):
        for kind, rule in policy.items():
            if kind == "allow":
                found[_allow(rule)] = kind
                continue
            for column in _as_list(rule.get("column")):
                if column not in node.get("columns", {}):
                    found[f"{kind} '{column}' ({_arguments(rule)})"] = kind
    return found


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _arguments(rule: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_words(rule[key])}" for key in sorted(rule) if key != "column")


def _words(value: Any) -> str:
    """`[{"roles": ["a", "b"]}]` as `roles a b`."""
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_words(held)}" for key, held in value.items())
    if isinstance(value, list):
        return " ".join(map(_words, value))
    return str(value)


def _allow(rule: Mapping[str, Any]) -> str:
    text = f"allow {_names(rule.get('roles', ()))}"
    if rule.get("purpose"):
        text += f" for '{rule['purpose']}'"
    if rule.get("columns"):
        text += f" to read {_names(rule['columns'])}"
    return text


def _public(base: Node, head: Node) -> Iterator[Aspect]:
    if head.get("public") and not base.get("public"):
        yield aspect("PUBLISHED", "risky", "others outside the project may read it now")
    if base.get("public") and not head.get("public"):
        message = "others outside the project may not read it any more"
        yield aspect("WITHDRAWN", "breaking", message)


def _residency(base: Node, head: Node) -> Iterator[Aspect]:
    if base.get("region") != head.get("region"):
        message = f"data moves from {base.get('region', 'no known region')}"
        message += f" to {head.get('region', 'no known region')}"
        yield aspect("REGION_CHANGED", "risky" if head.get("region") else "breaking", message)
    old, new = base.get("allowed_clusters"), head.get("allowed_clusters")
    if old != new:
        looser = old is not None and (new is None or not set(new) <= set(old))
        message = f"allowed clusters: {_names(new or ())}, not {_names(old or ())}"
        yield _fence(looser, message)
    before, after = set(base.get("forbidden_sinks", ())), set(head.get("forbidden_sinks", ()))
    if before != after:
        message = f"forbidden sinks: {_names(after)}, not {_names(before)}"
        yield _fence(not before <= after, message)


def _fence(looser: bool, message: str) -> Aspect:
    if looser:
        return aspect("RESIDENCY_LOOSENED", "risky", message)
    return aspect("RESIDENCY_TIGHTENED", "safe", message)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names)) or "any"
