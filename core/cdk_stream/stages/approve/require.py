"""What the policies ask for -> the requirements, one for each owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cdk_stream.resources.governance import Approvals
from cdk_stream.resources.project import Owner
from cdk_stream.results.approval import Ground, Reason, Requirement
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import Impact
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.approve.people import voters


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides who is asked; all of it is the base's, but for owners it does not know."""

    approvals: Approvals
    owners: Mapping[str, Owner]
    new_owners: Mapping[str, Owner]
    """Those of the head: they speak for names that the base does not have."""


def requirements(
    decisions: Iterable[Decision],
    impacts: Iterable[Impact],
    governed: tuple[str, ...],
    manifests: tuple[Manifest, Manifest],
    rules: Rules,
) -> tuple[Requirement, ...]:
    """Every owner that a decision names, with all the reasons, sorted by name.

    `governed` are the files that rule the project and differ; `manifests` are base and head.
    """
    hit = {impact.exposure: impact for impact in impacts}
    asked: dict[str, list[Reason]] = {}
    for decision in decisions:
        if decision.effect == "require_approval":
            reason = _reason(decision, hit, governed, manifests)
            for owner in decision.approvers:
                asked.setdefault(owner, []).append(reason)
    return tuple(requirement(owner, asked[owner], rules) for owner in sorted(asked))


def requirement(owner: str, reasons: Iterable[Reason], rules: Rules) -> Requirement:
    """What an owner is asked about, with who may answer and how many must."""
    told = tuple(dict.fromkeys(reasons))
    people, teams, problem = voters(owner, rules.owners, rules.new_owners)
    return Requirement(
        owner=owner,
        reasons=told,
        people=people,
        teams=teams,
        min_approvals=max(_counts(owner, told, rules.approvals)),
        optional=owner in rules.approvals.optional,
        problem=problem,
    )


def _reason(
    decision: Decision,
    hit: Mapping[str, Impact],
    governed: tuple[str, ...],
    manifests: tuple[Manifest, Manifest],
) -> Reason:
    impact = hit.get(decision.node)
    ground: Ground = "policy"
    if impact is not None:
        ground = "exposure"
    elif governed and not decision.node:
        ground = "governance"
    return Reason(
        ground=ground,
        policy=decision.policy,
        message=decision.message,
        node=decision.node,
        category=impact.severity if impact else "",
        files=governed if ground == "governance" else (),
        columns=impact.columns if impact else (),
        classifications=_classes(decision.node, manifests) if impact else (),
    )


def _counts(owner: str, reasons: Iterable[Reason], approvals: Approvals) -> Iterator[int]:
    yield approvals.min_approvals
    yield approvals.owners.get(owner, 1)
    for reason in reasons:
        if reason.category:
            yield approvals.categories.get(reason.category, 1)
        for class_ in reason.classifications:
            yield {str(key): count for key, count in approvals.classifications.items()}.get(
                class_, 1
            )


def _classes(exposure: str, manifests: tuple[Manifest, Manifest]) -> tuple[str, ...]:
    return tuple(sorted({found for one in manifests for found in _read(exposure, one)}))


def _read(exposure: str, manifest: Manifest) -> Iterator[str]:
    node = manifest.nodes.get(exposure, {})
    named = set(node.get("columns", ()))
    for stream in (*node.get("consumes", ()), *node.get("produces", ())):
        for name, column in manifest.nodes.get(stream, {}).get("columns", {}).items():
            if (not named or name in named) and column.get("classification"):
                yield column["classification"]
