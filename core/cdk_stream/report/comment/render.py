"""The comment, whole, and cut to what a forge takes: details first, the decision never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_stream.report.comment import details, owners
from cdk_stream.report.comment.drawing import drawing
from cdk_stream.report.comment.head import head
from cdk_stream.report.comment.page import Page, When, marker, web
from cdk_stream.report.comment.rulings import errors, policies, waivers, warnings
from cdk_stream.report.comment.words import table
from cdk_stream.report.finding import findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.inert import inert
from cdk_stream.report.summary import asked, compiled
from cdk_stream.report.words import plural
from cdk_stream.results.verdict import Verdict

_CLASSES = (
    "**breaking**: a reader fails, or reads something else under the same name; **risky**: rows, "
    "values, rights or promises change, its owner must look; **safe**: neither"
)
_ALL = 1_000_000
# (rows of a table behind a line, rows of a table in the open)
_ROWS = (
    (_ALL, _ALL),
    (200, _ALL),
    (50, _ALL),
    (20, 400),
    (10, 200),
    (5, 100),
    (0, 50),
    (0, 20),
    (0, 5),
)


def post(verdict: Verdict, frame: Frame, page: Page, when: When = "on-impact") -> str | None:
    """The comment, or None when there is nothing to say and a comment that is there may go."""
    if when == "off" or (when == "on-impact" and not _worth(verdict, frame, page)):
        return None
    return render(verdict, frame, page)


def _worth(verdict: Verdict, frame: Frame, page: Page) -> bool:
    """Somebody is hit, asked or refused; nothing else is worth a notification."""
    asked = bool(verdict.approvers or (page.approvals and page.approvals.standings))
    held = page.approvals is not None and page.approvals.gate.state != "success"
    hit = bool(verdict.impacts or verdict.undeclared)
    return hit or asked or held or not verdict.passed(frame.strict)


def render(verdict: Verdict, frame: Frame, page: Page | None = None) -> str:
    """The comment, at most `page.limit` characters, the same for the same input.

    What does not fit goes in this order, counted where it is missing: the parts behind lines, the
    rows of tables. The title, who is waited for and what to do always stay.
    """
    page = page or Page()
    found = findings(verdict, frame)
    top = [marker(verdict.project), *head(verdict, found, frame, page)]
    foot = _foot(verdict, page)
    folded = [*details.exposures(verdict), *details.migrations(verdict)]
    for behind, open_ in _ROWS:
        body = _body(verdict, frame, page, behind, open_)
        tail = _tail(verdict, frame, behind)
        room = page.limit - _length([*top, *body, *tail, foot]) - 200
        if room >= 0:
            return _joined([*top, *body, *_fitting(folded, room), *tail, foot])
    return _joined([*top, foot])[: page.limit]


def _body(verdict: Verdict, frame: Frame, page: Page, behind: int, open_: int) -> list[str]:
    found = findings(verdict, frame)
    ruled = policies(found, min(open_, 100))
    denied = any(finding.policy and finding.level == "error" for finding in found)
    return [
        errors(found, min(open_, 100)),
        ruled if denied else "",
        _impact(verdict, page, open_),
        details.undeclared(verdict, min(open_, 50)),
        "" if denied else ruled,
        drawing(verdict) if behind else "",
    ]


def _tail(verdict: Verdict, frame: Frame, behind: int) -> list[str]:
    waived = waived_findings(verdict, frame)
    if not behind:
        return [_left_out(verdict, len(waived))]
    return [
        details.changes(verdict, behind),
        details.spared(verdict, behind),
        waivers(waived, behind),
        warnings(findings(verdict, frame), behind),
    ]


def _left_out(verdict: Verdict, waived: int) -> str:
    counts = (
        (len(verdict.changes), "change", ""),
        (len(verdict.spared), "exposure", " not bothered"),
        (waived, "waiver", ""),
    )
    told = [plural(count, noun) + more for count, noun, more in counts if count]
    return f"Left out for room: {', '.join(told)}." if told else ""


def _impact(verdict: Verdict, page: Page, rows: int) -> str:
    found = owners.rows(verdict, page)
    if not verdict.base and not found:
        return ""
    if not verdict.changes and not found:
        return "Nothing changes in meaning."
    if not verdict.impacts:
        shown = table(owners.HEADER, found, rows, "rows")
        return "No exposure is hit." + (f"\n\n{shown}" if shown else "")
    return table(
        owners.HEADER, found, rows, f"rows; {plural(len(verdict.impacts), 'exposure')} hit"
    )


def _fitting(parts: Sequence[str], room: int) -> Iterator[str]:
    """As many parts as there is room for, and how many there are besides."""
    shown = 0
    for part in parts:
        room -= len(part) + 2
        if room < 0:
            break
        shown += 1
        yield part
    left = len(parts) - shown
    if left:
        count = plural(left, "more part")
        yield f"... and {count} with details and steps; the report of the run has them."


def _foot(verdict: Verdict, page: Page) -> str:
    told = [inert(compiled(verdict.counts)), asked(verdict)]
    if verdict.waived:
        told.append(plural(len(verdict.waived), "finding") + " waived")
    if verdict.consumers_from:
        told.append(f"live consumer groups from {inert(verdict.consumers_from)}")
    if web(page.run_url):
        told.append(f"[the run and its whole report]({web(page.run_url)})")
    if page.recheck:
        told.append(f"checked again by: {inert(page.recheck)}")
    if verdict.impacts:
        told.append(_CLASSES)
    return f"<sub>{' · '.join(told)}</sub>"


def _length(parts: Sequence[str]) -> int:
    return sum(len(part) + 2 for part in parts if part)


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
