"""Keys by which other systems ask: shown once, kept as a digest, revoked for good."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.entry import Entry, What
from state.database import Database
from state.tables import API_KEYS

PREFIX = "reachboard_"
SECRET_BYTES = 32
STARTS = len(PREFIX) + 6
USED_EVERY_US = 60_000_000
DAY_US = 86_400_000_000
MOST_DAYS = 3_660
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")


class KeyRefused(ValueError):
    """A key that cannot be made or found; the message says why and what to do."""


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret. `start` are its first characters; `programs` and `lines` limit its rows."""

    id: int
    name: str
    start: str
    role: str
    programs: tuple[str, ...] | None
    lines: tuple[str, ...] | None
    made_us: int
    made_by: str
    expires_us: int | None = None
    revoked_us: int | None = None
    revoked_by: str | None = None
    used_us: int | None = None

    @property
    def rows(self) -> str:
        """Which rows it may see, in words."""
        return ", ".join([*(self.programs or ()), *(self.lines or ())]) or "all"

    def standing(self, now_us: int) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_us is not None:
            return "revoked"
        return "expired" if self.expires_us is not None and now_us >= self.expires_us else "active"


class Keys:
    """The keys of the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[ApiKey]:
        """Every key that was ever made, newest first."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(API_KEYS).order_by(API_KEYS.c.id.desc())).mappings()
            return [_key(row) for row in rows]

    def add(
        self,
        name: str,
        role: str,
        by: str,
        programs: tuple[str, ...] | None = None,
        lines: tuple[str, ...] | None = None,
        days: int | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key; returns it with its secret, which is told this once. `KeyRefused` says why not."""
        plain = name.strip()
        if not _NAME.fullmatch(plain):
            raise KeyRefused(
                "A key needs a name of letters, digits, spaces, dots, dashes and underlines, 60 at most."
            )
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise KeyRefused(f"A key lasts from 1 to {MOST_DAYS:,} days, or until it is revoked.")
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        now = time.time_ns() // 1000
        values = {
            "name": plain, "digest": digest(secret), "start": secret[:STARTS], "role": role,
            "programs": None if programs is None else sorted(programs),
            "lines": None if lines is None else sorted(lines),
            "made_us": now, "made_by": by, "expires_us": None if days is None else now + days * DAY_US,
        }  # fmt: skip
        with self.database.writing() as connection:
            if connection.execute(sa.select(API_KEYS.c.id).where(API_KEYS.c.name == plain)).first():
                raise KeyRefused(f"There is a key named {plain!r} already; choose another name.")
            connection.execute(sa.insert(API_KEYS).values(values))
            made = _key(
                connection.execute(sa.select(API_KEYS).where(API_KEYS.c.name == plain)).mappings().one()
            )
            self._told(made, by, "make")
        return made, secret

    def revoke(self, name: str, by: str) -> ApiKey:
        """End a key at once and for good; `KeyRefused` where there is none, or it was revoked already."""
        with self.database.writing() as connection:
            row = connection.execute(sa.select(API_KEYS).where(API_KEYS.c.name == name)).mappings().first()
            if row is None:
                raise KeyRefused(f"There is no key named {name!r}.")
            if row["revoked_us"] is not None:
                raise KeyRefused(f"The key {name!r} was revoked already.")
            ended = {"revoked_us": time.time_ns() // 1000, "revoked_by": by}
            connection.execute(sa.update(API_KEYS).where(API_KEYS.c.id == row["id"]).values(ended))
            key = _key({**row, **ended})
            self._told(key, by, "revoke")
            return key

    def _told(self, key: ApiKey, by: str, do: str) -> None:
        """The key, its role and rows; never anything of its secret."""
        about: dict[str, str | int] = {"do": do, "name": key.name, "is": f"{key.role}, rows: {key.rows}"}
        self.database.tell(Entry(What.KEY, by, about=about))

    def find(self, secret: str) -> ApiKey | None:
        """The active key of a secret, whose use is noted to the minute; None for any other."""
        if not secret.startswith(PREFIX) or self.database.is_new():
            return None
        with self.database.reading() as connection:
            wanted = sa.select(API_KEYS).where(API_KEYS.c.digest == digest(secret))
            row = connection.execute(wanted).mappings().first()
        now = time.time_ns() // 1000
        if row is None or _key(row).standing(now) != "active":
            return None
        if row["used_us"] is None or now - row["used_us"] >= USED_EVERY_US:
            self._used(row["id"], now)
        return _key(row)

    def _used(self, number: int, now: int) -> None:
        with self.database.writing() as connection:
            connection.execute(sa.update(API_KEYS).where(API_KEYS.c.id == number).values(used_us=now))


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits: its SHA-256, as hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: sa.RowMapping | dict[str, object]) -> ApiKey:
    values = {name: row[name] for name in ApiKey.__dataclass_fields__}
    for name in ("programs", "lines"):
        values[name] = None if values[name] is None else tuple(values[name])  # type: ignore[arg-type]
    return ApiKey(**values)  # type: ignore[arg-type]
