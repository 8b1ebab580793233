"""docs/cli.md is what --help says; CDK_STREAM_WRITE=1 in the environment renews it."""

from __future__ import annotations

import os
from pathlib import Path

from cdk_stream.cli.main import VERBS, top_parser, verb_module, verb_parser

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"
INTRO = """\
# The command line

What `--help` says, made from it.
"""


def page() -> str:
    helps = {"": top_parser().format_help()}
    for name in VERBS:
        verb = verb_module(name)
        helps[f" {name}"] = verb_parser(name, verb).format_help()
    sections = [f"## cdk-stream{name}\n\n```text\n{text}```\n" for name, text in helps.items()]
    return "\n".join([INTRO, *sections])


def test_the_page_is_up_to_date() -> None:
    real = page()
    if os.environ.get("CDK_STREAM_WRITE"):
        PAGE.write_text(real, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == real


def test_every_verb_has_what_all_verbs_have() -> None:
    for name in VERBS:
        verb = verb_module(name)
        shown = verb_parser(name, verb).format_help()
        assert ("--project-dir DIR" in shown) is (name != "init"), "there is no project yet"
        assert "--format FORMAT" in shown
        assert "examples:\n  cdk-stream" in shown and "exit codes:\n  0  fine" in shown
        assert verb.ABOUT.isascii()
