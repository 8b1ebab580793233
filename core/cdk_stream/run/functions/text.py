"""Functions of texts."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from cdk_stream.run.refusal import CannotRun

_JAVA_ONLY = re.compile(r"\\[pPhHvVRXzZGQEk]|\(\?<[a-zA-Z]|[*+?}]\+|&&|\[\[|\(\?[a-zA-Z]*[dxUcu]")
"""What Java's regular expressions mean otherwise than Python's, or alone know."""


def substring(text: str, start: int, length: int | None = None) -> str | None:
    """From the place `start`, counted from 1; from the end when it is negative."""
    if length is not None and length < 0:
        return None
    if start > 0:
        first = start - 1
    elif start == 0:
        first = 0
    else:
        first = len(text) + start
        if first < 0:
            return ""
    end = len(text) if length is None else min(first + length, len(text))
    return text[first:end]


def _left(text: str, length: int) -> str:
    return text[: max(length, 0)]


def _right(text: str, length: int) -> str:
    return text[max(len(text) - length, 0) :] if length > 0 else ""


def _pad_left(text: str, length: int, pad: str) -> str | None:
    if length < 0 or (not pad and length > len(text)):
        return None
    missing = length - len(text)
    return (pad * missing)[:missing] + text if missing > 0 else text[:length]


def _pad_right(text: str, length: int, pad: str) -> str | None:
    if length < 0 or (not pad and length > len(text)):
        return None
    missing = length - len(text)
    return text + (pad * missing)[:missing] if missing > 0 else text[:length]


def _initcap(text: str) -> str:
    return re.sub(r"[A-Za-z0-9]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


def _instr(text: str, part: str) -> int:
    return text.find(part) + 1


def _position(part: str, text: str) -> int:
    return text.find(part) + 1


def _locate(part: str, text: str, start: int = 1) -> int:
    return text.find(part, max(start - 1, 0)) + 1 if start > 0 else 0


def _split_index(text: str, separator: Any, index: int) -> str | None:
    sign = chr(separator) if isinstance(separator, int) else separator
    parts = [part for part in text.split(sign)] if sign else []
    return parts[index] if 0 <= index < len(parts) else None


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator)) if separator else tuple(text)


@lru_cache(maxsize=512)
def pattern(text: str) -> re.Pattern[str]:
    """A regular expression that Java and Python read alike; CannotRun for another."""
    if _JAVA_ONLY.search(text):
        raise CannotRun(f"the regular expression '{text}', which is Java's own,")
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise CannotRun(f"the regular expression '{text}' ({error})") from None


def _regexp_replace(text: str, expression: str, new: str) -> str:
    made = re.sub(r"\$(\d)", r"\\g<\1>", new.replace("\\", "\\\\"))
    return pattern(expression).sub(made, text)


def _regexp_extract(text: str, expression: str, group: int = 0) -> str | None:
    found = pattern(expression).search(text)
    if found is None or not 0 <= group <= (found.re.groups):
        return None
    return found[group]


def _regexp(text: str, expression: str) -> bool:
    return pattern(expression).search(text) is not None


def _trim(*arguments: str) -> str:
    where = "BOTH"
    values = list(arguments)
    if values[0] in ("BOTH", "LEADING", "TRAILING") and len(values) > 1:
        where = values.pop(0)
    signs, text = values if len(values) == 2 else (" ", values[0])
    strip = {"BOTH": str.strip, "LEADING": str.lstrip, "TRAILING": str.rstrip}[where]
    return strip(text, signs)


def _digest(name: str, text: str) -> str:
    return hashlib.new(name, text.encode()).hexdigest()


def _sha2(text: str, bits: int) -> str | None:
    if bits not in (224, 256, 384, 512):
        return None
    return _digest(f"sha{bits}", text)


def _from_base64(text: str) -> str | None:
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _overlay(text: str, new: str, start: int, length: int | None = None) -> str:
    if start <= 0 or start > len(text):
        return text
    count = len(new) if length is None else length
    rest = "" if start - 1 + count > len(text) or count < 0 else text[start - 1 + count :]
    return text[: start - 1] + new + rest


def _ascii(text: str) -> int:
    return ord(text[0]) if text else 0


def _hex(value: Any) -> str:
    return value.encode().hex().upper() if isinstance(value, str) else f"{value & (2**64 - 1):X}"


def _elt(index: int, *values: str) -> str | None:
    return values[index - 1] if 0 < index <= len(values) else None


TEXTS: dict[str, Callable[..., Any]] = {
    "ASCII": _ascii,
    "BTRIM": str.strip,
    "CHARACTER_LENGTH": len,
    "CHAR_LENGTH": len,
    "CHR": lambda code: chr(code & 255),
    "CONCAT": lambda *parts: "".join(parts),
    "ELT": _elt,
    "ENDSWITH": lambda text, end: text.endswith(end),
    "FROM_BASE64": _from_base64,
    "HEX": _hex,
    "INITCAP": _initcap,
    "INSTR": _instr,
    "LEFT": _left,
    "LOCATE": _locate,
    "LOWER": str.lower,
    "LPAD": _pad_left,
    "LTRIM": lambda text, signs=" ": text.lstrip(signs),
    "MD5": partial(_digest, "md5"),
    "OVERLAY": _overlay,
    "POSITION": _position,
    "REGEXP": _regexp,
    "REGEXP_EXTRACT": _regexp_extract,
    "REGEXP_REPLACE": _regexp_replace,
    "REPEAT": lambda text, times: text * max(times, 0),
    "REPLACE": lambda text, old, new: text.replace(old, new),
    "REVERSE": lambda text: text[::-1],
    "RIGHT": _right,
    "RPAD": _pad_right,
    "RTRIM": lambda text, signs=" ": text.rstrip(signs),
    "SHA1": partial(_digest, "sha1"),
    "SHA2": _sha2,
    "SHA224": partial(_digest, "sha224"),
    "SHA256": partial(_digest, "sha256"),
    "SHA384": partial(_digest, "sha384"),
    "SHA512": partial(_digest, "sha512"),
    "SPLIT": _split,
    "SPLIT_INDEX": _split_index,
    "STARTSWITH": lambda text, start: text.startswith(start),
    "SUBSTR": substring,
    "SUBSTRING": substring,
    "TO_BASE64": lambda text: base64.b64encode(text.encode()).decode(),
    "TRIM": _trim,
    "UPPER": str.upper,
    "URL_DECODE": unquote_plus,
    "URL_ENCODE": quote_plus,
}
