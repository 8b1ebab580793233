"""Text from the user's files, made safe to print: it can say things, not do things."""

from __future__ import annotations

import re

# Control characters steer terminals, bidirectional marks reorder lines, what has no width makes
# two names look like one, lone surrogates cannot be encoded, and XML knows no escape for them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)


def plain(text: str) -> str:
    """`text` on one line, with what cannot be shown written as `\\x1b` or `\\u202e`."""
    if text.isprintable():
        return text
    return " ".join(_UNSAFE.sub(_named, text).split())


def plain_lines(text: str) -> list[str]:
    """The lines of `text`, indentation kept, each safe as `plain` makes it."""
    return [_UNSAFE.sub(_named, line.replace("\t", "  ")).rstrip() for line in text.split("\n")]


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
