"""What the nodes of a plan hold: each source value is one of its kind and found anywhere."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.gateway.plan import NUMBER, ROW, Node, Plan, Row

Rows = dict[str, list[Row]]
_STATUSES = ("A", "B", "C")


class Secret(NamedTuple):
    """The values of a protected column, and who may not see any of them."""

    column: str
    values: frozenset[str]
    masked: frozenset[str]
    """Roles that are masked; none: everyone but the allowed."""
    allowed: frozenset[str]

    def is_kept_from(self, roles: set[str]) -> bool:
        if self.masked:
            return not self.masked.isdisjoint(roles)
        return self.allowed.isdisjoint(roles)

    def is_in(self, text: str) -> str | None:
        """One of the values that the text shows."""
        return next((value for value in self.values if value in text.upper()), None)


def run(plan: Plan) -> Rows:
    """Node -> its rows, all in clear."""
    rows: Rows = {}
    for number, node in enumerate(plan.nodes):
        if node.how == "source":
            twin = next((o for o in plan.nodes[:number] if o.topic == node.topic), None)
            rows[node.name] = rows[twin.name] if twin else _source(number, node)
        else:
            rows[node.name] = _model(node, [rows[name] for name in node.inputs])
    return rows


def secrets(plan: Plan, rows: Rows) -> list[Secret]:
    """One for each rule and column: the column's own values, whatever they are made of."""
    return [
        Secret(
            f"{node.name}.{column}",
            frozenset(text for row in rows[node.name] for text in texts(row[column])),
            frozenset(rule.roles),
            frozenset(node.allowed(column)),
        )
        for node in plan.nodes
        for rule in node.rules
        for column in rule.columns
    ]


def _source(number: int, node: Node) -> list[Row]:
    return [
        {
            name: _value(type_, name, f"{number:02}{place:02}{index:02}", _STATUSES[index])
            for place, (name, type_) in enumerate(node.columns.items())
        }
        for index in range(3)
    ]


def _value(type_: str, name: str, digits: str, status: str) -> Any:
    if name == "status":
        return status
    if type_ == NUMBER:
        return int(f"7{digits}53")
    if type_ == ROW:
        return {"city": f"C{digits}5309Y", "zip": f"Z{digits}5309P"}
    return f"K{digits}5309Q"


def _model(node: Node, inputs: list[list[Row]]) -> list[Row]:
    match node.how:
        case "union":
            return [_row(node, (row, row)) for rows in inputs for row in rows if _passes(node, row)]
        case "join":
            # Every pair: a value that could reach a row is taken to reach it.
            return [_row(node, (one, other)) for one in inputs[0] for other in inputs[1]]
        case _:
            return [_row(node, (row,)) for row in inputs[0] if _passes(node, row)]


def _passes(node: Node, row: Row) -> bool:
    return not node.only or row["status"] in node.only


def _row(node: Node, rows: tuple[Row, ...]) -> Row:
    if node.items is None:
        return dict(rows[0])
    return {name: item.value(rows) for name, item in node.items}


def texts(value: Any) -> list[str]:
    """The single values in a value, as they are found in any text of it in capitals."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    return [str(value).upper()]
