"""Rulings on a project of which policies see nothing new: asking them again would only repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.glance import cache_folder, read_json, write
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.policy.digest import policies_key
from cdk_stream.problems import Severity
from cdk_stream.resources.project import PolicySettings
from cdk_stream.results.decision import Decision, Ruling
from cdk_stream.results.manifest import Manifest

_FILE = "rulings.json"
_KEPT = 8
"""Rulings per project: of branches and versions that are checked in turn."""


class Rulings:
    """What was ruled on the project in `root`; nothing, unless every bundle says what it sees."""

    def __init__(self, bundles: Sequence[PolicyBundle], root: Path) -> None:
        self._file = cache_folder(root) / _FILE
        self._bundles = bundles
        known = read_json(str(self._file))
        self._rulings: dict[str, Any] = known.get("rulings", {})
        self._digests: dict[str, str] = known.get("digests", {})
        sights = [frozenset(bundle.unseen or ()) for bundle in bundles]
        self._unseen = sorted(frozenset.intersection(*sights)) if sights else []
        self._sights: dict[str, bytes] = {}

    def key(
        self, manifest: Manifest, settings: PolicySettings, extra: Mapping[str, Any]
    ) -> str | None:
        """What a ruling depends on; None when that cannot be known."""
        if settings.engine != "embedded" or extra.keys() != {"now"}:
            return None
        if any(bundle.unseen is None for bundle in self._bundles):
            return None
        told = [repr(replace(bundle, modules={})) for bundle in self._bundles]
        rest = {
            "policies": [policies_key(self._bundles), *told],
            "settings": settings.model_dump(mode="json"),
            "day": str(extra["now"])[:10],
            "project": manifest.project,
            "parents": manifest.parents,
            "nodes": list(self._seen(manifest)),
        }
        return hashlib.sha256(orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _seen(self, manifest: Manifest) -> Iterator[tuple[str, str]]:
        """Node id and digest of what policies see of it, in the order of ids."""
        salt = "\n".join(self._unseen).encode() + b"\0"
        known, self._digests = self._digests, {}
        for node_id in sorted(manifest.nodes):
            content = manifest.nodes.fragment(node_id)
            whole = hashlib.sha256(salt + content).hexdigest()
            seen = known.get(whole)
            if seen is None:
                sight = self._sights[node_id] = _sight(content, self._unseen)
                seen = hashlib.sha256(sight).hexdigest()
            self._digests[whole] = seen
            yield node_id, seen

    def document(self, key: str | None, manifest: Manifest) -> bytes:
        """The manifest, less what policies do not see when `key` says that this is known.

        Where few nodes are new, taking them all apart costs more than showing them whole.
        """
        if key is None or 2 * len(self._sights) < len(manifest.nodes):
            return manifest.document()
        sights: dict[str, bytes] = {}
        for node_id in manifest.nodes:
            sights[node_id] = self._sights.pop(node_id, b"") or manifest.nodes.fragment(node_id)
        return Manifest(manifest.project, sights, manifest.parents).document()

    def recall(self, key: str | None) -> Ruling | None:
        """The ruling for a key."""
        found = self._rulings.get(key) if key else None
        return _ruling(found) if found else None

    def keep(self, key: str | None, ruling: Ruling) -> None:
        """Remember a ruling for the next run."""
        if key is None:
            return
        rulings = {**self._rulings, key: asdict(ruling)}
        kept = dict(list(rulings.items())[-_KEPT:])
        content = {"rulings": kept, "digests": self._digests}
        with suppress(OSError):  # then the policies are asked again
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write(str(self._file), orjson.dumps(content))


def _sight(content: bytes, unseen: Sequence[str]) -> bytes:
    """What policies see of a node."""
    node = orjson.loads(content)
    for path in unseen:
        name, _, inner = path.partition("/")
        if not inner:
            node.pop(name, None)
            continue
        items = node.get(name) or ()
        for item in items.values() if isinstance(items, dict) else items:
            item.pop(inner, None)
    return orjson.dumps(node)


def _ruling(found: dict[str, Any]) -> Ruling:
    decisions = tuple(map(_decision, found["decisions"]))
    return Ruling(decisions, tuple(found["policies"]), found["unwaivable"])


def _decision(found: dict[str, Any]) -> Decision:
    lists = {name: tuple(found[name]) for name in ("approvers", "columns")}
    return Decision(**{**found, **lists, "severity": Severity(found["severity"])})
