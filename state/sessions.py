"""Who is signed in: sessions on the server's side, under the digest of an id that only the browser holds."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import sqlalchemy as sa

from state.database import Database
from state.tables import SESSIONS, SPENT

SECOND_US = 1_000_000
IDLE_US = 15 * 60 * SECOND_US
WHOLE_US = 8 * 3600 * SECOND_US
SEEN_EVERY_US = 60 * SECOND_US
"""Activity is written down at most this often: an idle session ends 14 to 15 minutes after the last one."""
KEPT_US = 24 * 3600 * SECOND_US
"""For how long a session is kept after it began: long enough to tell its holder why it ended."""

ACTIVE, IDLE, OVER = "active", "idle", "over"
SIGNED_OUT, REVOKED, PROVIDER, REPLACED = "signed_out", "revoked", "provider", "replaced"


def now_us() -> int:
    return time.time_ns() // 1000


def new_id() -> str:
    """A session's id: 256 random bits, for the browser's cookie alone."""
    return secrets.token_urlsafe(32)


def digest(id: str) -> str:
    """What is kept of a session's id: its SHA-256, as hex."""
    return hashlib.sha256(id.encode()).hexdigest()


@dataclass(frozen=True)
class Session:
    """One session. `handle` names it to administrators; it is random and opens nothing.

    `terms` stands for the settings of signing in that it began under, `subject` for the person at `issuer`
    (empty: the demo), `provider_session` for the provider's own session id. `programs` and `lines` limit its
    rows. `sealed` is what only the holder of the id can open: the provider's word, for the sign-out there.
    """

    digest: str
    terms: str
    issuer: str
    subject: str
    name: str
    role: str
    programs: tuple[str, ...] | None = None
    lines: tuple[str, ...] | None = None
    provider_session: str = ""
    sealed: str = ""
    handle: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    began_us: int = field(default_factory=now_us)
    seen_us: int = field(default_factory=now_us)
    ended_us: int | None = None
    ended_why: str = ""
    ended_by: str = ""

    @property
    def person(self) -> tuple[str, str]:
        """Whose it is: issuer and subject."""
        return self.issuer, self.subject

    def standing(self, now: int) -> str:
        """`active`, `idle` and `over` by the clock, else why it was ended."""
        if self.ended_us is not None:
            return self.ended_why
        if now - self.began_us >= WHOLE_US:
            return OVER
        return IDLE if now - self.seen_us >= IDLE_US else ACTIVE

    def left_us(self, now: int) -> int:
        """How long it lasts yet if nothing more is done."""
        return max(0, min(self.seen_us + IDLE_US, self.began_us + WHOLE_US) - now)


class SessionStore(Protocol):
    """Where sessions are kept. Raises `SessionsAway` where that place does not answer."""

    def put(self, session: Session) -> None:
        """Keep a new session; what has been kept for a day goes."""

    def get(self, digest: str) -> Session | None:
        """The session of an id's digest, ended or not; None where there is none."""

    def touch(self, digest: str, seen_us: int) -> None:
        """Write down when its holder last did something."""

    def active(self) -> list[Session]:
        """Everybody's sessions that have not ended, the one that was seen last first."""

    def end(self, which: Callable[[Session], bool], why: str, by: str = "") -> list[Session]:
        """End active sessions; returns them as they are now."""

    def spend(self, name: str, until_us: int) -> bool:
        """Whether a thing that counts once is seen for the first time; it is remembered until then."""


class SessionsAway(Exception):
    """The place where sessions are kept does not answer."""


class Sessions:
    """The sessions of the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, session: Session) -> None:
        before = now_us() - KEPT_US
        with _answering(), self.database.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.began_us < before))
            connection.execute(sa.insert(SESSIONS).values(_values(session)))

    def get(self, digest: str) -> Session | None:
        if self.database.is_new():
            return None
        with _answering(), self.database.reading() as connection:
            row = (
                connection.execute(sa.select(SESSIONS).where(SESSIONS.c.digest == digest)).mappings().first()
            )
        return None if row is None else _session(row)

    def touch(self, digest: str, seen_us: int) -> None:
        one = sa.and_(SESSIONS.c.digest == digest, SESSIONS.c.ended_us.is_(None))
        with _answering(), self.database.writing() as connection:
            connection.execute(sa.update(SESSIONS).where(one).values(seen_us=seen_us))

    def active(self) -> list[Session]:
        if self.database.is_new():
            return []
        with _answering(), self.database.reading() as connection:
            return _active(connection)

    def end(self, which: Callable[[Session], bool], why: str, by: str = "") -> list[Session]:
        if self.database.is_new():
            return []
        with _answering(), self.database.writing() as connection:
            chosen = [one for one in _active(connection) if which(one)]
            ended = [replace(one, ended_us=now_us(), ended_why=why, ended_by=by) for one in chosen]
            for one in ended:
                change = sa.update(SESSIONS).where(SESSIONS.c.digest == one.digest)
                connection.execute(
                    change.values(ended_us=one.ended_us, ended_why=why, ended_by=by, sealed="")
                )
        return ended

    def spend(self, name: str, until_us: int) -> bool:
        kept = digest(name)
        with _answering(), self.database.writing() as connection:
            connection.execute(sa.delete(SPENT).where(SPENT.c.until_us < now_us()))
            if connection.execute(sa.select(SPENT.c.digest).where(SPENT.c.digest == kept)).first():
                return False
            connection.execute(sa.insert(SPENT).values(digest=kept, until_us=until_us))
        return True


@contextmanager
def _answering() -> Iterator[None]:
    """Tells a database that does not answer from a mistake of ours."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise SessionsAway(type(error).__name__) from error


def _active(connection: sa.Connection) -> list[Session]:
    asked = sa.select(SESSIONS).where(SESSIONS.c.ended_us.is_(None)).order_by(SESSIONS.c.seen_us.desc())
    now = now_us()
    found = (_session(row) for row in connection.execute(asked).mappings())
    return [one for one in found if one.standing(now) == ACTIVE]


def _values(session: Session) -> dict[str, object]:
    values = dict(vars(session))
    for name in ("programs", "lines"):
        values[name] = None if values[name] is None else sorted(values[name])
    return values


def _session(row: sa.RowMapping) -> Session:
    values = {name: row[name] for name in Session.__dataclass_fields__}
    for name in ("programs", "lines"):
        values[name] = None if values[name] is None else tuple(values[name])
    return Session(**values)
