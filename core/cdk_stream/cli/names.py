"""What a user types for a node or a column -> the one that is meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cdk_stream.problems import Usage, near
from cdk_stream.results.manifest import Node


def find_node(known: Collection[str], name: str) -> str:
    """The id of the node that `name` means; Usage when there is none or more than one."""
    if name in known:
        return name
    found = [node_id for node_id in known if node_id.partition(".")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise Usage(f"'{name}' could be {' or '.join(sorted(found))}\n    name one of these")
    raise _unknown(f"there is no node '{name}' in the project", name, _names(known))


def find_column(nodes: Mapping[str, Node], text: str) -> tuple[str, str]:
    """The node id and column of `MODEL.COLUMN`; either part may hold dots itself."""
    if "." not in text:
        raise Usage(f"'{text}' is not MODEL.COLUMN\n    write payments_clean.amount for instance")
    streams = {node_id for node_id in nodes if node_id.startswith(("source.", "model."))}
    splits = [(text[:dot], text[dot + 1 :]) for dot, char in enumerate(text) if char == "."]
    meant = [(name, column) for name, column in splits if name in streams | _names(streams)]
    if not meant:
        name = text.rpartition(".")[0]
        raise _unknown(f"there is no source or model '{name}'", name, _names(streams))
    for name, column in meant:
        node_id = find_node(streams, name)
        if column in nodes[node_id]["columns"]:
            return node_id, column
    node_id = find_node(streams, meant[-1][0])
    message = f"{node_id} has no column '{meant[-1][1]}'"
    raise _unknown(message, meant[-1][1], nodes[node_id]["columns"])


def _names(known: Collection[str]) -> set[str]:
    return {node_id.partition(".")[2] for node_id in known}


def _unknown(message: str, name: str, options: Collection[str]) -> Usage:
    mend = near(name, options)
    return Usage(f"{message}\n    {mend}" if mend else message)
