"""The first table: who is asked, about what, how bad it is, how far they are, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cdk_stream.report.comment.page import Page
from cdk_stream.report.comment.words import lines, name, prose, told, way
from cdk_stream.report.inert import code, inert
from cdk_stream.report.summary import promises
from cdk_stream.results.approval import Standing, Vote
from cdk_stream.results.impact import Impact
from cdk_stream.results.verdict import Verdict

HEADER = ("owner", "exposure", "class", "approval", "why")


class Group(NamedTuple):
    """Impacts that say the same of several exposures."""

    impacts: tuple[Impact, ...]

    @property
    def first(self) -> Impact:
        return self.impacts[0]


def grouped(impacts: Iterable[Impact], *, by_owner: bool) -> list[Group]:
    """Impacts that differ in nothing but the exposure, together; worst first as they came."""
    found: dict[object, list[Impact]] = {}
    for one in impacts:
        who = (one.owner, one.new_owner) if by_owner else ()
        key = (who, one.severity, one.changes, one.reasons, one.path[:-1], one.columns, one.at_risk)
        found.setdefault(key, []).append(one)
    return [Group(tuple(group)) for group in found.values()]


def rows(verdict: Verdict, page: Page) -> list[Sequence[str]]:
    """One row for each owner and kind of hit; then owners who are asked for another reason."""
    hits = [_row(group, verdict, page) for group in grouped(verdict.impacts, by_owner=True)]
    return [*hits, *_others(verdict, page)]


def _row(group: Group, verdict: Verdict, page: Page) -> Sequence[str]:
    impact = group.first
    return (
        _owner(impact, page),
        lines((_exposure(one) for one in group.impacts), 6),
        f"**{impact.severity}**",
        _approval(group, verdict, page),
        lines(_why(impact), 5),
    )


def _exposure(impact: Impact) -> str:
    kind = f" ({inert(impact.type)})" if impact.type else ""
    return code(name(impact.exposure)) + kind


def _owner(impact: Impact, page: Page) -> str:
    if not impact.owner:
        return "nobody"
    found = code(impact.owner)
    if impact.new_owner:
        found += f"<br>from now on {code(impact.new_owner)}"
    standing = page.approvals.of(impact.owner) if page.approvals else None
    return f"{found}<br>{_people(standing)}" if standing and _people(standing) else found


def _people(standing: Standing) -> str:
    who = [*standing.requirement.people, *standing.requirement.teams]
    return lines((code(one) for one in who), 3)


def _why(impact: Impact) -> Iterator[str]:
    shown = [told(reason) for reason in impact.reasons[:2]]
    if len(impact.reasons) > 2:
        shown[-1] += f" (and {len(impact.reasons) - 2} more)"
    yield from shown
    if len(impact.path) > 1:
        yield way(impact.path)
    risks = [inert(promise) for promise, _ in promises(impact)]
    if risks:
        yield f"at risk: {', '.join(risks)}"


def _approval(group: Group, verdict: Verdict, page: Page) -> str:
    owner = group.first.owner
    if page.approvals:
        standing = page.approvals.of(owner)
        if standing is not None:
            return _standing(standing)
    exposures = {impact.exposure for impact in group.impacts}
    for located in verdict.decisions:
        decision = located.decision
        asks = decision.effect == "require_approval" and decision.node in exposures
        if asks and owner in decision.approvers:
            return "**needed**"
    return "not asked for"


def _standing(standing: Standing) -> str:
    if standing.state == "unknown":
        return f"nobody can say: {inert(standing.problem)}"
    if standing.state == "blocked":
        return f"refused by {_logins(standing.blocked_by)}"
    shown = [f"approved by {_logins(standing.approvals)}"] if standing.approvals else []
    if standing.missing:
        need = standing.requirement.min_approvals
        shown.append("**missing**" if need == 1 else f"**{standing.missing} of {need} missing**")
    for vote in standing.discounted:
        shown.append(f"{code(vote.login)} does not count: {inert(vote.why_not)}")
    if standing.requirement.optional:
        shown.append("not waited for")
    return lines(shown, 5)


def _logins(votes: Iterable[Vote]) -> str:
    return ", ".join(code(vote.login) for vote in votes)


def _others(verdict: Verdict, page: Page) -> Iterator[Sequence[str]]:
    """Owners of no exposure that is hit: of policies, of the project, of data."""
    covered = {(impact.owner, impact.exposure) for impact in verdict.impacts}
    asked: dict[str, dict[str, None]] = {}
    for owner, node, message in _asked(verdict, page):
        if (owner, node) not in covered:
            asked.setdefault(owner, {})[message] = None
    for owner, messages in sorted(asked.items()):
        found = page.approvals.of(owner) if page.approvals else None
        state = _standing(found) if found else "**needed**"
        who = f"<br>{_people(found)}" if found and _people(found) else ""
        yield code(owner) + who, "none", "", state, lines(map(prose, messages), 4)


def _asked(verdict: Verdict, page: Page) -> Iterator[tuple[str, str, str]]:
    """(owner, node, why) of every approval that is asked for."""
    if page.approvals is None:
        for located in verdict.decisions:
            decision = located.decision
            if decision.effect == "require_approval":
                for owner in decision.approvers:
                    yield owner, decision.node, decision.message
        return
    for standing in page.approvals.standings:
        need = standing.requirement
        for reason in need.reasons:
            yield need.owner, reason.node, reason.message
        if not need.reasons:
            yield need.owner, "", need.problem or "asked for by the project"
