"""Names and messages come from files that anybody may have written."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cdk_stream.problems import Location, Problem
from cdk_stream.report import github, json, junit, markdown, sarif, text
from cdk_stream.report.frame import Frame
from cdk_stream.report.inert import inert
from cdk_stream.report.plain import plain
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import AtRisk, Impact
from cdk_stream.results.verdict import Verdict
from cdk_stream.results.waiver import Waived

NASTY = (
    "@acme/everyone",
    "a | b",
    "`code` ``more``",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![](https://evil.example/p.png)",
    "https://evil.example",
    "www.evil.example",
    "fixes #12, GH-12",
    "**bold** _it_ ~~gone~~ $x$",
    "a\n\n# heading\n\n- item",
    "</details><!-- x -->",
    "&lt;b&gt;",
    "::error file=x::boo\n::set-output name=a::b",
    "50%, a:b\r\n",
    "\x1b[31mred\x1b[0m \u202egnp",
    "\udcff half",
)


def hostile(text_: str) -> Verdict:
    """A verdict that says `text_` wherever a user's word can come to stand."""
    change = Change(
        text_,
        "modified",
        "risky",
        (Aspect("X", "risky", "schema", text_, text_, text_),),
        text_,
        "",
    )
    impact = Impact(
        text_, text_, text_, text_, "risky", (text_,), (text_, text_), (text_,), (text_,),
        (AtRisk(text_, text_),), text_,
    )  # fmt: skip
    problem = Problem(Location(f"models/{text_}", 1, 2), "CS101", text_, text_, node=text_)
    decision = Decision("p", "deny", text_, text_, text_, remediation=text_, title=text_)
    waived = Waived(
        decision, text_, text_, text_, text_, text_, (text_,), Location(f"sources/{text_}", 1)
    )
    return Verdict(
        text_, (problem,), (), (change,), (impact,), base=text_, head=text_, waived=(waived,)
    )


def tokens(markdown_text: str) -> list[tuple[str, str]]:
    found = []
    for block in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown_text):
        for token in [block, *(block.children or ())]:
            found.append((token.type, token.content))
    return found


@given(st.text())
def test_inert_text_reads_as_it_was(word: str) -> None:
    shown = "".join(
        content for kind, content in tokens(f"x {inert(word)} x") if kind in ("text", "softbreak")
    )
    assert " ".join(shown.split()) == " ".join(f"x {plain(word)} x".split())[: len(shown)] or (
        len(plain(word)) > 400
    )


@pytest.mark.parametrize("word", NASTY)
def test_a_workflow_command_stays_one_command(word: str) -> None:
    lines = github.render(hostile(word), Frame()).split("\n")
    assert len(lines) == 4 and lines[3] == ""
    assert lines[0].startswith("::error ") and lines[1].startswith("::notice ")
    assert not lines[2].startswith("::")
    properties = lines[0][len("::error ") : lines[0].index("::", 2)]
    assert [item.partition("=")[0] for item in properties.split(",")] == [
        "file", "line", "col", "title",
    ]  # fmt: skip


@pytest.mark.parametrize("word", NASTY)
def test_a_terminal_is_only_written_to(word: str) -> None:
    shown = text.render(hostile(word), Frame())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", shown)
    assert not any(line.startswith("::") for line in shown.split("\n"))


@given(st.text(max_size=30))
def test_every_format_can_be_written_and_read(word: str) -> None:
    verdict = hostile(word)
    for renderer in (github, json, junit, markdown, sarif, text):
        renderer.render(verdict, Frame()).encode()
    root = ElementTree.fromstring(junit.render(verdict, Frame()))
    assert root.get("failures") == "1"
