"""The last compilation of a folder, kept outside of it so that no commit can forge one.

`nodes.bin` holds the nodes' JSON in the order of the manifest; what is compiled later is appended,
until more than half of the file is stale. `nodes.json` says where in it each node stands.
"""

from __future__ import annotations

import mmap
import os
from typing import Any

import orjson

from cdk_stream.glance import FORMAT, read_bytes, write
from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.entry import Entry
from cdk_stream.results.fragments import SEPARATOR, Fragment, Fragments, record
from cdk_stream.results.stream import Protection

_NONCE = 32
Spans = dict[str, tuple[int, int]]
"""Node id -> where its fragment starts and ends in `nodes.bin`."""


class Memory:
    """What is remembered in one folder; what cannot be read is not remembered."""

    def __init__(self, folder: str) -> None:
        self._nodes, self._state = f"{folder}/nodes.bin", f"{folder}/nodes.json"
        self._folder = folder
        self._mapped: mmap.mmap | None = None

    def recall(self) -> Compilation | None:
        """The compilation that was kept last."""
        try:
            state = orjson.loads(read_bytes(self._state) or b"{}")
            mapped = _map(self._nodes)
        except (OSError, ValueError):
            return None
        if state.get("format") != FORMAT or mapped[:_NONCE] != state["nonce"].encode():
            return None
        self._mapped = mapped
        entries = {item[0]: _entry(item, mapped) for item in state["entries"]}
        return Compilation(state["context"], state["blobs"], entries, state["project"])

    def keep(self, compilation: Compilation) -> None:
        """Remember a compilation without errors; raises OSError."""
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        spans = self._append(compilation.entries)
        nonce = self._mapped[:_NONCE] if self._mapped and spans else os.urandom(16).hex().encode()
        if spans is None:
            spans = self._rewrite(compilation.entries, nonce)
        state = {
            "format": FORMAT,
            "nonce": nonce.decode(),
            "context": compilation.context,
            "blobs": compilation.blobs,
            "project": compilation.project,
            "entries": [_item(node, entry, spans) for node, entry in compilation.entries.items()],
        }
        write(self._state, orjson.dumps(state))

    def _append(self, entries: dict[str, Entry]) -> Spans | None:
        """Add what is new to the file that was recalled; None when it must be written anew."""
        mapped = self._mapped
        if mapped is None:
            return None
        spans: Spans = {}
        new: dict[str, bytes] = {}
        live = 0
        for node_id, entry in entries.items():
            buffer, start, end = entry.fragment
            if buffer is mapped:
                spans[node_id] = (start, end)
                live += end - start
            else:
                new[node_id] = entry.fragment.content()
        if live < len(mapped) // 2:
            return None
        records = [record(node_id, content) for node_id, content in new.items()]
        place = _append(self._nodes, mapped[:_NONCE], b"".join(records))
        if place is None:
            return None
        for node_id, content in new.items():
            place += len(node_id.encode()) + 3
            spans[node_id] = (place, place + len(content))
            place += len(content) + len(SEPARATOR)
        return spans

    def _rewrite(self, entries: dict[str, Entry], nonce: bytes) -> Spans:
        ids = sorted(entries)
        fragments = Fragments({node_id: entries[node_id].fragment for node_id in ids})
        part = f"{self._nodes}.{os.getpid()}"
        with open(part, "wb") as file:
            file.write(nonce)
            file.writelines(fragments.records(ids))
        os.replace(part, self._nodes)
        spans: Spans = {}
        start = _NONCE
        for node_id in ids:
            start += len(node_id.encode()) + 3
            _, first, last = entries[node_id].fragment
            spans[node_id] = (start, start + last - first)
            start += last - first + len(SEPARATOR)
        return spans


def _map(path: str) -> mmap.mmap:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
    finally:
        os.close(descriptor)


def _append(path: str, nonce: bytes, content: bytes) -> int | None:
    """Where the content starts in the file; None when the file is another one by now."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    try:
        if os.pread(descriptor, _NONCE, 0) != nonce:
            return None
        if os.write(descriptor, content) != len(content):
            return None
        return os.lseek(descriptor, 0, os.SEEK_CUR) - len(content)
    finally:
        os.close(descriptor)


def _item(node_id: str, entry: Entry, spans: Spans) -> list[Any]:
    return [
        node_id,
        *spans[node_id],
        entry.path,
        entry.files,
        entry.uses,
        entry.produces,
        entry.face,
        entry.seal,
        [[node, column, list(rule)] for node, column, rule in entry.imposes],
        entry.claims,
        entry.imposed,
        entry.backend,
        entry.artifacts,
        [_flat(problem) for problem in entry.problems],
        entry.holds,
    ]


def _entry(item: list[Any], mapped: mmap.mmap) -> Entry:
    _, start, end, path, files, uses, produces, face, seal, imposes, claims, *rest = item
    imposed, backend, artifacts, problems, holds = rest
    return Entry(
        path,
        files,
        tuple(uses),
        tuple(produces),
        face,
        seal,
        Fragment(mapped, start, end),
        tuple((node, column, _rule(rule)) for node, column, rule in imposes) if imposes else (),
        tuple(claims) if claims else None,
        imposed,
        backend,
        artifacts,
        tuple(_problem(flat) for flat in problems) if problems else (),
        holds,
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
