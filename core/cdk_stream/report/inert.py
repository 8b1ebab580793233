"""Text that stays text inside a GitHub comment: no mention, link, image, HTML or table cell."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cdk_stream.report.plain import plain, plain_lines

_LIMIT = 400
_CODE = re.compile(r"[\w.:/+-]+(?: -> [\w.:/+-]+)*", re.ASCII)
_MEANING = re.compile(r"[\\`*_\[\]{}|~!$<>&@#]|://|(?<=[Ww][Ww][Ww])\.|(?<=[Gg][Hh])-")
_QUOTED = re.compile(
    r"(?<!\w)(?:'([\w.:/-]+)'|`(\w(?:[\w.:/ (){},-]*[\w.:/(){}-])?)`)(?!\w)", re.ASCII
)
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
# GitHub looks for mentions and issues in the finished page's text: only a node between two
# characters keeps them apart there.
_BREAK = "<!-- -->"


def inert(text: str) -> str:
    """`text` on one line, shown as it is wherever Markdown allows text; long ones are cut."""
    return _MEANING.sub(_disarmed, clipped(text))


def code(text: str) -> str:
    """`text` as code when it is a plain name or path, else inert."""
    return f"`{text}`" if len(text) <= _LIMIT and _CODE.fullmatch(text) else inert(text)


def html_code(text: str) -> str:
    """`text` as code where Markdown is not read: inside the tags of a block of HTML."""
    told = html.escape(clipped(text))
    return f"<code>{told}</code>"


def html_prose(text: str) -> str:
    """A message there, with the plain names that it quotes as code."""
    return "".join(html_code(part) if quoted else _html(part) for part, quoted in parts(text))


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """`text` on one line and cut, and whether each part is a plain name that it quotes."""
    whole, at = clipped(text), 0
    for found in _QUOTED.finditer(whole):
        yield whole[at : found.start()], False
        yield found[1] or found[2], True
        at = found.end()
    yield whole[at:], False


def _html(text: str) -> str:
    return _MEANING.sub(lambda found: _markup(found[0]), text)


def _markup(found: str) -> str:
    """As `_disarmed`, where a backslash stays a backslash."""
    return _broken(found) or html.escape(found)


def fenced(text: str, language: str) -> str:
    """`text` as a block of code whose fence nothing in it can close."""
    lines = plain_lines(text.rstrip("\n"))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *lines, fence))


def clipped(text: str) -> str:
    """`text` on one line, cut where a reader has had enough."""
    text = plain(text).replace("\n", " ")
    return text if len(text) <= _LIMIT else text[: _LIMIT - 3] + "..."


def _disarmed(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ENTITY:
        return _ENTITY[found]
    return _broken(found) or "\\" + found


def _broken(found: str) -> str:
    if found in (".", "-"):
        return _BREAK + found
    return found[0] + _BREAK + found[1:] if found in ("@", "#", "://") else ""
