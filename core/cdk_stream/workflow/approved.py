"""The file of a plan -> what was approved."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from cdk_stream.problems import Usage
from cdk_stream.results.plan import FORMAT
from cdk_stream.stages.plan.judge import Choices


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """What a plan's file says of itself; what it would do is planned anew, and compared."""

    environment: str
    commit: str
    digest: str
    choices: Choices
    purpose: Literal["", "rollback", "destroy"]


def read_plan(path: Path) -> ApprovedPlan:
    """Read what `plan --out` wrote; raises `Usage` when it is none, or was changed."""
    try:
        document = orjson.loads(path.read_bytes())
    except OSError as error:
        raise Usage(f"'{path}' cannot be read: {error.strerror}") from None
    except ValueError:
        raise Usage(f"'{path}' is not JSON\n    {_MEND}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Usage(f"'{path}' is not a plan of this version\n    {_MEND}")
    try:
        return _read(document, path)
    except (KeyError, TypeError):
        raise Usage(f"'{path}' lacks something of a plan\n    {_MEND}") from None


_MEND = "write one: cdk-stream plan --out plan.json"


def _read(document: dict[str, Any], path: Path) -> ApprovedPlan:
    digest = document.pop("digest")
    content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    if hashlib.sha256(content).hexdigest() != digest:
        raise Usage(f"'{path}' was changed after it was planned\n    {_MEND}")
    settings = document["settings"]
    chosen = Choices(tuple(settings["adopt"]), tuple(settings["delete"]))
    return ApprovedPlan(
        document["environment"],
        document["commit"],
        digest,
        chosen,
        "rollback" if settings.get("rollback") else "destroy" if settings.get("destroy") else "",
    )
