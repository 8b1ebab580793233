"""Classes written into a source's YAML; every comment and every other line stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from cdk_stream.classify.suggest import Suggestion

Node = Any


@dataclass(slots=True)
class Text:
    """A file's lines, and what is to be put into them; positions are those of the file."""

    lines: list[str]
    insertions: list[tuple[int, int, str]] = field(default_factory=list)

    def insert(self, line: int, column: int, text: str) -> None:
        self.insertions.append((line, column, text))

    def add_line(self, after: int, text: str) -> None:
        """A line of its own below the line `after`, from 0."""
        self.insertions.append((after + 1, 0, text + "\n"))

    def result(self) -> str:
        lines = list(self.lines)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.append("")
        ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
        order = sorted(enumerate(self.insertions), key=lambda item: (item[1][:2], item[0]))
        for _, (line, column, text) in reversed(order):
            own = text.replace("\n", ending)
            lines[line] = lines[line][:column] + own + lines[line][column:]
        return "".join(lines)


def classified(text: str, pointer: str, suggestions: Sequence[Suggestion]) -> str:
    """The file with the suggested classes and tags of the source at `pointer`.

    Under `columns:` where the column or nothing else is listed, else under `pii_tags:`.
    """
    source = _at(yaml.compose(text, Loader=yaml.CSafeLoader), pointer)
    edit = Text(text.splitlines(keepends=True))
    columns, tags = _value(source, "columns"), _value(source, "pii_tags")
    listed = {_name(item): item for item in _items(columns)}
    rest = []
    for one in suggestions:
        if one.column in listed:
            _label(edit, listed[one.column], one)
        else:
            rest.append(one)
    if rest and _is_full(columns):
        _append_columns(edit, columns, rest)
    elif rest and _is_full(tags):
        _append_tags(edit, tags, rest)
    elif rest:
        _add_block(edit, source, tags, rest)
    return edit.result()


def _at(node: Node, pointer: str) -> Node:
    for step in pointer.split("/")[1:]:
        node = _value(node, step) if isinstance(node, yaml.MappingNode) else node.value[int(step)]
    return node


def _value(node: Node, key: str) -> Node | None:
    for name, value in node.value:
        if name.value == key:
            return value
    return None


def _items(columns: Node | None) -> list[Node]:
    return [] if columns is None or not isinstance(columns.value, list) else list(columns.value)


def _is_full(node: Node | None) -> bool:
    return bool(_items(node))


def _name(item: Node) -> str:
    name = _value(item, "name") if isinstance(item, yaml.MappingNode) else None
    return "" if name is None else str(name.value)


def _label(edit: Text, item: Node, one: Suggestion) -> None:
    """Into the column's own entry, the keys that it does not have."""
    wanted = {"classification": one.classification, "tags": f"[{one.tag}]"}
    keys = {key.value for key, _ in item.value}
    new = {key: value for key, value in wanted.items() if key not in keys}
    if item.flow_style:
        _into_flow(edit, item, [f"{key}: {value}" for key, value in new.items()])
    else:
        indent = " " * item.value[0][0].start_mark.column
        last = last_line(edit, item)
        for key, value in new.items():
            edit.add_line(last, f"{indent}{key}: {value}")


def _into_flow(edit: Text, node: Node, parts: Iterable[str]) -> None:
    """Before the closing bracket of `{...}` or `[...]`, with the space that stands there."""
    line, column = node.end_mark.line, node.end_mark.column - 1
    before = edit.lines[line][:column]
    place = len(before.rstrip()) or column
    joined = ", ".join(parts)
    comma = "" if before.rstrip().endswith(("{", "[", ",")) or not before.strip() else ","
    space = " " if before.strip() and not before.rstrip().endswith("[") else ""
    edit.insert(line, place, f"{comma}{space}{joined}")


def _append_columns(edit: Text, columns: Node, rest: Sequence[Suggestion]) -> None:
    entries = [
        f"{{ name: {one.column}, classification: {one.classification}, tags: [{one.tag}] }}"
        for one in rest
    ]
    if columns.flow_style:
        _into_flow(edit, columns, entries)
        return
    indent = " " * columns.start_mark.column
    last = last_line(edit, columns)
    for entry in entries:
        edit.add_line(last, f"{indent}- {entry}")


def _append_tags(edit: Text, tags: Node, rest: Sequence[Suggestion]) -> None:
    listed = isinstance(tags, yaml.SequenceNode)
    entries = [_tag(one) for one in rest]
    if tags.flow_style:
        _into_flow(edit, tags, [f"{{ {entry} }}" if listed else entry for entry in entries])
        return
    indent = " " * tags.start_mark.column
    last = last_line(edit, tags)
    for entry in entries:
        edit.add_line(last, f"{indent}{'- ' if listed else ''}{entry}")


def _tag(one: Suggestion) -> str:
    return f"{one.column}: {{ classification: {one.classification}, tags: [{one.tag}] }}"


def _add_block(edit: Text, source: Node, empty: Node | None, rest: Sequence[Suggestion]) -> None:
    """A `pii_tags:` of its own, below all other keys of the source."""
    if empty is not None:
        raise ValueError("an empty 'pii_tags:' is in the way")
    if source.flow_style:
        _into_flow(edit, source, [f"pii_tags: {{ {', '.join(map(_tag, rest))} }}"])
        return
    indent = " " * source.value[0][0].start_mark.column
    last = last_line(edit, source)
    edit.add_line(last, f"{indent}pii_tags:")
    for one in rest:
        edit.add_line(last, f"{indent}  {_tag(one)}")


def last_line(edit: Text, node: Node) -> int:
    """The last line that belongs to a node, from 0; comments and empty lines below do not."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.line
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        lines = edit.lines[node.start_mark.line + 1 : end]
        depth = next((_depth(line) for line in lines if line.strip()), 0)
        end -= 1
        while not edit.lines[end].strip() or _depth(edit.lines[end]) < depth:
            end -= 1
    return end


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
