"""Text that stays text inside a GitHub comment: no mention, link, image, HTML or table cell."""

from __future__ import annotations

import re

from cdk_stream.report.plain import plain

_LIMIT = 400
_CODE = re.compile(r"[\w.:/+-]+(?: -> [\w.:/+-]+)*", re.ASCII)
_MEANING = re.compile(r"[\\`*_\[\]{}|~!$<>&@#]|://|(?<=www)\.|(?<=[Gg][Hh])-")
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
# GitHub looks for mentions and issues in the finished page's text: only a node between two
# characters keeps them apart there.
_BREAK = "<!-- -->"


def inert(text: str) -> str:
    """`text` on one line, shown as it is wherever Markdown allows text; long ones are cut."""
    text = plain(text).replace("\n", " ")
    if len(text) > _LIMIT:
        text = text[: _LIMIT - 3] + "..."
    return _MEANING.sub(_disarmed, text)


def code(text: str) -> str:
    """`text` as code when it is a plain name or path, else inert."""
    return f"`{text}`" if len(text) <= _LIMIT and _CODE.fullmatch(text) else inert(text)


def _disarmed(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ENTITY:
        return _ENTITY[found]
    if found in ("@", "#", "://", ".", "-"):
        return found[0] + _BREAK + found[1:]
    return "\\" + found
