"""A change of a schema against what was promised of it, without asking a registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.change import Version
from cdk_stream.problems import Severity
from cdk_stream_kafka.compatibility.finding import Unreadable
from cdk_stream_kafka.compatibility.levels import Breach, Schema, breaches
from cdk_stream_kafka.history import history, snapshot
from cdk_stream_kafka.subject import DEFAULT, Unwritable, schema_of

Node = Mapping[str, Any]
Told = tuple[str, Remark]


class Step(NamedTuple):
    """A subject's next version, and what it must go together with."""

    subject: str
    node: str
    pointer: str
    level: str
    said_by: str
    """Who asks for the level; "" when nobody does and the registry's own default is meant."""
    is_registered: bool
    """Whether a registry will be asked, and refuse."""
    new: Schema
    old: Schema


def check_change(base: Version, head: Version, changed: Sequence[str]) -> Iterator[Told]:
    """Every schema of `head` that its registry or its contract would not let follow `base`."""
    for step in (*_models(base, head, changed), *_sources(base, head)):
        if step.new != step.old:
            yield from _told(step, head)


def _told(step: Step, head: Version) -> Iterator[Told]:
    older = [*history(head, step.subject), step.old]
    if step.level.endswith("_TRANSITIVE") and len(older) == 1:
        yield step.node, _short_memory(step)
    try:
        found = breaches(step.level, step.new, older)
    except (Unreadable, ValueError) as reason:
        yield step.node, _unknown(step, str(reason))
        return
    if found:
        yield step.node, _breach(step, found)


def _models(base: Version, head: Version, changed: Sequence[str]) -> Iterator[Step]:
    for node_id in changed:
        old, new = base.nodes.get(node_id), head.nodes.get(node_id)
        if old is None or new is None or not node_id.startswith("model.") or _is_moved(old, new):
            continue
        subject, contract = _subject(new), new.get("contract") or {}
        said = contract.get("compatibility") or contract.get("versioning")
        if not said and not subject:
            continue
        texts = [_model_schema(node) for node in (new, old)]
        if None in texts:
            continue  # refused by itself, or open before: the columns' own changes tell
        yield Step(
            subject or new["name"],
            node_id,
            "/contract" if said else "",
            str(said or DEFAULT).upper(),
            f"the contract of '{new['name']}'" if said else "",
            bool(subject),
            *(schema for schema in texts if schema is not None),
        )


def _is_moved(old: Node, new: Node) -> bool:
    """Whether the rows go elsewhere or in another format, which begins anew."""
    return any(old.get(key) != new.get(key) for key in ("topic", "cluster", "format"))


def _subject(node: Node) -> str:
    names = [item["name"] for item in node.get("artifacts", ()) if item["kind"] == "subject"]
    return names[0] if names else ""


def _model_schema(node: Node) -> Schema | None:
    if node["open"]:
        return None
    columns = {
        name: (column["type"], column["nullable"]) for name, column in node["columns"].items()
    }
    try:
        schema = schema_of(node["format"], node["name"], columns)
    except Unwritable:
        return None
    kind = "AVRO" if node["format"] == "avro" else "JSON"
    return Schema(kind, orjson.dumps(schema).decode())


def _sources(base: Version, head: Version) -> Iterator[Step]:
    if _schemas(base) == _schemas(head):
        return
    promised = _promises(head)
    for node_id in (one for one in base.nodes if one.startswith("source.")):
        old, new = base.nodes[node_id], head.nodes.get(node_id)
        reference = old.get("schema_ref")
        if new is None or not reference or new.get("schema_ref") != reference:
            continue
        subject = reference.rpartition("://")[2].removeprefix("schema_registry:")
        schemas = [snapshot(version, subject) for version in (head, base)]
        if schemas[0] is None or schemas[1] is None:
            continue
        said_by, level = promised.get(node_id, ("", ""))
        yield Step(
            subject,
            node_id,
            "/schema_ref",
            str(level or DEFAULT).upper(),
            said_by,
            bool(level),
            schemas[0],
            schemas[1],
        )


def _schemas(version: Version) -> dict[str, str]:
    return {path: blob for path, blob in version.blobs.items() if path.startswith("schemas/")}


def _promises(head: Version) -> dict[str, tuple[str, str]]:
    """Source -> (who writes it, the compatibility it promises)."""
    found: dict[str, tuple[str, str]] = {}
    for node_id in head.nodes:
        if not node_id.startswith("exposure."):
            continue
        node = head.nodes[node_id]
        contract = node.get("contracts") or {}
        level = contract.get("compatibility") or contract.get("versioning")
        if level:
            found |= dict.fromkeys(node["produces"], (f"'{node['name']}'", level))
    return found


def _breach(step: Step, found: list[Breach]) -> Remark:
    first = found[0]
    old = first.version or "the schema before"
    reader, writer = ("the new one", old) if first.is_backward else (old, "the new one")
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    message = (
        f"'{step.subject}' is not {_word(step.level)}: {reader} does not read what {writer} "
        f"wrote: {first.finding}{more}"
    )
    if step.is_registered:
        by = step.said_by or "the registry's default"
        mend = f"{by} asks for it: change the schema so, or take a new topic for the new rows"
        return Remark("CS613", message, mend, Severity.ERROR, step.pointer)
    mend = (
        f"{step.said_by} asks for it, and no registry will refuse: warn the readers"
        if step.said_by
        else "a registry with its default settings refuses it: say `contracts:` of the producer"
    )
    return Remark("CS614", message, mend, Severity.WARNING, step.pointer)


def _short_memory(step: Step) -> Remark:
    return Remark(
        "CS615",
        f"'{step.subject}' is to be {_word(step.level)}, and only one earlier version is known",
        f"bring the others: cdk-stream fetch {step.subject} --history",
        Severity.NOTE,
        step.pointer,
    )


def _unknown(step: Step, reason: str) -> Remark:
    return Remark(
        "CS616",
        f"whether '{step.subject}' is {_word(step.level)} cannot be told: {reason}",
        "mend the schema, or ask the registry itself",
        Severity.ERROR,
        step.pointer,
    )


def _word(level: str) -> str:
    """`BACKWARD_TRANSITIVE` as in `backward compatible with every version`."""
    base, _, transitive = level.lower().partition("_")
    return f"{base} compatible" + (" with every version" if transitive else "")
