"""The name of a column -> which personal data it may hold, and how sure that is."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cdk_stream.classify.words import ABOUT_IT, MAYBE, OTHER_THINGS, QUESTIONS, SURE

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BREAK = re.compile(r"[^\w]+|_+")
_SURE, _MAYBE, _FAINT = 0.9, 0.55, 0.3


class Guess(NamedTuple):
    """A kind of personal data, how sure that is from 0 to 1, and why."""

    kind: str
    confidence: float
    why: str


def guess_by_name(name: str, type_: str = "") -> Guess | None:
    """What a column of this name and Flink type holds, by its name alone; None for nothing."""
    parts = tokens(name)
    if not parts or parts[0] in QUESTIONS or type_ == "BOOLEAN":
        return None
    found = _found(parts)
    if found is None:
        return None
    kind, phrase, confidence = found
    if _is_about(parts, phrase):
        return None
    if _no_person(parts, kind, phrase):
        confidence = _FAINT
    if not _can_hold(kind, type_):
        return None
    return Guess(kind, confidence, f"'{phrase}' in its name")


def tokens(name: str) -> list[str]:
    """`customerEMail`, `customer-email`, `Prénom` -> lower-case parts without accents."""
    spaced = _HUMP.sub("_", name)
    plain = unicodedata.normalize("NFKD", spaced.replace("ß", "ss"))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    composed = unicodedata.normalize("NFC", kept)
    return [part.lower() for part in _BREAK.split(composed) if part]


@cache
def _phrases() -> dict[str, tuple[str, float]]:
    """Phrase -> (kind, how sure); also written together: `firstname`."""
    found: dict[str, tuple[str, float]] = {}
    for words, confidence in ((MAYBE, _MAYBE), (SURE, _SURE)):
        for kind, text in words.items():
            for phrase in text.split():
                plain = "_".join(tokens(phrase))
                found[plain] = (kind, confidence)
                found[plain.replace("_", "")] = (kind, confidence)
    return found


def _found(parts: list[str]) -> tuple[str, str, float] | None:
    """The surest, then the longest phrase that stands in the name; the last of equal ones."""
    known = _phrases()
    best: tuple[float, int, int, str, str] | None = None
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            phrase = "_".join(parts[start:end])
            if phrase in known:
                kind, confidence = known[phrase]
                found = (confidence, end - start, start, kind, phrase)
                best = found if best is None or found[:3] > best[:3] else best
    return None if best is None else (best[3], best[4], best[0])


def _is_about(parts: list[str], phrase: str) -> bool:
    """`email_verified`, `card_network`: not the thing itself."""
    after = "_".join(parts).partition(phrase)[2].strip("_").split("_")
    return after[0] in ABOUT_IT


def _no_person(parts: list[str], kind: str, phrase: str) -> bool:
    if kind not in ("name", "address"):
        return False
    before = "_".join(parts).partition(phrase)[0].strip("_").split("_")
    return before[-1] in OTHER_THINGS


_NUMBERS = ("TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE")
_TIMES = ("DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ")
_NO_NUMBERS = frozenset(
    (
        "email",
        "name",
        "address",
        "ip_address",
        "gender",
        "health",
        "biometric",
        "belief",
        "ethnicity",
    )
)


def _can_hold(kind: str, type_: str) -> bool:
    """A number is no e-mail address, and a point in time only a birth."""
    bare = type_.partition("(")[0]
    if bare in _TIMES:
        return kind == "date_of_birth"
    return bare not in _NUMBERS or kind not in _NO_NUMBERS
