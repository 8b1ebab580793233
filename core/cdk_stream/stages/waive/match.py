"""Which findings, and which nodes, a waiver is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from cdk_stream.resources.waiver import Waiver
from cdk_stream.results.decision import Decision

PROJECT = "project"
"""What `node:` says for findings that are about no node."""
_WILD = re.compile(r"[*?\[\]]")
_KINDS = ("source.", "model.", "test.", "exposure.")
_FEWEST = 3


def covering(
    decision: Decision, waivers: Sequence[Waiver], settled: Sequence[Waiver]
) -> tuple[Waiver, ...]:
    """The waiver that is about a finding, or one for each of its columns; () for none.

    Waivers that count already (`settled`) come before new ones. Approvals are never waived.
    """
    if decision.effect == "require_approval":
        return ()
    about = [waiver for waiver in waivers if _is_about(waiver, decision)]
    about.sort(key=lambda waiver: waiver not in settled)
    whole = [waiver for waiver in about if waiver.column is None]
    if whole:
        return (whole[0],)
    by_column = {waiver.column: waiver for waiver in reversed(about)}
    if decision.columns and by_column.keys() >= set(decision.columns):
        return tuple(by_column[column] for column in decision.columns)
    return ()


def _is_about(waiver: Waiver, decision: Decision) -> bool:
    return waiver.policy == decision.policy and fnmatchcase(decision.node or PROJECT, waiver.node)


def is_pattern(node: str) -> bool:
    """Whether it may stand for several nodes."""
    return bool(_WILD.search(node))


def is_wide(node: str) -> bool:
    """Whether a pattern says next to nothing of the names it means: `*`, `model.*`, `*.a*`."""
    kind = next((kind for kind in _KINDS if node.startswith(kind)), None)
    return kind is None or len(_WILD.sub("", node.removeprefix(kind))) < _FEWEST
