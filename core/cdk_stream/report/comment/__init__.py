"""A verdict as the one comment on a pull request: who must agree, to what, and what to do."""

from cdk_stream.report.comment.page import Page, marker
from cdk_stream.report.comment.render import post, render

__all__ = ["Page", "marker", "post", "render"]
