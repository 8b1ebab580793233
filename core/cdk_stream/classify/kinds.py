"""Kinds of personal data, and how sensitive each is."""

from __future__ import annotations

CLASSES = {
    "card": "highly_sensitive",
    "national_id": "highly_sensitive",
    "passport": "highly_sensitive",
    "password": "highly_sensitive",
    "health": "highly_sensitive",
    "biometric": "highly_sensitive",
    "belief": "highly_sensitive",
    "ethnicity": "highly_sensitive",
    "email": "sensitive",
    "phone": "sensitive",
    "name": "sensitive",
    "address": "sensitive",
    "date_of_birth": "sensitive",
    "iban": "sensitive",
    "location": "sensitive",
    "income": "sensitive",
    "gender": "confidential",
    "ip_address": "confidential",
    "device": "confidential",
}
"""Tag of a column -> the class that it asks for."""
