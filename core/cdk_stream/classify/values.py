"""Sampled values of a column -> which personal data they are."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cdk_stream.classify.identifiers import identifier, is_phone
from cdk_stream.classify.names import Guess
from cdk_stream.classify.people import is_given_name, looks_like_name

FEWEST = 3
_EMAIL = re.compile(r"^[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+$")
_CARD = re.compile(r"^[2-6]\d(?:[ -]?\d){11,17}$")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
_DATES = (
    re.compile(r"^(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:T00:00:00.*)?$"),
    re.compile(r"^(?P<d>\d\d)[./-](?P<m>\d\d)[./-](?P<y>\d{4})$"),
    re.compile(r"^(?P<m>\d\d)/(?P<d>\d\d)/(?P<y>\d{4})$"),
)
_LIVING = range(1915, 2020)


class Test(NamedTuple):
    """Whether a value is of a kind, and which share of them must be."""

    kind: str
    holds: Callable[[str], bool]
    least: float
    what: str
    trust: float = 0.95
    """How sure it is when all values are of the kind."""


def guess_by_values(values: Sequence[str]) -> Guess | None:
    """The kind that most of the values are, when enough are; empty values are left out."""
    known = [value.strip() for value in values if value.strip()]
    if len(known) < FEWEST:
        return None
    guesses = [*_by_tests(known), *_births(known), *_people(known)]
    return max(guesses, key=lambda guess: guess.confidence, default=None)


def _by_tests(values: Sequence[str]) -> Iterator[Guess]:
    for test in TESTS:
        held = sum(map(test.holds, values))
        share = held / len(values)
        if share >= test.least:
            why = f"{held} of {len(values)} sampled values are {test.what}"
            yield Guess(test.kind, round(test.trust * share, 2), why)
    found = identifier(values)
    if found is not None:
        what, held = found
        why = f"{held} of {len(values)} sampled values are valid {what}"
        yield Guess("national_id", round(0.95 * held / len(values), 2), why)


def is_email(value: str) -> bool:
    return bool(_EMAIL.match(value))


def is_card(value: str) -> bool:
    """13 to 19 digits of a card scheme with Luhn's check digit."""
    if not _CARD.match(value):
        return False
    digits = [int(sign) for sign in value if sign.isdigit()]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def is_iban(value: str) -> bool:
    """An account number whose remainder by 97 is 1."""
    bare = value.replace(" ", "").upper()
    if not _IBAN.match(bare):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def is_ip(value: str) -> bool:
    """An address of version 4 or 6; a public one like `1.2.3.4` is taken for a version number."""
    if not (value.count(".") == 3 or value.count(":") > 1):
        return False
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        return False
    return found.version == 6 or found.is_private or max(map(int, value.split("."))) > 31


TESTS = (
    Test("email", is_email, 0.6, "e-mail addresses", 0.99),
    Test("card", is_card, 0.7, "card numbers", 0.97),
    Test("iban", is_iban, 0.7, "account numbers", 0.98),
    Test("phone", is_phone, 0.6, "telephone numbers", 0.93),
    Test("ip_address", is_ip, 0.8, "internet addresses", 0.9),
)


def _births(values: Sequence[str]) -> Iterator[Guess]:
    """Days over many years, none of them in the last ones."""
    days = [day for value in values if (day := _day(value)) is not None]
    if len(days) < 0.9 * len(values):
        return
    years = {day.year for day in days}
    if years <= set(_LIVING) and max(years) - min(years) >= 15 and len(set(days)) > len(days) / 2:
        why = f"sampled days from {min(years)} to {max(years)}"
        yield Guess("date_of_birth", 0.6, why)


def _day(value: str) -> date | None:
    for form in _DATES:
        found = form.match(value)
        if found:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                continue
    return None


def _people(values: Sequence[str]) -> Iterator[Guess]:
    """Capitalised words, many of them given names."""
    if sum(map(looks_like_name, values)) < 0.8 * len(values):
        return
    known = sum(map(is_given_name, values))
    if known >= 0.3 * len(values):
        why = f"{known} of {len(values)} sampled values hold a given name"
        yield Guess("name", round(min(0.9, 0.5 + known / len(values)), 2), why)
