"""Who and what a row is about: keyed pseudonyms and keys, the same on every machine and in every version."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b, sha256

import numpy as np
import polars as pl
from numpy.typing import NDArray

MINIMUM_SECRET = 16
Digest = Callable[[Iterable[bytes]], list[bytes]]
_BLOCK = 64
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What is stripped: Unicode's white space, which is less than what Python strips by itself."""


def fingerprint(secret: bytes) -> str:
    """Which secret a lake or a backup is of, without telling the secret."""
    return hmac.digest(secret, b"lake|v1", "sha256").hex()[:16]


class Pseudonyms:
    """Keyed 64-bit identifiers made from the plan's secret (at least 16 bytes).

    Members and addresses are the first 8 bytes (big-endian, signed) of
    HMAC-SHA256(secret, "plan|<purpose>|v1|" + text in UTF-8). Keys of events, messages and rows are
    8-byte BLAKE2b under a key derived per purpose. Nulls stay null for members and recipients.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MINIMUM_SECRET:
            raise ValueError(f"the secret has {len(secret)} bytes, expected at least {MINIMUM_SECRET}")
        self._secret = secret
        self._of_one: dict[str, Callable[[bytes], bytes]] = {}
        self._keys: dict[str, blake2b] = {}

    def members(self, ids: pl.Series) -> pl.Series:
        """Int64 pseudonyms of member ids (text, stripped); null and blank stay null."""
        return _over_unique(_text(ids), self._hmac("member"))

    def recipients(self, addresses: pl.Series, channel_class: str) -> pl.Series:
        """Int64 pseudonyms of addresses of a class: email, phone, device or id; null and blank stay null."""
        return _over_unique(normalised(addresses, channel_class), self._hmac(channel_class))

    def keys(self, purpose: str, columns: list[pl.Series]) -> pl.Series:
        """Int64 hashes of rows of columns, joined so that no two different rows read alike; never null."""
        key = hmac.digest(self._secret, f"plan|key|{purpose}|v1".encode(), "sha256")

        def digest(texts: Iterable[bytes]) -> list[bytes]:
            return [blake2b(text, digest_size=8, key=key).digest() for text in texts]

        return _hashed(joined(columns), digest)

    def member(self, text: str) -> int | None:
        """The pseudonym of one member id, as `members` gives it."""
        return self._one("member", text.strip(WHITE))

    def recipient(self, text: str, channel_class: str) -> int | None:
        """The pseudonym of one address, as `recipients` gives it."""
        if channel_class == "phone":
            return self.recipients(pl.Series([text]), channel_class)[0]  # type: ignore[no-any-return]
        plain = text.strip(WHITE)
        return self._one(channel_class, plain.lower() if channel_class == "email" else plain)

    def key(self, purpose: str, parts: Sequence[str | int | None]) -> int:
        """The key of one row of values, as `keys` gives it."""
        pieces = []
        for part in parts:
            text = b"" if part is None else str(part).encode()
            pieces.append(b"~" if part is None else b"%d:%s" % (len(text), text))
        one = self._begun(purpose)
        one.update(b"".join(pieces))
        return int.from_bytes(one.digest(), "big", signed=True)

    def keyer(self, purpose: str, first: str) -> Callable[[str], int]:
        """What gives the key of the row (`first`, a text), as `key` does: quicker for many of one `first`."""
        text = first.encode()
        begun = self._begun(purpose)
        begun.update(b"%d:%s" % (len(text), text))

        def of(second: str) -> int:
            one, own = begun.copy(), second.encode()
            one.update(b"%d:%s" % (len(own), own))
            return int.from_bytes(one.digest(), "big", signed=True)

        return of

    def _begun(self, purpose: str) -> blake2b:
        found = self._keys.get(purpose)
        if found is None:
            key = hmac.digest(self._secret, f"plan|key|{purpose}|v1".encode(), "sha256")
            found = self._keys[purpose] = blake2b(digest_size=8, key=key)
        return found.copy()

    def _one(self, purpose: str, text: str) -> int | None:
        if not text:
            return None
        of = self._of_one.get(purpose)
        if of is None:
            digest = self._hmac(purpose)
            of = self._of_one[purpose] = lambda one: digest((one,))[0]
        return int.from_bytes(of(text.encode()), "big", signed=True)

    def derived(self, keys: pl.Series, word: str) -> pl.Series:
        """A further key of each row from its key and a word, mixed (splitmix64) instead of hashed again."""
        own = self.keys("word", [pl.Series([word])]).to_numpy().view(np.uint64)
        return pl.Series(mixed(keys.to_numpy().view(np.uint64) ^ own))

    def _hmac(self, purpose: str) -> Digest:
        key = self._secret if len(self._secret) <= _BLOCK else sha256(self._secret).digest()
        key = key.ljust(_BLOCK, b"\0")
        inner = sha256(bytes(one ^ 0x36 for one in key))
        inner.update(f"plan|{purpose}|v1|".encode())
        outer = sha256(bytes(one ^ 0x5C for one in key))

        def digest(texts: Iterable[bytes]) -> list[bytes]:
            result = []
            for text in texts:
                first, second = inner.copy(), outer.copy()
                first.update(text)
                second.update(first.digest())
                result.append(second.digest()[:8])
            return result

        return digest


def mixed(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Numbers spread over all 64 bits (the finisher of splitmix64), no two alike."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    spread: NDArray[np.int64] = (numbers ^ (numbers >> np.uint64(31))).view(np.int64)
    return spread


def normalised(addresses: pl.Series, channel_class: str) -> pl.Series:
    """Addresses as they are hashed: e-mail in lower case, phone numbers as digits without 00 or a US 1."""
    text = _text(addresses)
    if channel_class == "email":
        return text.str.to_lowercase()
    if channel_class == "phone":
        digits = text.str.replace_all(r"\D", "").str.strip_prefix("00")
        frame = digits.to_frame("digits").select(
            pl.when(pl.col("digits").str.len_bytes() == 11)
            .then(pl.col("digits").str.strip_prefix("1"))
            .otherwise(pl.col("digits"))
        )
        return _text(frame.to_series())
    return text


def joined(columns: list[pl.Series]) -> pl.Series:
    """One text per row in which each value stands behind its length; a null is `~`."""
    frame = pl.DataFrame([one.cast(pl.String).alias(str(n)) for n, one in enumerate(columns)])
    parts = [
        pl.when(pl.col(name).is_null())
        .then(pl.lit("~"))
        .otherwise(pl.concat_str(pl.col(name).str.len_bytes().cast(pl.String), pl.lit(":"), pl.col(name)))
        for name in frame.columns
    ]
    return frame.select(pl.concat_str(parts).alias("joined")).to_series()


def _text(values: pl.Series) -> pl.Series:
    text = values.cast(pl.String).str.strip_chars()
    return text.to_frame("text").select(pl.when(pl.col("text") != "").then(pl.col("text"))).to_series()


def _over_unique(texts: pl.Series, digest: Digest) -> pl.Series:
    """Hash each distinct text once. Shape kept; null where the text is null."""
    distinct = texts.drop_nulls().unique()
    if distinct.len() > 0.6 * texts.len():
        hashed = _hashed(texts.fill_null(""), digest)
        return pl.select(pl.when(texts.is_not_null()).then(hashed)).to_series().alias(texts.name)
    table = pl.DataFrame({"text": distinct, "hash": _hashed(distinct, digest)})
    found = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return found["hash"].alias(texts.name)


def _hashed(texts: pl.Series, digest: Digest) -> pl.Series:
    packed = b"".join(digest(texts.cast(pl.Binary).to_list()))
    return pl.Series(texts.name, np.frombuffer(packed, dtype=">i8").astype(np.int64), dtype=pl.Int64)
