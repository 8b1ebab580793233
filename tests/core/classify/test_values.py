"""What sampled values give away."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.classify.suggest import guess_column
from cdk_stream.classify.values import guess_by_values, is_card, is_email, is_iban, is_ip

PERSONAL = {
    "email": ["a@b.fr", "c.d+e@f.co.uk", "x_y@z.io"],
    "card": ["4111 1111 1111 1111", "5500005555555559", "3400-0000-0000-009"],
    "iban": ["DE89370400440532013000", "FR1420041010050500013M02606", "GB82 WEST 12345698765432"],
    "phone": ["+33 6 12 34 56 78", "030 901820", "(020) 7946 0018", "212-555-2368", "612 345 678"],
    "ip_address": ["10.0.0.1", "192.168.4.77", "2001:db8::1"],
    "date_of_birth": ["1980-03-02", "1955-12-31", "1999-07-07", "2001-01-01"],
    "name": ["Ana López", "Jean Dupont", "Peter Müller", "O'Neil"],
}  # fmt: skip
IDENTIFIERS = {
    "Spanish DNI": ["12345678Z", "11111111H", "87654321X"],
    "Italian codice fiscale": ["RCCMNL83S18D969H", "MRTMTT91D08F205J", "BNCGNN85A01F205B"],
    "French social security numbers": ["253072B07300470", "188057524810717", "295099912611177"],
    "US social security numbers": ["123-45-6789", "219-08-9998", "536-90-4399"],
    "Polish PESEL": ["44051401359", "02070803628", "02070803628"],
}
HARMLESS = {
    "currencies": ["EUR", "USD", "GBP"],
    "cities": ["Paris", "Berlin", "Madrid"],
    "versions": ["1.2.3.4", "2.0.0.1", "1.10.0.3"],
    "milliseconds": ["1700000000000", "1700000000001", "1700000000002"],
    "orders": ["2024-01-01", "2023-05-05", "2022-01-01"],
    "amounts": ["12.50", "0.5123456", "100000.25"],
    "uuids": ["6fa459ea-ee8a-3ca4-894e-db77e160355e", "16fd2706-8baf-433b-82eb-8c7fada847da"] * 2,
    "times": ["12:30:00", "01:00:59", "23:59:59"],
    "one value": ["4111111111111111"],
    "empty": ["", " ", "  "],
    "zeros": ["0000000000000000"] * 3,
}


@pytest.mark.parametrize("kind", PERSONAL)
def test_personal(kind: str) -> None:
    guess = guess_by_values(PERSONAL[kind])
    assert guess is not None
    assert guess.kind == kind
    assert guess.confidence >= 0.55


@pytest.mark.parametrize("what", IDENTIFIERS)
def test_national_identifiers(what: str) -> None:
    guess = guess_by_values(IDENTIFIERS[what])
    assert guess is not None
    assert guess.kind == "national_id"


@pytest.mark.parametrize("what", HARMLESS)
def test_harmless(what: str) -> None:
    assert guess_by_values(HARMLESS[what]) is None


def test_a_few_odd_ones_do_not_hide_it() -> None:
    guess = guess_by_values([*PERSONAL["email"], *PERSONAL["email"], "unknown", ""])
    assert guess is not None and guess.kind == "email"
    assert guess.why == "6 of 7 sampled values are e-mail addresses"


def test_most_random_numbers_are_no_cards() -> None:
    dice = random.Random(7)
    for length in range(13, 20):
        numbers = ["4" + "".join(dice.choices(string.digits, k=length - 1)) for _ in range(200)]
        assert guess_by_values(numbers) is None


@given(st.text(max_size=40))
def test_any_text_is_looked_at(text: str) -> None:
    guess_by_values([text] * 3)
    for test in (is_email, is_card, is_iban, is_ip):
        assert isinstance(test(text), bool)


def test_name_and_values_together_are_surer() -> None:
    found = guess_column("customer_email", "STRING", PERSONAL["email"])
    assert found is not None
    assert found[:2] == ("email", 0.99)
    assert len(found[2]) == 2


def test_values_that_look_otherwise_make_a_name_less_sure() -> None:
    found = guess_column("card_number", "STRING", ["A-1", "A-2", "A-3"])
    assert found == (
        "card",
        0.45,
        ("'card_number' in its name", "its sampled values look otherwise"),
    )


def test_values_are_believed_before_a_faint_name() -> None:
    found = guess_column("product_name", "STRING", PERSONAL["email"])
    assert found is not None and found[0] == "email"
