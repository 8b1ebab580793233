"""Two versions of a project -> what differs in its policies and waivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream import yaml
from cdk_stream.policy.bundle import TEST_SUFFIX
from cdk_stream.problems import Refused
from cdk_stream.results.change import Aspect, Change
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.tree import WAIVERS_FILE
from cdk_stream.workflow.compile import Compiled


def rule_changes(base: Compiled, head: Compiled) -> Iterator[Change]:
    """A change for each file; `node` is its path, for it is no node of the graph."""
    old, new = base.loader.blobs, head.loader.blobs
    folders = tuple(
        f"{folder.strip('/')}/" for side in (base, head) for folder in side.project.policies.paths
    )
    for path in sorted(old.keys() | new.keys()):
        if not path.endswith(".rego") or not path.startswith(folders):
            continue
        if old.get(path) != new.get(path) and _rego(base, path) != _rego(head, path):
            yield _change(path, path in old, path in new, _policy(path))
    if old.get(WAIVERS_FILE) != new.get(WAIVERS_FILE):
        yield from _waivers(base, head)


def _policy(path: str) -> str:
    return "POLICY_TEST_CHANGED" if path.endswith(TEST_SUFFIX) else "POLICY_CHANGED"


def _rego(side: Compiled, path: str) -> list[str]:
    """The words of each line that has any; comments count, for annotations are comments."""
    if path not in side.loader.blobs:
        return []
    text = side.loader.content(path).decode("utf-8", "replace")
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _waivers(base: Compiled, head: Compiled) -> Iterator[Change]:
    old, new = _by_id(base), _by_id(head)
    aspects = tuple(
        _told("WAIVERS_CHANGED", f"waiver '{name}'", name in old, name in new)
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )
    if aspects:
        yield Change(WAIVERS_FILE, "modified", "risky", aspects, WAIVERS_FILE, "")


def _by_id(side: Compiled) -> dict[str, Any]:
    """Waivers by id; the whole file when it cannot be read."""
    if WAIVERS_FILE not in side.loader.blobs:
        return {}
    content = side.loader.content(WAIVERS_FILE)
    try:
        listed = (yaml.load(content, WAIVERS_FILE) or {}).get("waivers") or []
        return {str(one.get("id", at)): one for at, one in enumerate(listed)}
    except (Refused, AttributeError):
        return {WAIVERS_FILE: content}


def _change(path: str, before: bool, after: bool, code: str) -> Change:
    noun = {"POLICY_TEST_CHANGED": "test of policies", "POLICY_CHANGED": "policy"}[code]
    found = _told(code, f"{noun} '{path}'", before, after)
    kind = "modified" if before and after else "added" if after else "removed"
    return Change(path, kind, found.category, (found,), path, "")  # type: ignore[arg-type]


def _told(code: str, what: str, before: bool, after: bool) -> Aspect:
    verb = "differs" if before and after else "is added" if after else "is removed"
    return aspect(code, "safe" if code == "POLICY_TEST_CHANGED" else "risky", f"{what} {verb}")
