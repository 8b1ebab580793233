"""National identifiers and telephone numbers, by libraries that know their rules."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_LEAST = 0.9
_NUMBERS = {
    "es.dni": "Spanish DNI",
    "es.nie": "Spanish NIE",
    "it.codicefiscale": "Italian codice fiscale",
    "fr.nir": "French social security numbers",
    "de.idnr": "German tax identifiers",
    "be.nn": "Belgian national numbers",
    "nl.bsn": "Dutch BSN",
    "pl.pesel": "Polish PESEL",
    "se.personnummer": "Swedish personal numbers",
    "fi.hetu": "Finnish personal identity codes",
    "dk.cpr": "Danish CPR numbers",
    "no.fodselsnummer": "Norwegian birth numbers",
    "ch.ssn": "Swiss social security numbers",
    "at.vnr": "Austrian social insurance numbers",
    "pt.cc": "Portuguese citizen cards",
    "ie.pps": "Irish PPS numbers",
    "cz.rc": "Czech birth numbers",
    "ro.cnp": "Romanian CNP",
    "bg.egn": "Bulgarian EGN",
    "hr.oib": "Croatian OIB",
    "gr.amka": "Greek AMKA",
    "gb.nhs": "NHS numbers",
    "us.ssn": "US social security numbers",
    "br.cpf": "Brazilian CPF",
    "in_.aadhaar": "Indian Aadhaar numbers",
    "tr.tckimlik": "Turkish identification numbers",
}
"""Module of python-stdnum -> what it knows."""
_US = re.compile(r"^\d{3}-\d{2}-\d{4}$")
_WITH_PREFIX = re.compile(r"^(?:\+|00)\d[\d ()./-]{6,18}$")
_NATIONAL = re.compile(
    r"^(?:"
    r"0\d{1,5}[ ./-]\d[\d ./-]{4,14}"  # 030 901820, 01 23 45 67 89
    r"|\(0?\d{1,5}\) ?\d[\d ./-]{4,14}"  # (020) 7946 0018
    r"|\d{3}[-. ]\d{3}[-. ]\d{4}"  # 212-555-1234
    r"|\d{2,4}(?: \d{2,4}){2,4}"  # 612 345 678
    r")$"
)
_DAY = re.compile(r"^\d{1,4}([./-])\d{1,2}\1\d{2,4}$")
_REGIONS = ("FR", "DE", "GB", "ES", "IT", "NL", "BE", "PT", "PL", "US", "BR")


def has_libraries() -> bool:
    """Whether national identifiers and telephone numbers can be recognised."""
    return _phones() is not None and bool(_checkers())


def identifier(values: Sequence[str]) -> tuple[str, int] | None:
    """What nearly all values are, and how many of them; None when they are no identifiers."""
    if len(set(values)) < len(values) / 2 or not any(any(c.isdigit() for c in v) for v in values):
        return None
    best: tuple[str, int] | None = None
    for name, check in _checkers().items():
        held = sum(bool(check(value)) for value in values if name != "us.ssn" or _US.match(value))
        if held >= _LEAST * len(values) and (best is None or held > best[1]):
            best = (_NUMBERS[name], held)
    return best


def is_phone(value: str) -> bool:
    """A number that exists somewhere: with its country in front, or spaced as people write it."""
    library = _phones()
    if library is None:
        return False
    if _WITH_PREFIX.match(value):
        return _is_valid(library, re.sub(r"^00", "+", value), None)
    if _NATIONAL.match(value) and not _DAY.match(value):
        return any(_is_valid(library, value, region) for region in _REGIONS)
    return False


def _is_valid(library: Any, value: str, region: str | None) -> bool:
    try:
        return bool(library.is_valid_number(library.parse(value, region)))
    except library.NumberParseException:
        return False


@cache
def _phones() -> Any:
    try:
        return importlib.import_module("phonenumbers")  # 40 MB, wanted only here
    except ImportError:
        return None


@cache
def _checkers() -> dict[str, Any]:
    try:
        return {name: importlib.import_module(f"stdnum.{name}").is_valid for name in _NUMBERS}
    except ImportError:
        return {}
