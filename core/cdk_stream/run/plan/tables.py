"""FROM: inputs, CTEs, sub-queries, VALUES and windows as tables."""

from __future__ import annotations

from operator import itemgetter

from sqlglot import exp

from cdk_stream.run.casts import coerced
from cdk_stream.run.expressions import compute
from cdk_stream.run.names import Column, Names, Table
from cdk_stream.run.plan.flow import Ctes, Flow, Plan
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Step
from cdk_stream.run.windows import Assign, Assigned, Sessions, cumulate, hop, tumble
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.resolve.windows import FUNCTIONS
from cdk_stream.sql.types import widest


def names_of(*flows: Flow) -> Names:
    """The columns of flows side by side."""
    names = Names()
    for flow in flows:
        names.add(Table(flow.name, flow.node, flow.columns))
    return names


def table(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    """One item of FROM that stands for itself."""
    if node.__class__ is exp.Table:
        this = node.args["this"]
        if this.__class__ is exp.Anonymous:
            flow = _function(plan, this, ctes)
        else:
            flow = named(plan, this, ctes)
    elif node.__class__ is exp.Subquery:
        flow = plan.query(plan, node.args["this"], ctes)
        flow.name = flow.node = ""
    elif node.__class__ is exp.Values:
        flow = values(plan, node)
    else:
        raise CannotRun(f"'{node.key.upper()}' in FROM", node)
    return aliased(flow, node.args.get("alias"))


def aliased(flow: Flow, alias: exp.Expr | None) -> Flow:
    """The flow under another name, and its columns under others."""
    if alias is None:
        return flow
    this = alias.args.get("this")
    if this is not None:
        flow.name = this.name
    listed = [column.name for column in alias.args.get("columns") or ()]
    return renamed(flow, listed)


def renamed(flow: Flow, listed: list[str]) -> Flow:
    """The flow with other names for its first columns."""
    if listed:
        rest = flow.columns[len(listed) :]
        given = [
            Column(name, column.type) for name, column in zip(listed, flow.columns, strict=False)
        ]
        flow.columns = given + rest
    return flow


def named(plan: Plan, identifier: exp.Expr, ctes: Ctes) -> Flow:
    """An input of the model, or a CTE."""
    start = identifier.meta.get("start", -1)
    name: str = identifier.args["this"]
    reference = plan.context.references.get(start)
    if reference is not None:
        node_id = plan.tables[reference]
        relation = plan.relations[node_id]
        columns = [Column(name, field.type) for name, field in relation.columns.items()]
        entry = Step()
        plan.entries.append((node_id, entry))
        updating = relation.changelog != "append"
        return Flow(columns, entry, updating, reference[1], node_id)
    cte = ctes[name]
    flow = renamed(plan.query(plan, cte.node, cte.around), cte.columns)
    flow.name, flow.node = name, ""
    return flow


class _Start(Step):
    """Rows that are there from the start: sent when time begins to pass."""

    __slots__ = ("rows",)

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows

    def advance(self, watermark: int) -> None:
        rows, self.rows = self.rows, []
        for row in rows:
            self.after.receive(row, 1)
        self.after.advance(watermark)


def values(plan: Plan, node: exp.Expr) -> Flow:
    """`VALUES (1, 'a'), (2, 'b')`."""
    lines = [list(line.args["expressions"]) for line in node.args["expressions"]]
    types = [
        widest(tuple(plan.context.type(line[index]) for line in lines))
        for index in range(len(lines[0]))
    ]
    rows = [
        tuple(
            coerced(plan.context, Names(), one, type_)(())
            for one, type_ in zip(line, types, strict=True)
        )
        for line in lines
    ]
    start = _Start(rows)
    plan.entries.append(("", start))
    columns = [Column(f"EXPR${index}", type_) for index, type_ in enumerate(types)]
    return Flow(columns, start)


def _function(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    name = name_of(node).upper()
    if name not in FUNCTIONS:
        raise CannotRun(f"the table function {name_of(node)}", node)
    arguments = _arguments(node)
    flow = _data(plan, arguments.pop("DATA"), ctes)
    partition = arguments.pop("PARTITION", None)
    descriptor = arguments.pop("TIMECOL")
    names = names_of(flow)
    place = names.find(descriptor.args["expressions"][0].name)
    if place is None:
        raise CannotRun("a window over a column that is not there", node)
    type_ = names.columns[place].type
    sizes = {key: _length(size, node) for key, size in arguments.items()}
    if name == "SESSION":
        keys = [
            compute(plan.context, names, part)
            for part in (partition.args["expressions"] if partition is not None else ())
        ]
        gap = next(iter(sizes.values()))
        step: Step = Sessions(itemgetter(place), gap, keys, plan.context.tally)
        if flow.updating:
            raise CannotRun("SESSION over rows that are taken back", node)
    else:
        step = Assigned(place, assigner(name, sizes))
    return flow.then(step, [*flow.columns, *_bounds(type_)])


def _bounds(type_: str) -> list[Column]:
    attribute = "TIMESTAMP_LTZ(3)" if "LTZ" in type_ else "TIMESTAMP(3)"
    return [
        Column("window_start", "TIMESTAMP(3)"),
        Column("window_end", "TIMESTAMP(3)"),
        Column("window_time", attribute),
    ]


def _length(node: exp.Expr, where: exp.Expr) -> int:
    found = interval_ms(node)
    if found is None:
        raise CannotRun("a window whose size is no plain interval", where)
    return found


def assigner(name: str, sizes: dict[str, int]) -> Assign:
    """TUMBLE, HOP and CUMULATE with their sizes, by keyword or in order."""
    offset = sizes.pop("OFFSET", 0)
    given = list(sizes.values())
    if name == "TUMBLE":
        return tumble(given[0], given[1] if len(given) > 1 else offset)
    step = sizes.get("SLIDE", sizes.get("STEP", given[0]))
    size = sizes.get("SIZE", given[1])
    offset = given[2] if len(given) > 2 else offset
    return hop(step, size, offset) if name == "HOP" else cumulate(step, size, offset)


def _arguments(node: exp.Expr) -> dict[str, exp.Expr]:
    """The arguments by keyword: DATA, PARTITION, TIMECOL, then the sizes in order."""
    found: dict[str, exp.Expr] = {}
    for argument in node.args.get("expressions") or ():
        called = argument.name.upper() if argument.__class__ is exp.Anonymous else ""
        if argument.__class__ is exp.Kwarg:
            found[argument.args["this"].name.upper()] = argument.args["expression"]
        elif called == "PARTITION_KEYS":
            found["PARTITION"] = argument
        elif called == "DESCRIPTOR":
            found["TIMECOL"] = argument
        else:
            found["DATA" if "DATA" not in found else str(len(found))] = argument
    return found


def _data(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    """The table that a window function takes."""
    if node.__class__ is exp.Column:
        return named(plan, node.args["this"], ctes)
    inner = node.args["this"] if node.__class__ is exp.Subquery else node
    flow = plan.query(plan, inner, ctes)
    flow.name = flow.node = ""
    return flow
