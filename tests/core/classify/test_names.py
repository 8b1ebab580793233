"""What the name of a column gives away, in many languages, and what it does not."""

from __future__ import annotations

import pytest

from cdk_stream.classify.kinds import CLASSES
from cdk_stream.classify.names import guess_by_name, tokens
from cdk_stream.classify.words import MAYBE, SURE
from cdk_stream.resources.level import LEVELS

SURELY = {
    "email": "email customer_email customerEMail e-mail Courriel correo_electronico",
    "card": "card_number cardNumber PAN_number numero_carte Kreditkartennummer cvv",
    "iban": "iban debtorIBAN bank_account Kontonummer",
    "phone": "phone phoneNumber telefonnummer numero_téléphone móvil 電話番号",
    "national_id": "national_id userSSN codice_fiscale numero_secu dni CPF pesel",
    "date_of_birth": "date_of_birth dob birthDate geburtsdatum fecha_nacimiento date_naissance",
    "name": "first_name lastName Prénom nachname cognome holder_name",
    "address": "street Straße rue home_address direccion",
    "ip_address": "ip client_ip ipAddress",
    "gender": "gender sexe",
    "password": "password mot_de_passe accessToken",
    "health": "diagnosis blood_type",
    "income": "salary annual_income",
    "passport": "passport_number reisepass",
    "device": "imei device_id",
    "location": "latitude",
    "belief": "religion",
    "ethnicity": "ethnicity",
    "biometric": "biometric_id",
}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind, names in SURELY.items() for name in names.split()]
)
def test_surely(name: str, kind: str) -> None:
    guess = guess_by_name(name, "STRING")
    assert guess is not None
    assert (guess.kind, guess.confidence) == (kind, 0.9)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("name", "name"), ("city", "address"), ("account_number", "iban"), ("pan", "card")],
)
def test_perhaps(name: str, kind: str) -> None:
    guess = guess_by_name(name, "STRING")
    assert guess is not None
    assert (guess.kind, guess.confidence) == (kind, 0.55)


HARMLESS = """
    payment_id customer_id amount_cents status currency event_time country risk_band japan span
    stage language page hostname username card_network emailVerified has_phone phone_count
    email_domain mail_sent_at _ 1
"""


@pytest.mark.parametrize("name", HARMLESS.split())
def test_nothing_personal(name: str) -> None:
    assert guess_by_name(name, "STRING") is None


@pytest.mark.parametrize("name", ["product_name", "file_name", "company_address", "topicName"])
def test_of_no_person(name: str) -> None:
    guess = guess_by_name(name, "STRING")
    assert guess is not None and guess.confidence < 0.5


@pytest.mark.parametrize(
    ("name", "type_", "held"),
    [
        ("email", "BIGINT", False),
        ("email", "BOOLEAN", False),
        ("phone", "BIGINT", True),
        ("card_number", "DECIMAL(19, 0)", True),
        ("birth_date", "DATE", True),
        ("birth_date", "TIMESTAMP(3)", True),
        ("email", "TIMESTAMP(3)", False),
        ("email", "ARRAY<STRING>", True),
        ("email", "", True),
    ],
)
def test_the_type_has_a_say(name: str, type_: str, held: bool) -> None:
    assert (guess_by_name(name, type_) is not None) == held


def test_parts_of_a_name() -> None:
    assert tokens("customerEMail-Straße.No1") == ["customer", "e", "mail", "strasse", "no1"]
    assert tokens("HTTPServer") == ["http", "server"]


def test_every_kind_has_a_class_and_names() -> None:
    assert SURE.keys() == CLASSES.keys() >= MAYBE.keys()
    assert set(CLASSES.values()) <= set(LEVELS)


def test_no_name_means_two_kinds() -> None:
    for words in (SURE, MAYBE):
        named = [name for text in words.values() for name in text.split()]
        assert len(named) == len(set(named))
