"""A compile that reuses an earlier one gives exactly what a compile from nothing gives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_stream.results.compilation import Compilation
from cdk_stream.tree import belongs, blob_id
from cdk_stream.workflow.compile import compile_project, compile_tree

EXAMPLE = Path(__file__).parents[3] / "examples" / "fraud"
Files = dict[str, str]


class Held:
    """A tree that is held in memory."""

    name = "a tree of the test"

    def __init__(self, files: Files) -> None:
        self._contents = {path: text.encode() for path, text in files.items()}

    def files(self) -> dict[str, str]:
        return {path: blob_id(content) for path, content in self._contents.items()}

    def links(self) -> frozenset[str]:
        return frozenset()

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        return {path: self._contents[path] for path in paths}


def example() -> Files:
    return {
        path.relative_to(EXAMPLE).as_posix(): path.read_text()
        for path in sorted(EXAMPLE.rglob("*"))
        if path.is_file() and belongs(path.relative_to(EXAMPLE).as_posix())
    }


def outcome(compilation: Compilation) -> tuple[object, ...]:
    problems = [str(problem) for problem in compilation.problems]
    if not compilation.ok:
        return (problems,)
    return problems, compilation.manifest().document()


CHAIN = {
    "stream_project.yml": """
name: chain
default_cluster: eu
roles:
  support: {group: support, service_accounts: [desk]}
  fraud: {group: fraud, service_accounts: [engine]}
clusters:
  eu:
    region: EU
    kafka: {bootstrap_servers: "k:9092"}
    gateway: {url: "http://g:8888", bootstrap_servers: "g:6969"}
    flink: {sql_gateway: "http://f:8083"}
    connect: {url: "http://c:8083"}
connectors: {files: {kind: file, version: 4}}
""",
    "sources/raw.yml": """
sources:
  - name: raw
    topic: raw.v1
    owner: team
    columns:
      - {name: id, type: STRING, classification: public}
      - {name: card, type: STRING, classification: highly_sensitive}
      - {name: amount, type: BIGINT, classification: internal}
      - {name: at, type: TIMESTAMP_LTZ(3), classification: public}
    event_time: at
""",
    "models/clean.yml": """
models:
  - name: clean
    sql: SELECT id, card, amount, `at` FROM {{ ref("raw") }} WHERE amount > 0
""",
    "models/total.yml": """
models:
  - name: total
    sql: |
      SELECT id, MAX(card) AS number, SUM(amount) AS total
      FROM {{ ref("clean") }} GROUP BY id
""",
    "models/masked.yml": """
models:
  - name: masked
    sql: SELECT id, number, total FROM {{ ref("total") }} WHERE total > 10
    security:
      policies:
        - mask: {column: number, applied_in: [{roles: [support]}]}
""",
    "exposures/app.yml": """
exposures:
  - {name: app, owner: team, consumes: [ref("masked")]}
""",
    "tests/total.yml": """
tests:
  - {name: total_not_null, model: total, assertions: [{not_null: {column: total}}]}
""",
}

EDITS = {
    "a comment": ("models/clean.yml", "models:", "# more\nmodels:"),
    "a filter": ("models/clean.yml", "amount > 0", "amount > 5"),
    "a renamed column": ("models/clean.yml", "id, card", "id AS ident, card"),
    "a dropped column": ("models/clean.yml", "card, amount", "amount"),
    "a type": ("sources/raw.yml", "type: BIGINT", "type: DOUBLE"),
    "a class": ("sources/raw.yml", "classification: internal", "classification: sensitive"),
    "an owner": ("sources/raw.yml", "owner: team", "owner: other"),
    "a topic": ("sources/raw.yml", "raw.v1", "raw.v2"),
    "a mask's role": ("models/masked.yml", "roles: [support]", "roles: [fraud]"),
    "no mask": (
        "models/masked.yml",
        "    security:\n      policies:\n        - mask: "
        "{column: number, applied_in: [{roles: [support]}]}\n",
        "",
    ),
    "an unknown role": ("models/masked.yml", "roles: [support]", "roles: [nobody]"),
    "a lost input": ("models/total.yml", "total", "other"),
    "a circle": ("models/clean.yml", 'ref("raw")', 'ref("masked")'),
    "a reader": ("exposures/app.yml", 'ref("masked")', 'ref("total")'),
    "a cluster": ("stream_project.yml", "region: EU", "region: US"),
    "a test's column": ("tests/total.yml", "column: total", "column: totl"),
    "bad YAML": ("models/total.yml", "models:", "models: ["),
}


def edited(files: Files, edits: Iterable[str]) -> Files:
    changed = dict(files)
    for edit in edits:
        path, old, new = EDITS[edit]
        changed[path] = changed[path].replace(old, new)
    return changed


@given(st.lists(st.lists(st.sampled_from(sorted(EDITS)), max_size=2), min_size=1, max_size=3))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_edits_compile_as_if_for_the_first_time(rounds: list[list[str]]) -> None:
    prior = compile_tree(Held(CHAIN)).compilation
    for edits in rounds:
        files = edited(CHAIN, edits)
        again = compile_tree(Held(files), prior).compilation
        assert outcome(again) == outcome(compile_tree(Held(files)).compilation)
        if again.ok:
            prior = again


@pytest.mark.parametrize(
    ("edit", "fresh"),
    [
        ("a comment", {"model.clean"}),
        ("a filter", {"model.clean", "model.total"}),  # a view: who reads it may be one with it
        ("an owner", {"source.raw"}),
        (
            "a class",
            {"source.raw", "model.clean", "model.total", "model.masked", "exposure.app"}
            | {"test.total_not_null"},
        ),
    ],
)
def test_an_edit_goes_no_further_than_it_is_noticed(edit: str, fresh: set[str]) -> None:
    prior = compile_tree(Held(CHAIN)).compilation

    again = compile_tree(Held(edited(CHAIN, [edit])), prior).compilation

    assert again.fresh == fresh


ABOVE = {
    **CHAIN,
    "models/above.yml": """
