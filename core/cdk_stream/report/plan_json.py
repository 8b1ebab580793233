"""A plan as JSON: what `deploy` carries out, and tools read."""

from __future__ import annotations

from typing import Any

import orjson

from cdk_stream.results.plan import Plan


def document(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, with its digest."""
    return {**plan.document(), "digest": plan.digest}


def render(plan: Plan, *, colour: bool = False) -> str:
    """The document; the same bytes for the same plan."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document(plan), option=options).decode()
