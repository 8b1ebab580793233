"""Fields encrypted with a key of their own, which is encrypted with the key of the KMS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MARK = "enc:"
_SIZES = {"AES128_GCM": 16, "AES256_GCM": 32}
_NONCE = 12


class CannotDecrypt(ValueError):
    """The text is no ciphertext of this key."""


class Keys:
    """A key management system: every address is a key, made of a secret of its own."""

    def __init__(self, secret: bytes = b"") -> None:
        self._secret = secret or os.urandom(32)

    def encrypt(self, value: Any, address: str, algorithm: str) -> str:
        """A JSON value -> text; raises KeyError for an algorithm that is not AES-GCM."""
        own = os.urandom(_SIZES[algorithm])
        envelope = {
            "key": address,
            "algorithm": algorithm,
            "own": _seal(self._key(address), own),
            "text": _seal(own, json.dumps(value).encode()),
        }
        return _MARK + base64.urlsafe_b64encode(json.dumps(envelope).encode()).decode()

    def decrypt(self, text: str) -> Any:
        """The value; raises `CannotDecrypt` for anything that `encrypt` did not give."""
        try:
            envelope = json.loads(base64.urlsafe_b64decode(text.removeprefix(_MARK)))
            own = _open(self._key(envelope["key"]), envelope["own"])
            return json.loads(_open(own, envelope["text"]))
        except (ValueError, KeyError, TypeError, InvalidTag) as error:
            raise CannotDecrypt(text[:20]) from error

    def _key(self, address: str) -> bytes:
        return hmac.new(self._secret, address.encode(), hashlib.sha256).digest()


def is_encrypted(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_MARK)


def _seal(key: bytes, plain: bytes) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode()


def _open(key: bytes, sealed: str) -> bytes:
    raw = base64.b64decode(sealed)
    return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], None)
