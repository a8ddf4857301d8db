"""Seals what a position must not show: a link to the next page may hold a secret or name somebody."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


def sealed(secret: bytes, text: str) -> str:
    """A text that only `opened` under the same secret reads again."""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), None)).decode()


def opened(secret: bytes, text: str) -> str | None:
    """What was sealed; None where it was sealed under another secret, or changed."""
    try:
        raw = base64.b64decode(text, validate=True)
        return _cipher(secret).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
    except (ValueError, InvalidTag):
        return None


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"pull|position|v1").derive(secret))
