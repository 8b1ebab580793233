"""The first lines: the decision, what was compared, and what each reader has to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_stream.report.comment.page import Page
from cdk_stream.report.comment.words import names, prose
from cdk_stream.report.finding import Finding
from cdk_stream.report.frame import Frame
from cdk_stream.report.inert import code, inert
from cdk_stream.report.summary import compared, hit
from cdk_stream.report.words import plural
from cdk_stream.results.approval import Approvals
from cdk_stream.results.verdict import Verdict

_OWNERS = 200
_WAYS = ("new_version", "expand_contract", "consumer_group")


def head(verdict: Verdict, found: Sequence[Finding], frame: Frame, page: Page) -> tuple[str, ...]:
    """Title, facts, and a list of who must do what."""
    title = f"## {code(verdict.project)}: {_decision(verdict, found, frame, page)}"
    facts = inert(_sentence(compared(verdict)))
    if verdict.base:
        facts += f": {hit(verdict)}"
    return title, f"{facts}.", "\n".join(_todo(verdict, found, frame, page))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _decision(verdict: Verdict, found: Sequence[Finding], frame: Frame, page: Page) -> str:
    if verdict.outcome(frame.strict) == "refused":
        errors = sum(finding.level == "error" for finding in found)
        return f"refused, {plural(errors, 'error')} to mend first"
    waiting = waited_for(verdict, page)
    if page.approvals is None:
        return f"needs the approval of {_listed(waiting)}" if waiting else "passed"
    state = page.approvals.gate.state
    if page.approvals.broken_glass is not None and state == "success":
        return "passed behind broken glass"
    if state == "success":
        return "passed, everybody has agreed" if page.approvals.standings else "passed"
    if state == "pending" and waiting:
        return f"waits for the approval of {_listed(waiting)}"
    word = {"pending": "not yet", "failure": "refused", "error": "nobody can say"}[state]
    return f"{word}: {inert(page.approvals.gate.description)}"


def waited_for(verdict: Verdict, page: Page) -> tuple[str, ...]:
    """The owners whose approval is missing, by name."""
    if page.approvals is None:
        return verdict.approvers
    return tuple(
        one.requirement.owner
        for one in page.approvals.standings
        if one.state != "approved" and not one.requirement.optional
    )


def _listed(owners: Sequence[str]) -> str:
    shown = ", ".join(code(owner) for owner in owners[:_OWNERS])
    left = len(owners) - _OWNERS
    return f"{shown} and {plural(left, 'more owner')}" if left > 0 else shown


def _todo(verdict: Verdict, found: Sequence[Finding], frame: Frame, page: Page) -> Iterator[str]:
    waiting = waited_for(verdict, page)
    if waiting:
        yield (
            f"- **{_count(waiting)}**: look at your rows of the table and what they unfold to, "
            "then approve this pull request or ask for changes."
        )
    if verdict.outcome(frame.strict) == "refused":
        yield "- **Author**: mend the errors below; what is asked of others may change with it."
    ways = [one for one in verdict.migrations if one.kind in _WAYS]
    if ways:
        streams = names(dict.fromkeys(one.node for one in ways))
        yield f"- **Author**: nobody needs to break; there are steps for {streams} below."
    if verdict.undeclared:
        count = plural(len({one.group for one in verdict.undeclared}), "undeclared consumer group")
        yield f"- **Author**: find out who is behind {count}, see below."
    if page.approvals:
        yield from _gate(page.approvals)


def _gate(approvals: Approvals) -> Iterator[str]:
    """What holds it besides owners, and what was let pass without them."""
    glass = approvals.broken_glass
    if glass is not None:
        passed = ", ".join(map(prose, approvals.overridden[:5])) or "nothing was missing"
        left = len(approvals.overridden) - 5
        more = f" and {left} more" if left > 0 else ""
        yield (
            f"- **Broken glass** by {code(glass.login)}: {prose(glass.reason)}. "
            f"Let pass: {passed}{more}."
        )
    yield from (f"- **Frozen**: {prose(window)}" for window in approvals.frozen[:5])
    yield from (f"- {prose(_sentence(mend))}" for mend in approvals.gate.mends[:5])


def _count(waiting: Sequence[str]) -> str:
    return "Owner" if len(waiting) == 1 else "Owners"
