"""The keys of the ledger, derived from the secret: one proves each line, one signs checkpoints."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.entry import canonical

MARK_BYTES = 16
PUBLIC_HEX = 64


@dataclass(frozen=True)
class Seals:
    """What proves lines and signs checkpoints; without the secret only signatures are checked."""

    public: bytes
    _line: bytes | None = None
    _seed: bytes | None = None

    @classmethod
    def of(cls, secret: bytes) -> Seals:
        seed = hmac.digest(secret, b"reachboard|ledger checkpoints|v1", "sha256")
        line = hmac.digest(secret, b"reachboard|ledger lines|v1", "sha256")
        return cls(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw(), line, seed)

    @classmethod
    def of_public(cls, text: str) -> Seals:
        """By the public key alone, as `audit key` prints it; ValueError for anything else."""
        if len(text) != PUBLIC_HEX:
            raise ValueError(f"a public key has {PUBLIC_HEX} hexadecimal digits")
        return cls(bytes.fromhex(text))

    @property
    def complete(self) -> bool:
        """Whether each line can be proved, too."""
        return self._line is not None

    def mark(self, digest: str) -> str:
        """What only a holder of the secret can write beside the hash of a line."""
        assert self._line is not None
        return hmac.digest(self._line, digest.encode(), "sha256")[:MARK_BYTES].hex()

    def place(self, address: str, purpose: str = "address") -> str:
        """A keyed hash of a network address: equal ones can be told, none can be found."""
        assert self._line is not None
        return hmac.digest(self._line, f"{purpose}|{address}".encode(), "sha256")[:8].hex()

    def sign(self, document: dict[str, object]) -> str:
        assert self._seed is not None
        return _private(self._seed).sign(canonical(document)).hex()

    def signed(self, document: dict[str, object], signature: str) -> bool:
        """Whether the signature of a document is ours."""
        try:
            if signature != signature.lower():
                return False
            Ed25519PublicKey.from_public_bytes(self.public).verify(
                bytes.fromhex(signature), canonical(document)
            )
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=8)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
