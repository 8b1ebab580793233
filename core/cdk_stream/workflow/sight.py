"""What a role sees of the rows of a run: the Gateway's masks, and topics it has no right to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.access import role_reads
from cdk_stream.stages.access.guesses import is_foreign
from cdk_stream.stages.access.sight import through_gateway

STARS = "*" * 8
"""What a whole mask leaves: nothing of the value, its length included."""


class Mask(NamedTuple):
    """How much of a value is hidden."""

    first: int = 0
    last: int = 0
    whole: bool = False


class Seen(NamedTuple):
    """What the role sees of one node."""

    right: Literal["given", "unknown", "denied"]
    """`unknown`: the topic is not made by this project, and the masks are those it would meet."""
    masks: Mapping[str, Mask]
    """Column -> its mask; the others are seen in clear."""


def seen_by(manifest: Manifest, role: str) -> dict[str, Seen]:
    """Node id -> what the role sees of it through the Gateway."""
    given = {
        reading.place.node for reading in role_reads(manifest, role).readings if reading.is_certain
    }
    found = {}
    for node_id, node in manifest.nodes.items():
        if node_id.startswith(("source.", "model.")):
            right: Literal["given", "unknown", "denied"] = "given"
            if node_id not in given:
                right = "unknown" if is_foreign(node) else "denied"
            found[node_id] = Seen(right, _masks(node, node_id, role))
    return found


def _masks(node: Node, node_id: str, role: str) -> dict[str, Mask]:
    return {
        name: _mask(column, role)
        for name, column in node["columns"].items()
        if through_gateway(node, name, (role,)).form == "masked"
    }


def _mask(column: Mapping[str, Any], role: str) -> Mask:
    """The rules that hide it from the role; a value that is computed is hidden whole."""
    mask = Mask()
    for rule in column["protections"]:
        if rule["roles"] and role not in rule["roles"]:
            continue
        if not rule["roles"] and role in rule["allowed"]:
            continue
        kind, count = rule.get("masking", ""), rule.get("characters", 0)
        copies = column.get("copies", column.get("origins", ()))
        is_copy = rule["method"] == "mask" and list(rule["origin"]) in [list(one) for one in copies]
        if is_copy and count and kind == "mask_first_n":
            mask = mask._replace(first=max(mask.first, count))
        elif is_copy and count and kind == "mask_last_n":
            mask = mask._replace(last=max(mask.last, count))
        else:
            mask = mask._replace(whole=True)
    return mask


def hidden(value: Any, mask: Mask) -> Any:
    """A plain value as the mask leaves it; NULL stays NULL."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {name: hidden(one, mask) for name, one in value.items()}
    if isinstance(value, list):
        return [hidden(one, mask) for one in value]
    text = value if isinstance(value, str) else str(value).lower()
    if mask.whole:
        return STARS
    first = min(mask.first, len(text))
    text = "*" * first + text[first:]
    kept = max(len(text) - mask.last, 0)
    return text[:kept] + "*" * (len(text) - kept)
