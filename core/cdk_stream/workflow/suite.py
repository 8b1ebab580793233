"""Which tests a selection means: those it picks, and those of the models it picks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from cdk_stream.git.command import GitFailed, run_git
from cdk_stream.git.repository import find_repository
from cdk_stream.problems import Refused, Usage
from cdk_stream.resources.authoring import reference_name
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.select import select
from cdk_stream.workflow.change import changes_between
from cdk_stream.workflow.check import compiled_at
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.unit import unit_tests
from cdk_stream.workflow.unit_rows import FOLDER

Units = Mapping[str, Declaration]


def picked_tests(
    root: Path,
    compiled: Compiled,
    units: Units,
    selectors: Iterable[str],
    exclude: Iterable[str] = (),
    base: str | None = None,
) -> list[str]:
    """Ids of unit tests and of tests on rows that flow; all without a selector.

    `units` are the project's unit tests, which `state:` compares with those at `base`, the files
    that they name included. Raises Usage for what is not there.
    """
    manifest = _with_units(compiled, units)
    changes = None if base is None else _changes(root, compiled, units, base)
    chosen = set(select(manifest, selectors, exclude, changes))
    tests = [node_id for node_id in manifest.nodes if node_id.startswith("test.")]
    return [test for test in tests if test in chosen or manifest.nodes[test]["model"] in chosen]


def _with_units(compiled: Compiled, units: Units) -> Manifest:
    """The manifest as if unit tests were nodes: only here are they picked."""
    known = compiled.manifest
    fragments = {node_id: known.nodes.fragment(node_id) for node_id in known.nodes}
    parents = dict(known.parents)
    for test_id, declaration in units.items():
        model = compiled.bench.names.get(reference_name(declaration.resource.model), "")
        fragments[test_id] = orjson.dumps(_node(declaration, model))
        parents[test_id] = (model,) if model else ()
    return Manifest(known.project, fragments, parents)


def _node(declaration: Declaration, model: str) -> dict[str, object]:
    test = declaration.resource
    return {
        "id": declaration.id,
        "kind": "test",
        "name": declaration.name,
        "type": "unit",
        "model": model,
        "owner": test.owner,
        "tags": list(test.tags),
        "path": declaration.path,
        "pointer": declaration.pointer,
    }


def _changes(root: Path, compiled: Compiled, units: Units, base: str) -> tuple[Change, ...]:
    before = compiled_at(root, base, compiled)
    found = changes_between(before, compiled)
    old = _units_of(before)
    files = _changed_files(root, base)
    return (*found, *filter(None, (_change(one, old.get(one.id), files) for one in units.values())))


def _units_of(before: Compiled | None) -> Units:
    try:
        return unit_tests(before) if before is not None else {}
    except Refused:  # two of one name: which of them is compared is not known
        return {}


def _change(test: Declaration, before: Declaration | None, files: set[str]) -> Change | None:
    if before is None:
        aspect = Aspect("TEST_TIGHTENED", "safe", "promise", "a new unit test", spreads=False)
        return Change(test.id, "added", "safe", (aspect,), test.path, test.pointer)
    if before.resource == test.resource and files.isdisjoint(_named_files(test)):
        return None
    aspect = Aspect("TEST_TIGHTENED", "safe", "promise", "another unit test", spreads=False)
    return Change(test.id, "modified", "safe", (aspect,), test.path, test.pointer)


def _named_files(test: Declaration) -> set[str]:
    parts = (*test.resource.given, test.resource.expect)
    return {part.file for part in parts if part.file is not None}


def _changed_files(root: Path, base: str) -> set[str]:
    """The files under tests/ that are not what they were at the base."""
    commit = find_repository(root).merge_base(base)
    questions = (
        ("diff", "--name-only", "--relative", "--no-ext-diff", "-z", commit, "--", FOLDER),
        ("ls-files", "--others", "-z", "--", FOLDER),
    )
    try:
        answers = b"".join(run_git(str(root), *question) for question in questions)
    except GitFailed as failure:
        raise Usage(f"git cannot compare {FOLDER}/ with '{base}': {failure}") from None
    return {path.decode("utf-8", "surrogateescape") for path in answers.split(b"\0") if path}
