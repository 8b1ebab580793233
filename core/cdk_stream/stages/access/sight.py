"""What somebody sees of a column: the Gateway's rules, as the project's backends compile them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cdk_stream.results.access import Sight
from cdk_stream.results.manifest import Node

Rule = dict[str, Any]
CLEAR = Sight("clear")
_LONG_AGO = "rows written before the rule lie in clear"
_NOT_MADE = "it is to be hidden, and nothing was made that does it"


def at_brokers(node: Node, column: str) -> Sight:
    """What the topic itself holds: nothing is masked there."""
    rules = _encryptions(node, column)
    if not rules:
        return CLEAR
    if not _makes(node, "interceptor"):
        return Sight("clear", why=_NOT_MADE)
    return Sight("encrypted", rules[0].get("key", ""), _LONG_AGO)


def through_gateway(node: Node, column: str, roles: Collection[str]) -> Sight:
    """What an account with `roles` sees; a rule without roles is for all but those it allows."""
    hiding = [rule for rule in _rules(node, column) if _hides(rule, roles)]
    masks = sorted({rule.get("masking") or "mask_all" for rule in hiding})
    if masks and not _makes(node, "interceptor"):
        return Sight("clear", why=_NOT_MADE)
    return Sight("masked", " and ".join(masks)) if masks else CLEAR


def for_job(node: Node, column: str, roles: Collection[str], reads: bool) -> Sight:
    """What the job of a model sees through the Gateway: what its query reads, in clear."""
    return CLEAR if reads else through_gateway(node, column, roles)


def in_target(node: Node, column: str, roles: Collection[str]) -> Sight:
    """What a sink's connector hands on: masked, but where every rule allows a role it has."""
    rules = _rules(node, column)
    if all(set(rule["allowed"]) & set(roles) for rule in rules):
        return CLEAR
    if not _makes(node, "connector"):
        return Sight("clear", why=_NOT_MADE)
    return Sight("masked", "by the connector")


def _makes(node: Node, kind: str) -> bool:
    """Whether a backend made what hides the columns; without one a rule is only a wish."""
    return any(artifact["kind"] == kind for artifact in node["artifacts"])


def _hides(rule: Rule, roles: Collection[str]) -> bool:
    if rule["method"] == "mask" and rule["roles"]:
        return bool(set(rule["roles"]) & set(roles))
    return not set(rule["allowed"]) & set(roles)


def _rules(node: Node, column: str) -> list[Rule]:
    found: list[Rule] = node["columns"].get(column, {}).get("protections", [])
    return found


def _encryptions(node: Node, column: str) -> list[Rule]:
    """The rules by which the topic holds the column encrypted."""
    if node["kind"] == "source":
        is_stored_so = node.get("security", {}).get("allow_encryption", False)
    else:
        is_stored_so = node.get("backend") == "flink"
    if not is_stored_so:
        return []
    return [rule for rule in _rules(node, column) if rule["method"] == "encrypt"]
