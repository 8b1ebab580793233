"""Policies that were found in order before, so that checking them again costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.glance import cache_base, read_bytes, write
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.check import Policy, load_policies
from cdk_stream.policy.digest import policies_key
from cdk_stream.policy.engine import EntryPoint, RegoEngine
from cdk_stream.policy.metadata import Metadata
from cdk_stream.policy.parameter import Parameter
from cdk_stream.policy.regorus import Regorus
from cdk_stream.problems import Severity

_FOLDER = "policies"
_KEPT = 32
"""Sets of policies: of projects and versions that are checked in turn."""


def recalled(
    bundles: Sequence[PolicyBundle], engine: RegoEngine, root: Path | None
) -> tuple[Policy, ...]:
    """As `load_policies`; what it found in order for any project is taken on trust.

    Only the embedded engine remembers, and only for the very same files and tool; without a
    project's `root`, nothing is.
    """
    if root is None or not isinstance(engine, Regorus):
        return load_policies(bundles, engine)
    key = policies_key(bundles)
    path = Path(cache_base()) / _FOLDER / f"{key}.json"
    found = _read(path)
    if found.get("key") == key:
        for file, source, faithful in found["texts"]:
            engine.take(file, source, faithful)
        return tuple(map(_policy, found["policies"]))
    policies = load_policies(bundles, engine)
    content = {"key": key, "texts": engine.taken(), "policies": [asdict(one) for one in policies]}
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(str(path), orjson.dumps(content, default=list))
        _forget(path.parent)
    return policies


def _forget(folder: Path) -> None:
    """Only the newest are kept."""
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in files[:-_KEPT]:
        path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(read_bytes(str(path)) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _policy(found: dict[str, Any]) -> Policy:
    said = found["metadata"]
    parameters = {name: Parameter(**known) for name, known in said["parameters"].items()}
    severity = Severity(said["severity"])
    metadata = Metadata(**{**said, "severity": severity, "parameters": parameters})
    entries = tuple(EntryPoint(tuple(package), rule) for package, rule in found["entries"])
    return Policy(metadata, found["path"], entries, found["bundle"])
