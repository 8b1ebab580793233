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
    items: list[list[Any]] = []
    offset = 0
    for node_id, entry in entries.items():
        problems = [_flat(problem) for problem in entry.problems]
        items.append(
            [
                node_id,
                offset,
                len(entry.fragment),
                entry.path,
                entry.files,
                entry.uses,
                entry.produces,
                entry.face,
                entry.seal,
                entry.imposes,
                entry.claims,
                entry.imposed,
                entry.backend,
                entry.artifacts,
                problems,
            ]
        )
        offset += len(entry.fragment)
    return items


def _entry(item: list[Any], fragments: bytes) -> Entry:
    _, offset, length, path, files, uses, produces, face, seal, imposes, claims, *rest = item
    imposed, backend, artifacts, problems = rest
    return Entry(
        path=path,
        files=tuple(files),
        uses=tuple(uses),
        produces=tuple(produces),
        face=face,
        seal=seal,
        fragment=fragments[offset : offset + length],
        imposes=tuple((node, column, _rule(rule)) for node, column, rule in imposes),
        claims=tuple(claims) if claims else None,
        imposed=imposed,
        backend=backend,
        artifacts=artifacts,
        problems=tuple(_problem(flat) for flat in problems),
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
    path, line, column, code, message, mend, severity, node = flat
    return Problem(Location(path, line, column), code, message, mend, Severity(severity), node)
