"""What a comment needs beside the verdict, and how it is found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from cdk_stream.results.approval import Approvals

MAX_CHARACTERS = 60_000
"""GitHub takes 65,536; the rest is for whatever it counts differently."""
SUMMARY_CHARACTERS = 300_000
"""For a step's summary: GitHub drops one of more than 1 MiB whole, and a character has up to 3
bytes here."""
When = Literal["on-impact", "always", "off"]
"""When there is a comment: when somebody is hit, asked or refused; on every pull request; never."""


@dataclass(frozen=True, slots=True)
class Page:
    """Where the comment stands, and what its readers can go on to."""

    approvals: Approvals | None = None
    """None where nobody looks at reviews."""
    run_url: str = ""
    """The run that made it, with the whole report."""
    recheck: str = ""
    """How to check again, in words: "push, or review"; empty when nobody listens."""
    limit: int = MAX_CHARACTERS


def marker(project: str) -> str:
    """The first line of a project's comment; nothing in a project's name can end it early."""
    told = quote(project.encode("utf-8", "surrogatepass"), safe="").replace("--", "%2D%2D")
    return f"<!-- cdk-stream:impact v1 project={told} -->"


def web(url: str) -> str:
    """`url` when it is one that a reader may be sent to, else nothing."""
    if not url.startswith(("https://", "http://")) or not url.isascii() or len(url) > 500:
        return ""
    return quote(url, safe=":/?#@!$&'*+,;=%-._~")
