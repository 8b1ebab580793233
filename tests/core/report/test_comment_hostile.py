"""Nothing that a project can say does anything in the comment: GitHub's own parser is asked."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.report.comment import Page, marker, render
from cdk_stream.report.frame import Frame
from cdk_stream.report.inert import code, inert
from cdk_stream.report.plain import plain
from cdk_stream.results.affected import Affected
from cdk_stream.results.approval import (
    Approvals,
    BrokenGlass,
    Gate,
    Reason,
    Requirement,
    Standing,
    Vote,
)
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.consumer import Undeclared
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import AtRisk, Impact, Spared
from cdk_stream.results.migration import Migration, Move, Step
from cdk_stream.results.verdict import LocatedDecision, Verdict
from cdk_stream.results.waiver import Waived
from tests.core.report.test_hostile import NASTY

WORSE = (
    *NASTY,
    "a`b",
    "``a|b``",
    "</summary></details><h1>x</h1>",
    "<!-- cdk-stream:impact v1 project=fraud -->",
    "--> <b>x</b>",
    "[x](javascript:alert(1))",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    "@acme/team #1 acme/streams#2 a94a8fe5ccb19ba61c4c0873d391e987982fbc05",
    "\u200b@\u200bdana \u2066x\u2069 \u00ad",
    'n0"]:::breaking --> n9["x',
    "```\n</details>\n```mermaid\nflowchart LR\n```",
    "~~~\n# x\n~~~",
    "'@dana' '<b>' 'a|b' '`'",
    "| a | b |\n|---|---|\n| c | d |",
    "\\| \\` \\",
    "&#64;dana &commat;dana",
    "a\tb\x00c",
    "x" * 500 + "|",
    "- [ ] task\n1. one\n> quote\n***",
    "[^1]: note\n\n[ref]: https://evil.example",
    'click callback "javascript:alert(1)"; style n0 fill:#000; %%{init: {}}%%',
)
OWN_TAGS = {
    "h2", "h3", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "strong",
    "code", "pre", "details", "summary", "sub", "br", "a",
}  # fmt: skip
MENTION = re.compile(r"@[a-z0-9]|(?<!&)#\d|\bGH-\d|\bhttps?://|\bwww\.\w", re.IGNORECASE)


class Page_(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.rows: list[int] = []
        self.open: list[str] = []
        self.texts: list[tuple[bool, str]] = []
        self.handlers: set[str] = set()
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers |= {name for name, _ in attrs} - {"href", "lang", "start", "class"}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        in_code = bool({"code", "pre"} & set(self.open))
        self.texts.append((in_code, data))


def page(markdown: str) -> Page_:
    found = Page_()
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    found.feed(html)
    found.close()
    assert not found.open
    return found


def hostile(word: str) -> Verdict:
    """A verdict that says `word` wherever a user's word can come to stand."""
    aspects = (
        Aspect("X", "risky", "schema", word, word, word),
        Aspect("COLUMN_RENAMED", "breaking", "schema", word, word, new_name=word),
    )
    change = Change(f"model.{word}", "modified", "risky", aspects, word, "")
    hit = f"exposure.{word}"
    way = (change.node, f"model.{word}.x", hit)
    impacts = tuple(
        Impact(
            hit + more, word, word, url, "risky", (change.node,), way, (word, f"{word}: {word}"),
            (word,), (AtRisk(word, word),), word, (way,),
        )
        for more, url in (("", word), ("2", f"https://{word}"))
    )  # fmt: skip
    step = Step(word, "file", word, f"{word}\n")
    decision = Decision("p", "deny", word, word, word, remediation=word, title=word)
    asks = Decision("q", "require_approval", word, word, approvers=(word,))
    place = Location(f"models/{word}", 1, 2)
    return Verdict(
        word,
        problems=(
            Problem(place, "CS101", word, word, node=word),
            Problem(place, "CS102", word, word, Severity.NOTE, node=word),
        ),
        decisions=(LocatedDecision(decision, place), LocatedDecision(asks, place)),
        changes=(change,),
        impacts=impacts,
        spared=(Spared(word, word, word),),
        base=word,
        head=word,
        waived=(Waived(decision, word, word, word, word, word, (word,), place),),
        affected=Affected(way, ((way[0], way[1]), (way[1], way[2]))),
        migrations=(
            Migration(change.node, "confirm", word, word, (step, step), (Move(hit, (step,)),)),
        ),
        undeclared=(Undeclared(word, word, word, "risky", 2),),
        consumers_from=word,
    )


def votes(word: str) -> Approvals:
    vote = Vote(word, 1, "APPROVED", word, word, word, word)
    need = Requirement(word, (Reason("exposure", "q", word, word),), (word,), (word,), 2)
    other = Requirement(f"{word}!", (), problem=word)
    return Approvals(
        Gate("pending", word, (word,), (word,)),
        (Standing(need, (vote,), (), (vote,)), Standing(other, problem=word, mend=word)),
        frozen=(word,),
        broken_glass=BrokenGlass(word, 1, word, word, word),
        overridden=(word, word),
    )


def looked_at(word: str) -> Page_:
    text = render(hostile(word), Frame(), Page(votes(word), "https://ci.example/run/1", word))
    assert text.startswith(marker(word) + "\n")
    found = page(text)
    assert [told for told in found.comments if told.strip()] == [marker(word)[4:-3]]
    return found


@pytest.mark.parametrize("word", WORSE)
def test_only_our_own_tags_come_out(word: str) -> None:
    found = looked_at(word)
    assert set(found.tags) <= OWN_TAGS
    assert not found.handlers
    assert all(link.startswith("https://") for link in found.links)


@pytest.mark.parametrize("word", WORSE)
def test_nobody_is_called_and_nothing_is_linked(word: str) -> None:
    for in_code, text in looked_at(word).texts:
        assert in_code or not MENTION.search(text), text


@pytest.mark.parametrize("word", WORSE)
def test_it_has_the_shape_of_a_harmless_one(word: str) -> None:
    harmless, found = looked_at("word"), looked_at(word)
    assert found.rows == harmless.rows
    for tag in ("h2", "h3", "table", "details", "summary", "pre", "sub"):
        assert found.tags.count(tag) == harmless.tags.count(tag), tag


@settings(max_examples=150)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("`|<>\\'\"@#&-_*[]()!~:/.\n \t\u200b"), st.characters()),
        max_size=40,
    )
)
def test_any_text_keeps_the_tables_whole(word: str) -> None:
    found = looked_at(word)
    assert set(found.tags) <= OWN_TAGS and not found.handlers
    assert found.rows == looked_at("word").rows


@given(st.text())
def test_code_and_inert_text_read_as_they_were(word: str) -> None:
    for written in (inert(word), code(word)):
        shown = "".join(text for _, text in page(f"| x |\n| - |\n| a{written}b |").texts)
        told = " ".join(f"a{plain(word)}b".split())
        if len(plain(word)) <= 400:
            assert " ".join(shown.replace("x", "", 1).split()) == told


def test_what_cannot_be_seen_is_shown() -> None:
    assert plain("pay\u200bments") == "pay\\u200bments"
    assert plain("\U000e0041dana") == "\\U000e0041dana"


@pytest.mark.parametrize("word", WORSE)
def test_a_marker_names_one_project(word: str) -> None:
    assert re.fullmatch(r"<!-- cdk-stream:impact v1 project=[\w.~%-]* -->", marker(word))
    assert "--" not in marker(word)[4:-3]
