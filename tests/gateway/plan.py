"""A small project as data: rendered to files for the compiler, and run on rows without it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

TEXT, NUMBER, ROW = "STRING", "BIGINT", "ROW<city STRING, zip STRING>"
GATEWAY = "gateway:6969"
Row = dict[str, Any]


class Copy(NamedTuple):
    """A column of an input, or a field of one: `place.city`."""

    name: str
    input: int = 0

    def sql(self, qualified: bool) -> str:
        return f"t{self.input}.{self.name}" if qualified else self.name

    def value(self, rows: tuple[Row, ...]) -> Any:
        at: Any = rows[self.input]
        for step in self.name.split("."):
            at = at[step]
        return at


class Joined(NamedTuple):
    """A word and then a column."""

    word: str
    column: Copy

    def sql(self, qualified: bool) -> str:
        return f"CONCAT('{self.word}', {self.column.sql(qualified)})"

    def value(self, rows: tuple[Row, ...]) -> Any:
        return f"{self.word}{self.column.value(rows)}"


class Either(NamedTuple):
    """One of two columns, as the status says."""

    status: Copy
    first: Copy
    second: Copy

    def sql(self, qualified: bool) -> str:
        columns = (self.status, self.first, self.second)
        status, first, second = (column.sql(qualified) for column in columns)
        return f"CASE WHEN {status} = 'A' THEN {first} ELSE {second} END"

    def value(self, rows: tuple[Row, ...]) -> Any:
        chosen = self.first if self.status.value(rows) == "A" else self.second
        return chosen.value(rows)


class Called(NamedTuple):
    """`UPPER`, `MAX` or `COALESCE` of a column: the value stays readable."""

    function: str
    column: Copy

    def sql(self, qualified: bool) -> str:
        told = self.column.sql(qualified)
        return (
            f"COALESCE({told}, '-')" if self.function == "COALESCE" else f"{self.function}({told})"
        )

    def value(self, rows: tuple[Row, ...]) -> Any:
        return self.column.value(rows)


Expression = Copy | Joined | Either | Called


@dataclass(frozen=True, slots=True)
class Rule:
    """What hides columns of a node; without roles it hides them from everyone."""

    columns: tuple[str, ...]
    method: str = "mask_all"
    roles: tuple[str, ...] = ()
    characters: int = 0

    def document(self) -> Row:
        if self.method == "encrypt":
            return {"encrypt": {"column": list(self.columns), "key": "kms://card"}}
        told: Row = {"column": list(self.columns), "method": self.method}
        if self.characters:
            told["characters"] = self.characters
        if self.roles:
            told["applied_in"] = [{"roles": list(self.roles)}]
        return {"mask": told}


@dataclass(frozen=True, slots=True)
class Grant:
    """The roles that read columns in clear; no columns are all."""

    roles: tuple[str, ...]
    columns: tuple[str, ...] = ()

    def document(self) -> Row:
        columns = {"columns": list(self.columns)} if self.columns else {}
        return {"allow": {"roles": list(self.roles)} | columns}


@dataclass(frozen=True, slots=True)
class Node:
    """`how` is source, union, join, group, select or sink; `items` is None for `*`."""

    name: str
    how: str
    columns: dict[str, str]
    inputs: tuple[str, ...] = ()
    items: tuple[tuple[str, Expression], ...] | None = None
    only: tuple[str, ...] = ()
    """The statuses that pass; none are all."""
    topic: str = ""
    format: str = "json"
    key: tuple[str, ...] = ("id",)
    willing: bool = False
    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    pure: frozenset[str] = frozenset()
    """The columns whose values are found again in another column only when that one copies them."""

    def allowed(self, column: str) -> set[str]:
        grants = (grant for grant in self.grants if not grant.columns or column in grant.columns)
        return {role for grant in grants for role in grant.roles}


@dataclass(frozen=True, slots=True)
class Reader:
    """An exposure."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Nodes in an order in which each stands on earlier ones."""

    nodes: tuple[Node, ...]
    readers: tuple[Reader, ...]
    roles: dict[str, Row]
    virtual_cluster: str = ""

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    def files(self) -> dict[str, str]:
        """The project as the compiler reads it."""
        files = {"stream_project.yml": self._project()}
        for node in self.nodes:
            folder = "sources" if node.how == "source" else "models"
            files[f"{folder}/{node.name}.yml"] = {folder: [_DOCUMENTS[node.how](node)]}
        for reader in self.readers:
            document = {
                "name": reader.name,
                "consumes": [reference(name) for name in reader.reads],
                "produces": [reference(name) for name in reader.writes],
                "access": {"allowed_roles": list(reader.roles)},
                "service_accounts": list(reader.accounts),
            }
            files[f"exposures/{reader.name}.yml"] = {"exposures": [document]}
        return {path: json.dumps(document) for path, document in files.items()}

    def _project(self) -> Row:
        gateway = {"url": "http://gateway:8888", "bootstrap_servers": GATEWAY}
        if self.virtual_cluster:
            gateway["virtual_cluster"] = self.virtual_cluster
        return {
            "name": "p",
            "default_cluster": "main",
            "default_classification": "internal",
            "roles": self.roles,
            "kms": {"kms://card": "vault-kms://vault:8200/transit/keys/card"},
            "connectors": {"files": {"kind": "aiven_http", "connection": {"url": "http://h"}}},
            "clusters": {
                "main": {
                    "kafka": {"bootstrap_servers": "kafka:9092"},
                    "schema_registry": {"url": "http://registry:8081"},
                    "gateway": gateway,
                    "flink": {"sql_gateway": "http://flink:8083"},
                    "connect": {"url": "http://connect:8083"},
                }
            },
        }


