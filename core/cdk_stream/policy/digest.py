"""A name for a set of policies as this version of the tool reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import orjson

from cdk_stream import __version__
from cdk_stream.glance import watch
from cdk_stream.policy.bundle import PolicyBundle

_HERE = Path(__file__).parent
_SCHEMA = _HERE.parent / "report" / "manifest_schema.json"


def policies_key(bundles: Sequence[PolicyBundle]) -> str:
    """Equal for the same policies, read by the same version of the tool."""
    files = sorted(str(path) for path in _HERE.rglob("*.py"))
    named = [(bundle.name, bundle.modules) for bundle in bundles]
    tool = [__version__, watch([*files, str(_SCHEMA)])]
    return hashlib.sha256(orjson.dumps([tool, named])).hexdigest()
