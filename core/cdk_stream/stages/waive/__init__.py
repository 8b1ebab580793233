"""Findings and waivers -> what is still against the project; the one place where waivers count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cdk_stream.problems import Severity
from cdk_stream.resources.waiver import Waiver
from cdk_stream.results.decision import Decision
from cdk_stream.results.waiver import Waived, Waiving
from cdk_stream.stages.waive.match import covering
from cdk_stream.stages.waive.sound import Measure, faults, notices

__all__ = ["Measure", "waive"]


def waive(
    found: Sequence[Decision],
    waivers: Sequence[Waiver],
    settled: Sequence[Waiver],
    governance: Sequence[str],
    measure: Measure,
) -> Waiving:
    """What of `found` passes by the `waivers` of the project.

    Only waivers that are `settled` count; with a base, those that it has as well. What one of the
    others would let pass needs the word of the `governance` owners, and stays as it is where there
    are none. Approvals are never waived. A waiver with a fault lets nothing pass.
    """
    told = list(faults(waivers, measure))
    faulty = {_index(one) for one in told}
    sound = [waiver for index, waiver in enumerate(waivers) if index not in faulty]
    left: list[Decision] = []
    passing: list[Waived] = []
    used: set[str] = set()
    for decision in found:
        by = covering(decision, sound, settled)
        used |= {waiver.id for waiver in by}
        if not by:
            left.append(decision)
        elif all(waiver in settled for waiver in by):
            passing.append(_waived(decision, by))
        else:
            left.append(_asked(decision, by, governance))
    told += notices(waivers, faulty, used, measure)
    return Waiving(tuple(left), tuple(passing), tuple(told))


def _index(told: Decision) -> int:
    return int(told.pointer.split("/")[2])


def _waived(decision: Decision, by: Sequence[Waiver]) -> Waived:
    """Several waivers, one for each column, are told as one that ends with the first of them."""
    first = min(by, key=lambda waiver: waiver.expires)
    return Waived(
        decision,
        ", ".join(waiver.id for waiver in by),
        first.reason,
        first.owner,
        first.expires,
        first.ticket,
        first.approved_by,
    )


def _asked(decision: Decision, by: Sequence[Waiver], governance: Sequence[str]) -> Decision:
    """Waivers that the change itself brings: the owners of the rules must agree to them."""
    names = _quoted(waiver.id for waiver in by)
    if not governance:
        mend = f"waiver {names} is new, and `governance: owners:` names nobody to agree to it"
        return replace(decision, remediation=mend)
    first = min(by, key=lambda waiver: waiver.expires)
    return replace(
        decision,
        effect="require_approval",
        message=f"{decision.message}; to be waived by {names} until {first.expires}",
        remediation=f"because: {first.reason}",
        approvers=tuple(sorted(governance)),
        severity=Severity.WARNING,
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
