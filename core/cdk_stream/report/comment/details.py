"""Behind lines to click on: each exposure, each way over a change, each change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cdk_stream.report.comment.owners import Group, grouped
from cdk_stream.report.comment.page import web
from cdk_stream.report.comment.words import folded, lines, name, prose, table, told, way
from cdk_stream.report.inert import code, fenced, html_code, html_prose, inert
from cdk_stream.report.summary import promises
from cdk_stream.report.words import plural
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.migration import Migration, Step
from cdk_stream.results.verdict import Verdict

_NAMES, _WAYS, _REASONS, _COLUMNS = 5, 5, 12, 20
_GONE = {"COLUMN_REMOVED", "COLUMN_RENAMED"}


def exposures(verdict: Verdict) -> list[str]:
    """One part for each group of exposures that the change hits alike."""
    changes = {change.node: change for change in verdict.changes}
    return [
        _exposure(group, changes, verdict) for group in grouped(verdict.impacts, by_owner=False)
    ]


def _exposure(group: Group, changes: dict[str, Change], verdict: Verdict) -> str:
    impact = group.first
    shown = ", ".join(html_code(name(one.exposure)) for one in group.impacts[:_NAMES])
    left = len(group.impacts) - _NAMES
    more = f" and {left} more" if left > 0 else ""
    touched = [changes[node] for node in impact.changes if node in changes]
    return folded(
        f"{shown}{more}: {impact.severity}, {_steps_word(group, verdict)}",
        _urls(group),
        "\n".join(_lines("At risk", _risks(group), 20)),
        "\n\n".join(_moves(group, verdict.migrations)),
        "\n".join(_lines("What it reads of what changes", map(_column, impact.columns), _COLUMNS)),
        "\n\n".join(filter(None, (columns(change) for change in touched))),
        "\n".join(_lines("How it is reached", map(way, _ways(group)), _WAYS)),
        "\n".join(_lines("Why", map(told, impact.reasons), _REASONS)),
    )


def _steps_word(group: Group, verdict: Verdict) -> str:
    owners = sorted({one.owner for one in group.impacts})
    who = f"owner {html_code(owners[0])}" if len(owners) == 1 and owners[0] else "no owner"
    return who if len(owners) <= 1 else f"{len(owners)} owners"


def _urls(group: Group) -> str:
    links = [
        f"[Open]({web(one.url)}) {code(name(one.exposure))}"
        for one in group.impacts[:_NAMES]
        if web(one.url)
    ]
    return "<br>".join(links)


def _ways(group: Group) -> Iterable[tuple[str, ...]]:
    impact = group.first
    if len(impact.path) < 2:
        return ()
    return tuple(one for one in (impact.ways or (impact.path,)) if len(one) > 1)


def _column(column: str) -> str:
    return code(name(column))


def _risks(group: Group) -> Iterator[str]:
    for promise, whys in promises(group.first):
        yield f"{inert(promise)}: {'; '.join(told(why) for why in whys[:3])}" + (
            f" (and {len(whys) - 3} more)" if len(whys) > 3 else ""
        )


def _lines(title: str, texts: Iterable[str], most: int) -> list[str]:
    shown = list(texts)
    if not shown:
        return []
    rest = [f"- and {len(shown) - most} more"] if len(shown) > most else []
    return [f"**{title}**", "", *(f"- {text}" for text in shown[:most]), *rest]


def columns(change: Change) -> str:
    """The columns of a node as a diff; empty when none differ."""
    found = [line for aspect in change.aspects for line in _diff(aspect)]
    if not found:
        return ""
    more = [f"  and {len(found) - 40} more"] if len(found) > 40 else []
    shown = "\n".join((f"  {change.node}", *found[:40], *more))
    return fenced(shown, "diff")


def _diff(aspect: Aspect) -> Iterator[str]:
    column = " ".join(aspect.column.split())
    if not column:
        return
    if aspect.code in _GONE:
        yield f"- {column}"
        if aspect.new_name:
            yield f"+ {aspect.new_name}"
    elif aspect.code == "COLUMN_ADDED":
        yield f"+ {column}"
    else:
        told_ = aspect.message.removeprefix(f"column '{column}' ")
        yield f"! {column}: {told_}"


def _moves(group: Group, migrations: Iterable[Migration]) -> Iterator[str]:
    """What its owners do, for each way over the change; alike ones once."""
    shown = [impact.exposure for impact in group.impacts[:_NAMES]]
    title = "**What it has to do**"
    for migration in migrations:
        steps = {move.exposure: move.steps for move in migration.moves if move.exposure in shown}
        alike = len(set(steps.values())) == 1
        for exposure, asked in list(steps.items())[: 1 if alike else None]:
            who = "" if alike else f"{code(name(exposure))}: "
            lead = f"{title}\n\n" if title else ""
            title = ""
            for step in asked:
                yield _step(
                    step, f"{lead}- {who}{prose(_sentence(migration.title))}: ", capital=False
                )


def migrations(verdict: Verdict) -> list[str]:
    """One part for each way over a change that has steps for its author."""
    return [_migration(one) for one in verdict.migrations if one.steps]


def _migration(migration: Migration) -> str:
    steps = [*migration.steps, *_between(migration), *migration.last]
    return folded(
        f"Steps for the author: {html_prose(migration.title)}",
        f"Why: {prose(migration.why)}.",
        *(_step(step, f"{at}. ") for at, step in enumerate(steps, 1)),
    )


def _between(migration: Migration) -> list[Step]:
    if not migration.moves:
        return []
    count = plural(len(migration.moves), "reader")
    return [Step(f"let {count} move: each has its own steps above")]


def _step(step: Step, lead: str, *, capital: bool = True) -> str:
    """A step and its snippet; the snippet stands apart, so that no list can end it."""
    text = lead + prose(_sentence(step.text) if capital else step.text)
    if not step.snippet:
        return text
    where = {"file": "in the new file ", "set": "set in "}.get(step.effect, "")
    place = f" ({where}{code(step.path)})" if step.path else ""
    return f"{text}{place}\n\n{fenced(step.snippet, 'console' if step.effect == 'run' else 'yaml')}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def changes(verdict: Verdict, rows: int) -> str:
    """Every change with its reasons, behind one line."""
    if not verdict.changes:
        return ""
    shown = table(
        ("class", "node", "what differs"),
        [_change(one) for one in verdict.changes],
        rows,
        "changes",
    )
    count = len(verdict.changes)
    return folded("The change" if count == 1 else f"All {plural(count, 'change')}", shown)


def _change(change: Change) -> Sequence[str]:
    told_ = (f"{prose(aspect.message)} ({aspect.category})" for aspect in change.aspects)
    origin = "<br>from upstream" if change.inherited else ""
    return f"**{change.category}**", f"{code(change.node)} {change.kind}{origin}", lines(told_, 8)


def spared(verdict: Verdict, rows: int) -> str:
    """Who need not be bothered although they read downstream, and why."""
    if not verdict.spared:
        return ""
    cells = [
        (code(name(one.exposure)), code(name(one.change)), prose(one.why)) for one in verdict.spared
    ]
    count = plural(len({one.exposure for one in verdict.spared}), "exposure")
    shown = table(("exposure", "change", "why not"), cells, rows, "of them")
    return folded(f"{count} downstream not bothered", shown)


def undeclared(verdict: Verdict, rows: int) -> str:
    """Live consumer groups that read what changes and that nobody declares."""
    if not verdict.undeclared:
        return ""
    cells = [
        (
            code(one.group),
            code(one.topic),
            code(name(one.node)),
            f"**{one.severity}**",
            "unknown" if one.members is None else str(one.members),
        )
        for one in verdict.undeclared
    ]
    count = len({one.group for one in verdict.undeclared})
    title = f"### {plural(count, 'undeclared consumer group')} on what changes"
    why = "No exposure names them, so nobody is asked: find out whose they are, and declare them."
    shown = table(("group", "topic", "stream", "class", "members"), cells, rows, "of them")
    return f"{title}\n\n{why}\n\n{shown}"
