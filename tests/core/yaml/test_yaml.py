"""What YAML means here, and how bad YAML is told."""

from __future__ import annotations

import time

import pytest
import yaml as reference
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream import yaml
from cdk_stream.problems import Location, Refused
from cdk_stream.tree import MAX_BYTES

DOCUMENT = b"""\
models:
  - name: payments
    sql: |
      SELECT a,
        b
      FROM t
    key: [a, b]
    note: 'it''s'
"""


def test_a_country_is_not_a_boolean() -> None:
    text = b"a: NO\nb: on\nc: yes\nd: true\ne: 12:30:45\nf: 017\ng: 1e3\nh: 2024-01-02\ni: ~\nj:\n"

    assert yaml.load(text, "x.yml") == {
        "a": "NO",
        "b": "on",
        "c": "yes",
        "d": True,
        "e": "12:30:45",
        "f": 17,
        "g": 1000.0,
        "h": "2024-01-02",
        "i": None,
        "j": None,
    }


def test_merge_keys_fill_in_what_is_missing() -> None:
    text = b"base: &base {a: 1, b: 2}\nown: {<<: *base, b: 3}\n"

    assert yaml.load(text, "x.yml")["own"] == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a: 1\nb: 2\na: 3\n", "x.yml:3:1: CS105 the key 'a' is written twice"),
        (b"a: [1, 2\n", "x.yml:2:1: CS101 this is not YAML"),
        (b"a: \xff\n", "x.yml:1: CS103 the file is not UTF-8 text"),
        ("a: ü".encode("utf-16"), "x.yml:1: CS103 the file is not UTF-8 text"),
        (b"a: 1\n---\nb: 2\n", "x.yml:2:1: CS101"),
        (b'a: {{ ref("x") }}\n', "CS101 a mapping is used as a key"),
        (b"a: !env SECRET\n", "CS101 the tag '!env' means nothing here"),
        (b"a: !!python/object/apply:os.system [ls]\n", "CS101 the tag"),
        (b"[" * 100_000, "CS101"),
        (b"a: " * 100_000, "CS101"),
        (b"- " * 900 + b"x", "CS102 the file nests deeper"),
        (b"a: &a [*a]\n", "CS102 its aliases expand to too much data"),
        (b"#" * (MAX_BYTES + 1), "CS102 the file is larger than 4 MB"),
    ],
)
def test_bad_yaml_is_refused_at_its_line(text: bytes, told: str) -> None:
    started = time.monotonic()

    with pytest.raises(Refused) as refused:
        yaml.load(text, "x.yml")

    assert told in str(refused.value)
    assert time.monotonic() - started < 1


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 9):
        lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")

    with pytest.raises(Refused, match="CS102 its aliases"):
        yaml.load("\n".join(lines).encode(), "x.yml")


def test_every_repeated_key_is_told() -> None:
    with pytest.raises(Refused) as refused:
        yaml.load(b"a: 1\na: 2\nb: 1\nb: 2\n", "x.yml")

    assert [problem.location.line for problem in refused.value.problems] == [2, 4]


@pytest.mark.parametrize(
    ("pointer", "position", "place"),
    [
        ("/models/0/name", (0, 0), (2, 5)),
        ("/models/0/sql", (2, 3), (5, 9)),
        ("/models/0/sql", (3, 6), (6, 12)),
        ("/models/0/note", (1, 1), (8, 12)),
        ("/models/0/key/1", (0, 0), (7, 14)),
        ("/models/0/missing", (0, 0), (2, 5)),
        ("/models/7", (0, 0), (1, 1)),
    ],
)
def test_a_pointer_leads_to_its_line(
    pointer: str, position: tuple[int, int], place: tuple[int, int]
) -> None:
    assert yaml.locate(DOCUMENT, "x.yml", pointer, *position) == Location("x.yml", *place)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text("abcdefghij -_.äß\n'\"{}[]#:,", max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), plain, max_size=4))
def test_what_a_library_writes_is_read_back(data: dict[str, object]) -> None:
    text = reference.safe_dump(data, allow_unicode=True).encode()

    assert (yaml.load(text, "x.yml") or {}) == data
