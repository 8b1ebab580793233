"""A change and whom it hits, as policies see them beside the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_stream.results.change import Change
from cdk_stream.results.impact import Reach


def change_facts(changes: Iterable[Change], reach: Reach) -> dict[str, Any]:
    """The members `changes` and `impact` of a policy's input."""
    return {"changes": [_told(change) for change in changes], "impact": _impact(reach)}


def _told(change: Change) -> dict[str, Any]:
    return {
        "node": change.node,
        "kind": change.kind,
        "category": change.category,
        "aspects": [
            {
                "code": aspect.code,
                "category": aspect.category,
                "message": aspect.message,
                **({"column": aspect.column} if aspect.column else {}),
            }
            for aspect in change.aspects
        ],
    }


def _impact(reach: Reach) -> list[dict[str, Any]]:
    return [
        {
            "exposure": impact.exposure,
            "owner": impact.owner,
            "severity": impact.severity,
            "changes": impact.changes,
            "path": impact.path,
            **({"new_owner": impact.new_owner} if impact.new_owner else {}),
        }
        for impact in reach.impacts
    ]
