"""What the masks of the Gateway make of a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.gateway.reference.document import ABSENT, Document, get, put

_STARS = 8
"""MASK_ALL tells nothing of the length."""


def mask(document: Document, policies: list[Mapping[str, Any]]) -> Document:
    """The document with every field of the policies masked.

    Objects and lists are left as they are: what the Gateway does with them is not documented, and
    this is the worst that it could do.
    """
    for policy in policies:
        for field in policy["fields"]:
            path = tuple(field.split("."))
            value = get(document, path)
            if value is not ABSENT and value is not None and not isinstance(value, dict | list):
                document = put(document, path, hidden(_text(value), policy["rule"]))
    return document


def hidden(value: str, rule: Mapping[str, Any]) -> str:
    """One value under one rule."""
    sign = str(rule.get("maskingChar", "*"))
    count = int(rule.get("numberOfChars", 0))
    match rule.get("type", "MASK_ALL"):
        case "MASK_FIRST_N":
            return sign * min(count, len(value)) + value[count:]
        case "MASK_LAST_N":
            kept = max(len(value) - count, 0)
            return value[:kept] + sign * (len(value) - kept)
        case "MASK_ALL":
            return sign * _STARS
        case other:
            raise ValueError(f"there is no mask {other}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower()
