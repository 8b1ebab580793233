"""Classes written into YAML of every style; whatever was there stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream import yaml
from cdk_stream.classify.patch import difference, patched
from cdk_stream.classify.suggest import Suggestion

PATH = "sources/a.yml"


def one(column: str, tag: str = "email", pointer: str = "/sources/0", **more: object) -> Suggestion:
    return Suggestion(
        "source.s", PATH, pointer, column, tag, "sensitive", 0.9, ("why",), **more  # type: ignore[arg-type]
    )  # fmt: skip


def edited(text: str, *suggestions: Suggestion) -> str:
    return patched(suggestions, lambda _: text.encode()).get(PATH, "unchanged")


HEAD = "sources:\n  - name: s # ours\n    topic: t\n"
GOLDEN = Path(__file__).parent / "golden"
CASES = {
    path.stem: path.read_text(encoding="utf-8").split("# becomes\n")
    for path in sorted(GOLDEN.glob("*.yml"))
}


@pytest.mark.parametrize("case", CASES)
def test_written_there(case: str) -> None:
    before, after = CASES[case]
    assert edited(before, one("mail")) == after


def test_a_last_line_without_an_end() -> None:
    before, after = CASES["tags_on_one_line"]
    assert edited(before.rstrip("\n"), one("mail")) == after


def test_windows_line_ends_stay() -> None:
    before, after = (text.replace("\n", "\r\n") for text in CASES["a_mapping_of_tags"])
    assert edited(before, one("mail")) == after


def test_several_sources_of_a_file() -> None:
    text = "sources:\n  - name: s\n\n  - name: t\n    pii_tags:\n      a: internal\n"
    found = edited(
        text, one("mail"), one("b", "phone", "/sources/1"), one("c", pointer="/sources/1")
    )
    data = yaml.load(found.encode(), PATH)["sources"]
    assert [list(source["pii_tags"]) for source in data] == [["mail"], ["a", "b", "c"]]


@pytest.mark.parametrize(
    "text",
    [
        "sources:\n  - &a { name: s, pii_tags: &b { x: internal } }\n  - { <<: *a, name: t }\n",
        f"{HEAD}    pii_tags:\n",
        f"{HEAD}    columns: &c\n      - name: mail\n    meta: {{ same: *c }}\n",
    ],
)
def test_what_would_say_more_than_this_is_left_alone(text: str) -> None:
    found = edited(text, one("mail"))
    if found != "unchanged":
        before, after = (yaml.load(one_.encode(), PATH)["sources"] for one_ in (text, found))
        assert before[1:] == after[1:]
        assert before[0].get("meta") == after[0].get("meta")


def test_what_an_author_chose_stays() -> None:
    assert edited(HEAD, one("mail", current="internal", declared=True)) == "unchanged"


def test_the_difference_is_a_patch() -> None:
    old = {PATH: HEAD}
    new = {PATH: edited(HEAD, one("mail"))}
    assert difference(old, new, "p/").splitlines() == [
        "--- a/p/sources/a.yml",
        "+++ b/p/sources/a.yml",
        "@@ -1,3 +1,5 @@",
        " sources:",
        "   - name: s # ours",
        "     topic: t",
        "+    pii_tags:",
        "+      mail: { classification: sensitive, tags: [email] }",
    ]


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=4)
NOISE = st.sampled_from(["", " # note", "   "])


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A source in some style, and the columns it lists."""
    listed = draw(NAMES)
    indent = draw(st.sampled_from(["", "  ", "    "]))
    lines = [f"sources:{draw(NOISE)}"]
    keys = [f"name: s{draw(NOISE)}"]
    style = draw(st.sampled_from(["columns", "tags", "list", "flow", "none"]))
    if style == "columns" and listed:
        keys.append(f"columns:{draw(NOISE)}")
        for name in listed:
            keys += draw(
                st.sampled_from(
                    [
                        [f"  - {{ name: {name} }}{draw(NOISE)}"],
                        [f"  - name: {name}", "    description: |", "      some", "", "      text"],
                        [f"  - name: {name}", "    # why", "    description: 'x: y'"],
                    ]
                )
            )
    elif style == "tags" and listed:
        keys += ["pii_tags:", *(f"  {name}: public{draw(NOISE)}" for name in listed)]
    elif style == "list" and listed:
        keys += ["pii_tags:", *(f"  - {name}: public" for name in listed)]
    elif style == "flow" and listed:
        keys.append(f"pii_tags: {{{', '.join(f'{name}: public' for name in listed)}}}{draw(NOISE)}")
    else:
        listed = []
    keys += draw(
        st.sampled_from([[], ["owner: o"], ["", "# last"], ["description: >", "  long", ""]])
    )
    lines += [f"{indent}- {keys[0]}", *(f"{indent}  {line}" if line else "" for line in keys[1:])]
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"])), listed


@given(sources(), NAMES.filter(bool))
def test_only_lines_are_added_or_lengthened(
    source: tuple[str, list[str]], wanted: list[str]
) -> None:
    text, listed = source
    tagged = "pii_tags" in text
    fresh = [name for name in wanted if not (tagged and name in listed)]
    found = edited(text, *(one(name) for name in fresh))
    if not fresh:
        assert found == "unchanged"
        return
    assert found != "unchanged"
    rest = iter(found.splitlines())
    for line in text.splitlines():
        stem = line.partition("#")[0].rstrip().removesuffix("}").rstrip()
        assert any(new.startswith(stem) for new in rest), (line, found)
