"""The last compilation of a folder, kept outside of it so that no commit can forge one."""

from __future__ import annotations

import json
import os
from typing import Any

from cdk_stream.glance import FORMAT, read_bytes, read_json, write
from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.entry import Entry
from cdk_stream.results.stream import Protection


def recall(folder: str) -> Compilation | None:
    """The compilation remembered in a folder; None when there is none that can be read."""
    state = read_json(f"{folder}/nodes.json")
    fragments = read_bytes(f"{folder}/nodes.bin")
    if state.get("format") != FORMAT or not fragments.endswith(state["nonce"].encode()):
        return None
    entries = {item[0]: _entry(item, fragments) for item in state["entries"]}
    return Compilation(state["context"], state["blobs"], entries, state["project"])


def keep(folder: str, compilation: Compilation) -> None:
    """Remember a compilation without errors; raises OSError."""
    fragments = [entry.fragment for entry in compilation.entries.values()]
    nonce = os.urandom(16).hex()
    state = {
        "format": FORMAT,
        "nonce": nonce,
        "context": compilation.context,
        "blobs": compilation.blobs,
        "project": compilation.project,
        "entries": _items(compilation.entries),
    }
    os.makedirs(folder, mode=0o700, exist_ok=True)
    write(f"{folder}/nodes.bin", b"".join([*fragments, nonce.encode()]))
    write(f"{folder}/nodes.json", json.dumps(state, separators=(",", ":")).encode())


def _items(entries: dict[str, Entry]) -> list[list[Any]]:
    items = []
    for node_id, entry in entries.items():
        problems = [_flat(problem) for problem in entry.problems]
        items.append(
            [
                node_id,
                entry.path,
                entry.files,
                entry.uses,
                entry.produces,
                entry.face,
                entry.seal,
                entry.imposes,
                entry.claims,
                entry.imposed,
                problems,
                entry.backend,
                entry.artifacts,
                len(entry.fragment),
            ]
        )
    offset = 0
    for item in items:
        item.append(offset)
        offset += item[-2]
    return items


def _entry(item: list[Any], fragments: bytes) -> Entry:
    length, offset = item[13], item[14]
    return Entry(
        path=item[1],
        files=tuple(item[2]),
        uses=tuple(item[3]),
        produces=tuple(item[4]),
        face=item[5],
        seal=item[6],
        imposes=tuple((node, column, _rule(rule)) for node, column, rule in item[7]),
        claims=tuple(item[8]) if item[8] else None,
        imposed=item[9],
        problems=tuple(_problem(flat) for flat in item[10]),
        backend=item[11],
        artifacts=item[12],
        fragment=fragments[offset : offset + length],
    )


def _rule(values: list[Any]) -> Protection:
    rule = Protection(*values)
    return rule._replace(
        origin=(rule.origin[0], rule.origin[1]),
        roles=tuple(rule.roles),
        allowed=tuple(rule.allowed),
    )


def _flat(problem: Problem) -> list[Any]:
    at = problem.location
    told = [problem.code, problem.message, problem.mend, problem.severity.value, problem.node]
    return [at.path, at.line, at.column, *told]


def _problem(flat: list[Any]) -> Problem:
    return Problem(Location(*flat[:3]), *flat[3:6], Severity(flat[6]), flat[7])
