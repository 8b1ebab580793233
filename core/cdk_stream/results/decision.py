"""What a policy says of the compiled project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cdk_stream.problems import Severity

Effect = Literal["deny", "warn", "require_approval"]
"""deny: the change may not go in; warn: said, not held; require_approval: someone must agree."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One finding of a policy. Findings compare equal when they say the same of the same place."""

    policy: str
    """The policy's id: `classification`, `residency`, ..."""
    effect: Effect
    message: str
    """Lower-case, no full stop, names in single quotes."""
    node: str = ""
    """The id of the node concerned; empty for the project as a whole."""
    column: str = ""
    """The column concerned, when it is a single one."""
    pointer: str = ""
    """The place in the node's own YAML, relative to it: `/sink/connector`; empty for the whole."""
    remediation: str = ""
    """How to mend it."""
    title: str = ""
    """What the policy asks for, in a few words."""
    docs: str = ""
    """Where to read more: a path of the documentation or a URL."""
    approvers: tuple[str, ...] = ()
    """For `require_approval`: the owners (names of the project's `owners:`) who must agree."""
    severity: Severity = Severity.ERROR
    """`error` for deny, `warning` for warn and for approvals that are still open."""
    columns: tuple[str, ...] = ()
    """The columns concerned, sorted; empty when it is not about columns."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What all policies found, denials first, and the ids of the policies that were asked."""

    decisions: tuple[Decision, ...]
    policies: tuple[str, ...]
    unwaivable: Mapping[str, str] = field(default_factory=dict)
    """Policy id -> the bundle that lets no waiver be about it."""
