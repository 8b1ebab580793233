"""Two versions of a project -> which of the files that rule it differ."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from cdk_stream.resources.project import Project
from cdk_stream.tree import PROJECT_FILE, WAIVERS_FILE
from cdk_stream.workflow.compile import Compiled

REPOSITORY_FILES = (
    "/.github/**",
    "CODEOWNERS",
    "action.yml",
    "action.yaml",
    ".pre-commit*",
    "/hooks/**",
    "/.githooks/**",
)
"""What runs the checks and says who is asked, from the top of the repository."""


def project_files(project: Project) -> tuple[str, ...]:
    """What rules a project, from its own folder: the project file, waivers and policies."""
    folders = (folder.strip("/") for folder in project.policies.paths)
    return (f"/{PROJECT_FILE}", f"/{WAIVERS_FILE}", *(f"/{folder}/**" for folder in folders))


def governed_facts(
    base: Compiled, head: Compiled, changed: Iterable[str] | None = None, prefix: str = ""
) -> dict[str, Any]:
    """The members `base` and, when a file that rules the project differs, `governed` of an input.

    `changed` are all paths of the repository that differ, with the project below `prefix`; left
    out, the project's own. The owners are the base's: nobody names himself the one to agree.
    """
    files = governed_files(base, head, changed, prefix)
    governance = base.project.governance
    facts: dict[str, Any] = {
        "base": {
            "owners": {
                name: {"github": list(owner.github)} for name, owner in base.project.owners.items()
            }
        }
    }
    if files:
        facts["governed"] = {"files": list(files), "owners": list(governance.owners)}
    return facts


def governed_files(
    base: Compiled, head: Compiled, changed: Iterable[str] | None, prefix: str
) -> tuple[str, ...]:
    """Those of `changed` that rule the project, sorted; a project file must differ in meaning."""
    if changed is None:
        changed, prefix = _own_changes(base, head), ""
    own = {path for side in (base, head) for path in project_files(side.project)}
    top = f"/{prefix}".rstrip("/")
    patterns = (
        *REPOSITORY_FILES,
        *(top + pattern for pattern in own),
        *base.project.governance.files,
    )
    quiet = f"{prefix}{PROJECT_FILE}" if base.project == head.project else ""
    return tuple(sorted(path for path in changed if path != quiet and matches(path, patterns)))


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path from the top is meant by one of `patterns`, written as in CODEOWNERS."""
    return any(_pattern(pattern).fullmatch(path) for pattern in patterns)


def _own_changes(base: Compiled, head: Compiled) -> set[str]:
    old, new = base.loader.blobs, head.loader.blobs
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


@functools.cache
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob with a slash starts at the top, without one it is a name at any depth."""
    start = "" if "/" in glob.rstrip("/") else "(?:.*/)?"
    text = glob.removeprefix("/")
    if text.endswith("/"):
        text += "**"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(start + "".join(meant.get(part, re.escape(part)) for part in parts), re.S)
