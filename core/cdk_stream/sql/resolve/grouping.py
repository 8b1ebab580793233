"""GROUP BY: its keys, its windows, and what grouping does to rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from cdk_stream.sql.resolve import flow, names, windows
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Run, Scope
from cdk_stream.sql.resolve.value import Value

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)


@dataclass(slots=True)
class Grouped:
    """The rows of a query in groups."""

    keys: list[Value] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)
    """The spellings of the group windows."""
    by_window: bool = False
    """Whether groups end with a window, so that each gives one row for good."""
    unsure: bool = False
    """Whether a key is wrong, which is told already: what else is not grouped is not told."""
    several: bool = False
    """GROUPING SETS, CUBE or ROLLUP: there are rows of more than one kind of group."""
    always: frozenset[str] = frozenset()
    """With these, the spellings of the keys that every group has; the others may be NULL."""

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset(key.spelling for key in self.keys)

    @property
    def spelling(self) -> str:
        return ", ".join(sorted(self.spellings | set(self.windows)))

    def flow(self, run: Run, before: Flow) -> Flow:
        """How the groups change."""
        if self.by_window:
            run.features.add("window")
            return flow.APPEND
        run.features.add("group_by")
        if self.several or any(" IS " in key.spelling for key in self.keys):
            return flow.RETRACT  # the planner takes out what it finds to be constant
        return flow.keyed(tuple(dict.fromkeys(key.spelling for key in self.keys)))

    def seen(self, columns: dict[str, Value]) -> dict[str, Value]:
        """`columns` as they come out of the groups."""
        keys = self.spellings
        return {name: self._seen(value, value.spelling in keys) for name, value in columns.items()}

    def _seen(self, value: Value, key: bool) -> Value:
        of_window = value.spelling.startswith(("ROWTIME(", "PROCTIME("))
        lost = value.time in ("row", "proc") and not of_window and not (self.by_window and key)
        null = self.several and key and value.spelling not in self.always
        if not lost and not null:
            return value
        return value.copy(time="" if lost else value.time, nullable=value.nullable or null)


def group(run: Run, scope: Scope, node: exp.Expr) -> Grouped | None:
    """The groups that GROUP BY makes; None without one."""
    clause = node.args.get("group")
    scope.columns.clear()
    if clause is None:
        return None
    scope.grouped = True
    grouped = Grouped()
    for part in _parts(clause):
        _key(run, scope, part, grouped)
    run.influence("group_by", *grouped.keys)
    grouped.windows = list(scope.group_windows)
    marks = {key.time for key in grouped.keys if ":" in key.time}
    starts = {mark.removeprefix("start:") for mark in marks if mark.startswith("start:")}
    ended = {number for number in starts if f"end:{number}" in marks}
    for number in ended & run.uneven.keys():
        offset, name = run.uneven[number]
        word = "slide" if name == "HOP" else "step"
        message = f"the size of {name} is no multiple of its {word}, so it cannot be aggregated"
        run.tell(offset, "CS417", message, f"choose a {word} that divides the size")
    tvf = bool(ended)
    grouped.by_window = bool(grouped.windows) or tvf
    scope.columns.clear()
    return grouped


def _sets(run: Run, scope: Scope, node: exp.Expr, grouped: Grouped) -> None:
    grouped.several = True
    kinds: list[frozenset[str]] = []
    for part in node.args.get("expressions") or ():
        one = Grouped()
        _key(run, scope, part, one)
        grouped.keys += one.keys
        grouped.unsure = grouped.unsure or one.unsure
        kinds.append(one.spellings)
    if node.__class__ is exp.GroupingSets and kinds:
        grouped.always |= frozenset.intersection(*kinds)


def _parts(clause: exp.Expr) -> list[exp.Expr]:
    parts: list[exp.Expr] = list(clause.args.get("expressions") or ())
    for key in ("grouping_sets", "cube", "rollup"):
        parts += [part for part in clause.args.get(key) or () if isinstance(part, exp.Expr)]
    return parts


def _key(run: Run, scope: Scope, part: exp.Expr, grouped: Grouped) -> None:
    if isinstance(part, _SETS):
        _sets(run, scope, part, grouped)
    elif part.__class__ in (exp.Tuple, exp.Paren):
        for inner in part.args.get("expressions") or [part.args.get("this")]:
            if inner is not None:
                _key(run, scope, inner, grouped)
    elif part.__class__ is exp.Anonymous and part.name.upper() in windows.FUNCTIONS:
        windows.group_window(run, scope, part)
    elif part.__class__ is exp.Literal:
        message = f"GROUP BY {part.name} groups by that value, not by a column"
        run.tell(names.offset_of(part), "CS415", message, "repeat the expression")
        grouped.unsure = True
    else:
        key = evaluate(run, scope, part)
        grouped.keys.append(key)
        grouped.unsure = grouped.unsure or not key.exact
        grouped.always |= {key.spelling}
