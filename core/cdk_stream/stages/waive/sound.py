"""What is wrong with waivers: expired, for too long, too wide, of nobody, of no use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import filter as matching

from cdk_stream.problems import Severity, near
from cdk_stream.resources.project import WaiverLimits
from cdk_stream.resources.waiver import Waiver
from cdk_stream.results.decision import Decision
from cdk_stream.results.waiver import POLICY
from cdk_stream.stages.waive.match import PROJECT, is_pattern, is_wide

_SOON = 7  # days
_TITLE = "Waivers are narrow, owned and end"
_DOCS = "docs/how-to/waive-a-finding.md"


@dataclass(frozen=True, slots=True)
class Measure:
    """What waivers are held against."""

    today: date
    limits: WaiverLimits
    nodes: Collection[str]
    """The ids of the project's nodes."""
    owners: Collection[str]
    policies: Collection[str]
    """The ids of the policies that were asked."""
    unwaivable: Mapping[str, str] = field(default_factory=dict)
    """Policy id -> the bundle that lets no waiver be about it."""


def faults(waivers: Sequence[Waiver], measure: Measure) -> Iterator[Decision]:
    """Every denial of a waiver itself, in the order written."""
    seen: set[str] = set()
    for index, waiver in enumerate(waivers):
        if waiver.id in seen:
            yield _denial(index, "id", f"waiver '{waiver.id}' is written twice", "rename one")
        seen.add(waiver.id)
        for key, message, mend in (
            *_expiry(waiver, measure),
            *_width(waiver, measure),
            *_owner(waiver, measure),
            *_allowed(waiver, measure),
        ):
            yield _denial(index, key, message, mend)


_Fault = tuple[str, str, str]
"""Key, message, mend."""


def _expiry(waiver: Waiver, measure: Measure) -> Iterator[_Fault]:
    left = _left(waiver, measure)
    if left < 0:
        mend = "mend what it is about, or agree on a later day"
        yield "expires", f"waiver '{waiver.id}' expired {_days(-left)} ago", mend
    elif left > measure.limits.max_days:
        message = f"waiver '{waiver.id}' lasts {_days(left)}, more than {measure.limits.max_days}"
        yield "expires", message, "choose an earlier day, and extend it when it is still needed"


def _width(waiver: Waiver, measure: Measure) -> Iterator[_Fault]:
    if not is_pattern(waiver.node):
        return
    if is_wide(waiver.node):
        message = f"waiver '{waiver.id}' is too wide: '{waiver.node}'"
        yield "node", message, "name the node, or begin with its kind and name: `model.payments_*`"
        return
    found = len(matching(measure.nodes, waiver.node))
    if found > measure.limits.max_nodes:
        message = f"waiver '{waiver.id}' is too wide: '{waiver.node}' stands for {found} nodes"
        yield "node", message, f"it may stand for {measure.limits.max_nodes}: name them closer"


def _owner(waiver: Waiver, measure: Measure) -> Iterator[_Fault]:
    if waiver.owner not in measure.owners:
        message = f"owner '{waiver.owner}' of waiver '{waiver.id}' is not known"
        yield "owner", message, near(waiver.owner, measure.owners)


def _allowed(waiver: Waiver, measure: Measure) -> Iterator[_Fault]:
    bundle = measure.unwaivable.get(waiver.policy)
    if bundle is not None:
        message = f"bundle '{bundle}' lets no waiver be about its policy '{waiver.policy}'"
        yield "policy", message, "mend what the policy finds, or ask who owns the bundle"


def notices(
    waivers: Sequence[Waiver], faulty: Collection[int], used: Collection[str], measure: Measure
) -> Iterator[Decision]:
    """A warning for each waiver without a use, a note for each that ends soon."""
    for index, waiver in enumerate(waivers):
        if index in faulty:
            continue
        if waiver.id not in used:
            message = f"waiver '{waiver.id}' is about nothing that was found"
            yield _notice(index, "id", message, _why_unused(waiver, measure), Severity.WARNING)
        elif _left(waiver, measure) <= _SOON:
            message = f"waiver '{waiver.id}' ends in {_days(_left(waiver, measure))}"
            yield _notice(index, "expires", message, "", Severity.NOTE)


def _why_unused(waiver: Waiver, measure: Measure) -> str:
    if waiver.policy not in measure.policies:
        return f"no policy '{waiver.policy}' was asked; {near(waiver.policy, measure.policies)}"
    known = (*measure.nodes, PROJECT)
    if not is_pattern(waiver.node) and waiver.node not in known:
        return f"there is no node '{waiver.node}'; {near(waiver.node, known)}".rstrip("; ")
    return "remove it"


def _left(waiver: Waiver, measure: Measure) -> int:
    """How many days it still holds, today not counted."""
    return (date.fromisoformat(waiver.expires) - measure.today).days


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _denial(index: int, key: str, message: str, mend: str) -> Decision:
    return Decision(
        POLICY, "deny", message, pointer=f"/waivers/{index}/{key}", remediation=mend,
        title=_TITLE, docs=_DOCS,
    )  # fmt: skip


def _notice(index: int, key: str, message: str, mend: str, severity: Severity) -> Decision:
    return Decision(
        POLICY, "warn", message, pointer=f"/waivers/{index}/{key}", remediation=mend,
        title=_TITLE, docs=_DOCS, severity=severity,
    )  # fmt: skip