def reference(name: str) -> str:
    """The names of sources begin with an `s`, those of models with an `m`."""
    return f'source("{name}")' if name.startswith("s") else f'ref("{name}")'


def _security(node: Node) -> Row:
    policies = [rule.document() for rule in node.rules]
    policies += [grant.document() for grant in node.grants]
    willing = {"allow_encryption": True} if node.willing else {}
    return {"security": {"policies": policies, **willing}} if policies or willing else {}


def _source(node: Node) -> Row:
    columns = [{"name": name, "type": type_} for name, type_ in node.columns.items()]
    told = {"name": node.name, "topic": node.topic, "format": node.format, "columns": columns}
    return {**told, "key": list(node.key), **_security(node)}


def _sink(node: Node) -> Row:
    sink = {"type": "http_endpoint", "connector": "files"}
    return {
        "name": node.name,
        "materialized": "sink",
        "from": [reference(node.inputs[0])],
        "sink": sink,
    }


def _model(node: Node) -> Row:
    return {"name": node.name, "key": list(node.key), "sql": query(node), **_security(node)}


_DOCUMENTS = {"source": _source, "sink": _sink} | dict.fromkeys(
    ("select", "union", "join", "group"), _model
)


def query(node: Node) -> str:
    """The SQL of a model."""
    tables = [f"{{{{ {reference(name)} }}}} AS t{index}" for index, name in enumerate(node.inputs)]
    match node.how:
        case "union":
            return " UNION ALL ".join(
                _select(node, index, table) for index, table in enumerate(tables)
            )
        case "join":
            return _select(node, 0, f"{tables[0]} JOIN {tables[1]} ON t0.id = t1.id")
        case "group":
            return f"{_select(node, 0, tables[0])} GROUP BY t0.id"
        case _:
            return _select(node, 0, tables[0])


def _select(node: Node, index: int, tables: str) -> str:
    items = "*"
    if node.items is not None:
        told = ((name, _moved(item, index)) for name, item in node.items)
        items = ", ".join(f"{item.sql(True)} AS {name}" for name, item in told)
    where = ""
    if node.only:
        statuses = ", ".join(f"'{status}'" for status in node.only)
        where = f" WHERE t{index}.status IN ({statuses})"
    return f"SELECT {items} FROM {tables}{where}"


def _moved(item: Expression, index: int) -> Expression:
    """The branches of a union have the same items, each over its own input."""
    return item._replace(input=index) if index and isinstance(item, Copy) else item