models:
  - name: above
    materialized: virtual_topic
    sql: SELECT id, card AS pan FROM {{ ref("clean") }}
""",
}


@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=2))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_a_view_over_a_view_follows_what_lies_below(edits: list[str]) -> None:
    prior = compile_tree(Held(ABOVE)).compilation
    assert prior.manifest().nodes["model.above"]["backend"] == "proxy"
    files = edited(ABOVE, edits)

    again = compile_tree(Held(files), prior).compilation

    whole = compile_tree(Held(files)).compilation
    assert outcome(again) == outcome(whole)
    for file, item in again.artifacts.items():
        assert item.content == whole.artifacts[file].content
    assert not again.ok or again.manifest().document() == whole.manifest().document()


@pytest.mark.parametrize("path", sorted({*CHAIN} - {"stream_project.yml"}))
def test_a_removed_file_is_noticed(path: str) -> None:
    prior = compile_tree(Held(CHAIN)).compilation
    files = {other: text for other, text in CHAIN.items() if other != path}

    again = compile_tree(Held(files), prior).compilation

    assert outcome(again) == outcome(compile_tree(Held(files)).compilation)


def test_a_new_sql_file_and_a_new_schema_are_noticed() -> None:
    files = {**CHAIN, "models/late.yml": "models: [{name: late, from: {model: clean}}]\n"}
    prior = compile_tree(Held(files)).compilation
    later = {**files, "models/late.sql": 'SELECT id FROM {{ ref("clean") }}'}

    again = compile_tree(Held(later), prior).compilation

    assert list(again.manifest().nodes["model.late"]["columns"]) == ["id"]


def test_the_same_project_compiles_to_the_same_bytes() -> None:
    one, other = (compile_tree(Held(example())).compilation for _ in range(2))

    assert one.ok
    assert one.manifest().document() == other.manifest().document()
    assert {file: item.content for file, item in one.artifacts.items()} == {
        file: item.content for file, item in other.artifacts.items()
    }


def _write(root: Path, files: Files) -> None:
    for old in [old for old in root.rglob("*") if old.is_file() and "target" not in old.parts]:
        old.unlink()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def _target(root: Path) -> dict[str, bytes]:
    folder = root / "target"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    return tmp_path


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["a filter", "a topic", "no mask", "a mask's role", "a reader", "a cluster"]
            ),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_target_folder_holds_what_a_first_compile_writes(
    cache: Path, rounds: list[tuple[str, bool]]
) -> None:
    root, anew = cache / "project", cache / "anew"
    root.mkdir(exist_ok=True)
    anew.mkdir(exist_ok=True)
    for edit, write in rounds:
        _write(root, edited(CHAIN, [edit]))
        compile_project(root, write=write)
    compile_project(root, write=True)

    _write(anew, edited(CHAIN, [rounds[-1][0]]))
    compile_project(anew, write=True, full_refresh=True)
    assert _target(root) == _target(anew)


def test_a_forged_target_folder_changes_nothing(cache: Path) -> None:
    root = cache / "project"
    root.mkdir()
    _write(root, CHAIN)
    compile_project(root, write=True)
    expected = _target(root)
    (root / "target/manifest.json").write_text('{"nodes": {}}')

    compile_project(root, write=True)

    assert _target(root) == expected


def test_a_memory_that_cannot_be_read_is_no_memory(cache: Path) -> None:
    root = cache / "project"
    root.mkdir()
    _write(root, CHAIN)
    compile_project(root, write=True)
    expected = _target(root)
    for file in (cache / "cache").rglob("*.*"):
        if file.name != "glance.json":
            file.write_bytes(b"{broken")
    _write(root, edited(CHAIN, ["a comment"]))

    compile_project(root, write=True)

    assert _target(root) == expected


def test_two_sources_of_one_topic_are_told_whichever_is_new() -> None:
    twin = CHAIN["sources/raw.yml"].replace("name: raw", "name: twin")
    prior = compile_tree(Held(CHAIN)).compilation
    files = {**CHAIN, "sources/twin.yml": twin}
    told = "the topic 'raw.v1' of cluster 'eu' is that of 'raw' as well"

    again = compile_tree(Held(files), prior).compilation

    assert [problem.message for problem in again.problems if problem.code == "CS313"] == [told]
    assert outcome(again) == outcome(compile_tree(Held(files)).compilation)
