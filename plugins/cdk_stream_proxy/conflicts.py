"""Protections that the Gateway cannot hold, found on the stream that bears the columns."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity
from cdk_stream.resources.project import Cluster, Project
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream_proxy.group import group_of, known
from cdk_stream_proxy.row import Leaf, leaves
from cdk_stream_proxy.storage import stored

_CLOSED = frozenset({"ARRAY", "MAP", "MULTISET", "ROW", "VARIANT"})
"""What is no single value; a ROW is one when its fields are not known."""


def without_gateway(stream: Stream) -> Remark:
    """Nothing stands between the readers and the topic."""
    column = next(name for name, column in stream.columns.items() if column.protections)
    return Remark(
        "CS530",
        f"'{column}' of the topic '{stream.topic}' is protected, but cluster '{stream.cluster}' "
        "has no gateway that could do it",
        f"add gateway: to the cluster '{stream.cluster}', or keep the column out of the stream",
        Severity.ERROR,
    )


def conflicts(stream: Stream, cluster: Cluster, project: Project) -> Iterator[Remark]:
    """Who would be masked and not masked at once, and what a mask cannot reach."""
    for name, column in stream.columns.items():
        if not column.protections:
            continue
        if _is_first_here(stream, name, column):
            yield from _ambiguous(name, column, project)
            yield from _shared_groups(name, column, project)
            yield from _keys(name, column)
            yield from _unreachable(name, column)
        yield from _taken(stream, name, column)
        if name in stream.key:
            yield Remark(
                "CS533",
                f"'{name}' is protected and the key of '{stream.topic}': a mask hides values "
                "only, so a record's key may still show it",
                "take another key, or a hash of it",
                Severity.ERROR,
            )
    registry_needed = stream.format in ("avro", "protobuf", "json_schema", "debezium_avro")
    if registry_needed and cluster.schema_registry is None:
        yield Remark(
            "CS534",
            f"the Gateway reads {stream.format} rows of '{stream.topic}' with a schema registry, "
            f"and cluster '{stream.cluster}' has none",
            f"add schema_registry: to the cluster '{stream.cluster}'",
            Severity.ERROR,
        )


def _is_first_here(stream: Stream, name: str, column: StreamColumn) -> bool:
    """Whether these rules meet here for the first time: what follows only inherits them."""
    origins = {rule.origin for rule in column.protections}
    return len(origins) > 1 or (stream.id, name) in origins


def _ambiguous(name: str, column: StreamColumn, project: Project) -> Iterator[Remark]:
    masked = {role for rule in column.protections for role in rule.roles}
    lifted = {role for rule in column.protections for role in rule.allowed}
    authors = ", ".join(sorted({rule.declared_by for rule in column.protections}))
    for role in sorted(masked & lifted):
        yield Remark(
            "CS531",
            f"the role '{role}' is both masked and allowed for '{name}' (rules of {authors})",
            "keep it in one of applied_in: and allow:",
            Severity.ERROR,
        )
    allowed = {
        account: role
        for role in sorted(lifted - masked)
        if role in project.roles
        for account in project.roles[role].service_accounts
    }
    for role in sorted(masked - lifted):
        accounts = project.roles[role].service_accounts if role in project.roles else ()
        for account in accounts:
            if account in allowed:
                yield Remark(
                    "CS531",
                    f"the account '{account}' is masked for '{name}' as '{role}' and allowed as "
                    f"'{allowed[account]}' (rules of {authors}): which one wins is not defined",
                    "give each role an account of its own",
                    Severity.ERROR,
                )


def _shared_groups(name: str, column: StreamColumn, project: Project) -> Iterator[Remark]:
    """A mask is lifted for a group, so every role that has the group would read in clear."""
    told: set[tuple[str, str]] = set()
    for rule in column.protections:
        lifted = {group_of(project, role): role for role in known(project, rule.allowed)}
        for role in sorted(project.roles):
            allowed = lifted.get(group_of(project, role))
            if allowed is None or role in rule.allowed or (role, allowed) in told:
                continue
            told.add((role, allowed))
            yield Remark(
                "CS531",
                f"the role '{role}' has the group '{group_of(project, role)}' in common with "
                f"'{allowed}', which is allowed to read '{name}': it would read it as well",
                f"give '{role}' a group of its own, or allow it too",
                Severity.ERROR,
            )


def _taken(stream: Stream, name: str, column: StreamColumn) -> Iterator[Remark]:
    """The mask of a renamed column covers the topic below, and may meet another column there."""
    storage = stored(stream)
    other = storage.columns.get(name)
    if other is not None and not set(column.protections) <= set(other.protections):
        yield Remark(
            "CS538",
            f"'{name}' is protected here and another column of '{storage.topic}': its mask hides "
            "that one as well, from who reads the topic itself",
            f"give the column a name that '{storage.name}' has not",
        )


def _unreachable(name: str, column: StreamColumn) -> Iterator[Remark]:
    reason = next(filter(None, map(_beyond, leaves(column.type, name))), "")
    if reason:
        yield Remark(
            "CS529",
            f"'{name}' {reason}",
            "keep the column out of the stream, or make a text of it in a model",
            Severity.ERROR,
        )


def _beyond(leaf: Leaf) -> str:
    kind = leaf.type.partition("<")[0]
    if kind in _CLOSED:
        return f"holds values of the type {kind}, and what a mask does to those is not documented"
    dotted = next((step for step in leaf.path if "." in step), "")
    if dotted:
        return f"is masked by its name, and a dot in '{dotted}' leads a mask elsewhere"
    return ""


def _keys(name: str, column: StreamColumn) -> Iterator[Remark]:
    ways = {(rule.key, rule.algorithm) for rule in column.protections if rule.method == "encrypt"}
    if len(ways) > 1:
        keys = ", ".join(f"'{key}' with {algorithm}" for key, algorithm in sorted(ways))
        yield Remark(
            "CS532",
            f"'{name}' is to be encrypted in several ways: {keys}",
            "write one key and one algorithm for a column",
            Severity.ERROR,
        )
