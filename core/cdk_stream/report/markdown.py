"""A verdict in GitHub's Markdown: the comment as `check` knows it, without reviews."""

from __future__ import annotations

from cdk_stream.report.comment import Page
from cdk_stream.report.comment import render as comment
from cdk_stream.report.comment.page import MAX_CHARACTERS
from cdk_stream.report.frame import Frame
from cdk_stream.results.verdict import Verdict

__all__ = ["MAX_CHARACTERS", "render"]


def render(verdict: Verdict, frame: Frame) -> str:
    """The comment, at most `MAX_CHARACTERS` long."""
    return comment(verdict, frame, Page())
