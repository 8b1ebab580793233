"""References -> node ids, and the order in which nodes can be compiled."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from cdk_stream.problems import Severity, near
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.parse import Complaint
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.uses import Uses
from cdk_stream.sql.template import Reference, references


def uses(declaration: Declaration, names: Mapping[str, str]) -> Uses:
    """Resolve what a declaration names; `names` maps every source and model name to its id."""
    found = Uses()
    if declaration.kind == "model":
        _model(declaration, names, found)
    elif declaration.kind == "test":
        _test(declaration, names, found)
    elif declaration.kind == "exposure":
        _exposure(declaration, names, found)
    return found


def _model(declaration: Declaration, names: Mapping[str, str], found: Uses) -> None:
    listed = _listed(declaration, names, found)
    written, _ = references(declaration.sql) if declaration.sql else ((), ())
    ids = []
    for reference in written:
        if reference.kind == "var":
            continue
        key = (reference.kind, reference.name)
        node_id = names.get(reference.name)
        if node_id is None:
            _tell_unknown(declaration, reference, names, found)
            found.missing[key] = f"missing.{reference.name}"
        else:
            found.tables[key] = node_id
            ids.append(node_id)
    for node_id in listed:
        if declaration.sql and node_id not in ids:
            message = f"'from' names '{node_id.partition('.')[2]}', which the SQL does not read"
            complaint = Complaint("CS306", "/from", message, "take it out, or use it in the SQL")
            found.complaints.append((complaint, Severity.WARNING))
    found.ids = tuple(sorted({*ids, *listed}))


def _tell_unknown(
    declaration: Declaration, reference: Reference, names: Mapping[str, str], found: Uses
) -> None:
    """Once a name, even when `from` has it too."""
    complaint = unknown(reference.name, names, "/sql")
    if all(complaint.message != told.message for told, _ in found.complaints):
        before = declaration.sql[: reference.start]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        placed = complaint._replace(line=line, column=column)
        found.complaints.append((placed, Severity.ERROR))


def _listed(declaration: Declaration, names: Mapping[str, str], found: Uses) -> list[str]:
    """The ids of `from:`; a model named as a source is accepted, and said once."""
    from_ = declaration.resource.from_
    ids = []
    confused = []
    for text in from_.references:
        name = reference_name(text)
        node_id = _lookup(name, names, "/from", found)
        if node_id:
            ids.append(node_id)
            as_source = text in from_.sources or text == from_.source
            if as_source and node_id.startswith("model.") and text == name:
                confused.append(name)
    if confused:
        quoted = ", ".join(f"'{name}'" for name in confused)
        plural = "are models" if len(confused) > 1 else "is a model"
        message = f"{quoted} {plural}, written under 'from' as a source; read as a model"
        complaint = Complaint("CS305", "/from", message, "write it under 'model' or 'models'")
        found.complaints.append((complaint, Severity.NOTE))
    return ids


def _test(declaration: Declaration, names: Mapping[str, str], found: Uses) -> None:
    test = declaration.resource
    ids = [_lookup(reference_name(test.model), names, "/model", found)]
    for index, assertion in enumerate(test.assertions):
        for key in ("ref_model", "source", "target"):
            named = getattr(assertion.arguments, key, None)
            if named:
                pointer = f"/assertions/{index}/{assertion.kind}/{key}"
                ids.append(_lookup(reference_name(named), names, pointer, found))
    found.ids = tuple(sorted({node_id for node_id in ids if node_id}))


def _exposure(declaration: Declaration, names: Mapping[str, str], found: Uses) -> None:
    exposure = declaration.resource
    ids: dict[str, list[str]] = {}
    for key in ("produces", "consumes", "depends_on"):
        for index, text in enumerate(getattr(exposure, key)):
            node_id = _lookup(reference_name(text), names, f"/{key}/{index}", found)
            if node_id:
                ids.setdefault(key, []).append(node_id)
    found.produces = tuple(sorted(set(ids.get("produces", ()))))
    found.ids = tuple(sorted({node_id for named in ids.values() for node_id in named}))


def _lookup(name: str, names: Mapping[str, str], pointer: str, found: Uses) -> str | None:
    node_id = names.get(name)
    if node_id is None:
        found.complaints.append((unknown(name, names, pointer), Severity.ERROR))
    return node_id


def unknown(name: str, names: Iterable[str], pointer: str) -> Complaint:
    """The complaint about a name that no source or model has."""
    message = f"there is no source or model named '{name}'"
    return Complaint("CS301", pointer, message, near(name, names))


def order(uses_of: Mapping[str, Iterable[str]]) -> list[str]:
    """Every node after what it uses, ties by id; nodes on a cycle are left out."""
    waiting = {node_id: 0 for node_id in uses_of}
    users: dict[str, list[str]] = {node_id: [] for node_id in uses_of}
    for node_id, ids in uses_of.items():
        for used in ids:
            if used in users:
                users[used].append(node_id)
                waiting[node_id] += 1
    ready = [node_id for node_id, count in waiting.items() if not count]
    heapq.heapify(ready)
    ordered = []
    while ready:
        node_id = heapq.heappop(ready)
        ordered.append(node_id)
        for user in users[node_id]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, user)
    return ordered


def cycles(uses_of: Mapping[str, Iterable[str]], ordered: Iterable[str]) -> list[list[str]]:
    """A path `[a, b, ..., a]` for each cycle that kept nodes out of `ordered`."""
    left = set(uses_of).difference(ordered)
    found = []
    while left:
        path: list[str] = []
        node_id = min(left)
        while node_id not in path:
            path.append(node_id)
            following = sorted(used for used in uses_of[node_id] if used in left)
            if not following:
                break
            node_id = following[0]
        else:
            start = path.index(node_id)
            found.append([*path[start:], node_id])
        left.difference_update(path)
    return found
