"""Files laid out: the same data and comments, and twice is once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream import yaml
from cdk_stream.format.file import formatted
from cdk_stream.format.scan import comments, scan
from cdk_stream.problems import Refused

ROOT = Path(__file__).parents[3]
CASES = Path(__file__).parent / "golden"
PROJECTS = ("examples", "tests/projects", "tests/gateway/projects", "tests/real/shop")


@pytest.mark.parametrize("case", sorted(CASES.glob("*.before")), ids=lambda path: path.stem)
def test_it_is_laid_out(case: Path) -> None:
    expected = case.with_suffix(".after").read_bytes()
    assert formatted(case.read_bytes(), "models/x.yml") == expected
    assert formatted(expected, "models/x.yml") == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [1\n", "CS101"),
        ("a: 1\na: 2\n", "CS105"),
        ("models:\n- sql: |\n    SELECT 'x\n", "CS423"),
        ('a: "x \\\n\n\n  y\\ \n  z"\n', "CS120"),
    ],
)
def test_what_cannot_be_laid_out_is_refused_where_it_stands(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        formatted(text.encode(), "models/x.yml")
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    "text", ["--- \na:   1\n", "? a\n: 1\n", "a:   1\r", "%YAML 1.2\n---\na: 1"]
)
def test_what_is_rare_is_left_as_it_is(text: str) -> None:
    assert formatted(text.encode(), "models/x.yml") == text.encode()


def test_line_ends_and_byte_order_marks_go() -> None:
    assert formatted(b"\xef\xbb\xbfa:  1\r\nb: 2\r\n", "models/x.yml") == b"a: 1\nb: 2\n"


def test_a_file_of_sql_is_laid_out() -> None:
    assert formatted(b"select a from t\n\n", "models/x.sql") == b"SELECT a\nFROM t\n"


def _written() -> Iterator[Path]:
    for folder in PROJECTS:
        yield from (
            path for path in sorted((ROOT / folder).rglob("*.yml")) if "target" not in path.parts
        )


def test_every_project_keeps_its_data_and_comments() -> None:
    looked = 0
    for path in _written():
        _holds(path.read_bytes(), str(path))
        looked += 1
    assert looked > 30


def test_a_generated_project_keeps_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    __import__("generate").write_project(40, tmp_path, True)
    for module in ("generate", "shape", "statements"):
        sys.modules.pop(module, None)
    for path in sorted(tmp_path.rglob("*.yml")):
        _holds(path.read_bytes(), str(path))


def _holds(content: bytes, path: str) -> None:
    told = formatted(content, path)
    assert formatted(told, path) == told, path
    before, after = content.decode(), told.decode()
    assert comments(after, scan(after)) == comments(before, scan(before)), path
    assert _bare(yaml.load(told, path)) == _bare(yaml.load(content, path)), path


def _bare(data: object) -> object:
    """Data without the blanks of SQL, whose tokens the formatter itself compares."""
    if isinstance(data, dict):
        return {
            key: "".join(value.split()).upper() if key == "sql" else _bare(value)
            for key, value in data.items()
        }
    return [_bare(item) for item in data] if isinstance(data, list) else data


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
_LINES = st.lists(st.sampled_from(["a", "  b", "c # no comment", ""]), min_size=1, max_size=4)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    _TEXT,
    _LINES.map(lambda lines: "\n".join(lines) + "\n"),
)
_KEYS = st.text(st.sampled_from("abc_é "), min_size=1, max_size=6)
_DATA = st.dictionaries(
    _KEYS,
    st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


@given(
    _DATA,
    st.integers(2, 6),
    st.sampled_from([None, True, False]),
    st.sampled_from([20, 80]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), max_size=4),
)
def test_any_data_stays_however_it_is_written(
    data: dict[str, object],
    indent: int,
    flow: bool | None,
    width: int,
    notes: list[tuple[int, int]],
) -> None:
    text = pyyaml.safe_dump(
        data, indent=indent, default_flow_style=flow, width=width, allow_unicode=True
    )
    content = _annotated(text, notes).encode()
    told = formatted(content, "models/x.yml")
    assert formatted(told, "models/x.yml") == told
    assert yaml.load(told, "") == yaml.load(content, "")


def _annotated(text: str, notes: list[tuple[int, int]]) -> str:
    """The text with comments between lines, unless they would become part of a value."""
    for wanted, column in notes:
        lines = text.split("\n")
        at = min(wanted, len(lines) - 1)
        noted = "\n".join([*lines[:at], " " * column + "# note", *lines[at:]])
        try:
            if yaml.load(noted.encode(), "") == yaml.load(text.encode(), ""):
                text = noted
        except Refused:
            continue
    return text
