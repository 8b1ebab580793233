"""What differs in the columns of a source or model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.resources.level import RANK
from cdk_stream.results.change import Aspect, Category
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.types import same_type, widens

Column = Mapping[str, Any]

KEEP = "keep the old column until its readers have moved, or give the stream a new version"
_REGISTRY_FORMATS = ("avro", "debezium_avro", "json_schema")
_ONLY_OLD_READERS = ("none", "forward", "forward_transitive")


def column_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of columns that came, went, or hold something else."""
    old, new = base.get("columns", {}), head.get("columns", {})
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    renamed = _renamed(old, new, gone, come)
    for name in gone:
        yield _gone(name, renamed.get(name, ""))
    for name in come:
        if name not in renamed.values():
            yield _come(name, new[name], head)
    for name, column in new.items():
        if name in old and old[name] != column:
            yield from _shape(name, old[name], column, head)
            yield from _making(name, old[name], column)


def _renamed(
    old: Mapping[str, Column], new: Mapping[str, Column], gone: list[str], come: list[str]
) -> dict[str, str]:
    """Old name -> new name, where a new column is made of the very same and none else is."""
    found: dict[str, str] = {}
    for name in gone:
        alike = [other for other in come if _alike(old[name], new[other])]
        rivals = [other for other in gone if _alike(old[other], old[name])]
        if len(alike) == 1 and len(rivals) == 1:
            found[name] = alike[0]
    return found


def _alike(one: Column, other: Column) -> bool:
    """Made of the same inputs in the same way; two columns made of nothing are not."""
    return (
        bool(one.get("edges"))
        and all(edge[2] == "identity" for edge in one["edges"] + other.get("edges", []))
        and _edges(one) == _edges(other)
        and same_type(one.get("type", ""), other.get("type", ""))
    )


def _gone(name: str, new_name: str) -> Aspect:
    if new_name:
        message = f"column '{name}' is renamed to '{new_name}'"
        return aspect(
            "COLUMN_RENAMED", "breaking", message, column=name, mend=KEEP, new_name=new_name
        )
    return aspect(
        "COLUMN_REMOVED", "breaking", f"column '{name}' is removed", column=name, mend=KEEP
    )


def _come(name: str, column: Column, head: Node) -> Aspect:
    category: Category = "safe"
    why = ""
    if not column.get("nullable", True) and reads_old_rows(head):
        category = "breaking" if _promised(head) else "risky"
        why = ", and old rows have no value for it"
    elif column.get("classification") is None:
        category, why = "risky", ", and nothing says how sensitive it is"
    elif RANK[column["classification"]] >= RANK["confidential"] or column.get("tags"):
        category, why = "risky", f", and it is {_sensitivity(column)}"
    return aspect("COLUMN_ADDED", category, f"column '{name}' is added{why}", column=name)


def _sensitivity(column: Column) -> str:
    tags = ", ".join(column.get("tags", ()))
    return f"{column['classification']} ({tags})" if tags else str(column["classification"])


def _shape(name: str, old: Column, new: Column, head: Node) -> Iterator[Aspect]:
    yield from _type(name, old.get("type", ""), new.get("type", ""), head)
    if old.get("nullable", True) and not new.get("nullable", True):
        breaks = reads_old_rows(head) and _promised(head)
        yield aspect(
            "NULLABLE_TO_REQUIRED",
            "breaking" if breaks else "risky" if head["kind"] == "source" else "safe",
            f"column '{name}' is never null any more",
            column=name,
        )
    if new.get("nullable", True) and not old.get("nullable", True):
        message = f"column '{name}' may be null now"
        yield aspect("REQUIRED_TO_NULLABLE", "breaking", message, column=name)


def _type(name: str, old: str, new: str, head: Node) -> Iterator[Aspect]:
    if same_type(old, new):
        return
    if not new:
        message = f"type of column '{name}' was {old} and is unknown now"
        yield aspect("TYPE_UNKNOWN", "breaking", message, column=name, mend="cast it to a type")
    elif widens(old, new):
        breaks = compatibility(head).startswith(("forward", "full"))
        message = f"type of column '{name}' widens from {old} to {new}"
        category: Category = "breaking" if breaks else "risky"
        yield aspect("TYPE_WIDENED", category, message, column=name)
    else:
        message = f"type of column '{name}' changes from {old or 'unknown'} to {new}"
        yield aspect("TYPE_CHANGED", "breaking", message, column=name, mend=KEEP)


def _making(name: str, old: Column, new: Column) -> Iterator[Aspect]:
    if new.get("analysis") == "unknown" and old.get("analysis") != "unknown":
        message = f"what column '{name}' is made of cannot be told any more"
        yield aspect("LINEAGE_UNKNOWN", "breaking", message, column=name)
    elif _edges(old) != _edges(new):
        message = f"column '{name}' {_remade(_inputs(old), _inputs(new))}"
        yield aspect("ORIGIN_CHANGED", "risky", message, column=name)
    elif old.get("expression", "") != new.get("expression", ""):
        message = f"column '{name}' is computed in another way"
        yield aspect("EXPRESSION_CHANGED", "risky", message, column=name)


def _edges(column: Column) -> list[tuple[str, ...]]:
    return sorted(map(tuple, column.get("edges", ())))


def _inputs(column: Column) -> set[str]:
    return {f"{node.partition('.')[2]}.{field}" for node, field, _ in _edges(column)}


def _remade(old: set[str], new: set[str]) -> str:
    gained, lost = _listed(new - old), _listed(old - new)
    if gained and lost:
        return f"is made of {gained}, not of {lost}"
    if gained:
        return f"is made of {gained} as well"
    return f"is not made of {lost} any more" if lost else "is made of its inputs in another way"


def _listed(names: set[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def compatibility(node: Node) -> str:
    """What the contract promises readers of older and newer rows; "" for no word."""
    contract = node.get("contract", {})
    return str(contract.get("compatibility") or contract.get("versioning") or "")


def reads_old_rows(node: Node) -> bool:
    """Whether readers of the new schema must cope with rows of the old one."""
    return compatibility(node) not in _ONLY_OLD_READERS


def _promised(node: Node) -> bool:
    """A contract, or the registry's own default, refuses what old rows cannot satisfy."""
    return bool(compatibility(node)) or node.get("format") in _REGISTRY_FORMATS
