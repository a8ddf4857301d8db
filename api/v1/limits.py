"""How often one may ask: a count per asker and minute that all web processes of a machine share."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

WINDOW_SECONDS = 60
_MADE = (
    "create table if not exists asked (who text, minute integer, times integer, primary key (who, minute))"
)
_COUNTED = (
    "insert into asked values (?, ?, 1) on conflict (who, minute) do update set times = times + 1 "
    "returning times"
)


@dataclass(frozen=True)
class Allowance:
    """How an asker stands: `limit` requests a minute, `left` of them, and seconds until it begins anew."""

    limit: int
    left: int
    seconds: int
    over: bool

    @property
    def headers(self) -> dict[str, str]:
        """As in the IETF's draft of RateLimit headers, and in the older form that many clients read."""
        found = {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": str(self.seconds),
        }
        return {**found, "Retry-After": str(self.seconds)} if self.over else found


class Limits:
    """Counts in a small file that may be lost: without names, for no longer than their minute."""

    def __init__(self, file: Path, limit: int) -> None:
        self.file, self.limit = file, limit
        self._held = threading.local()

    def count(self, who: str) -> Allowance:
        """Count one more request of an asker; a failing file lets everybody through."""
        now = time.time()
        minute, passed = divmod(int(now), WINDOW_SECONDS)
        try:
            times = self._counted(hashlib.sha256(who.encode()).hexdigest()[:32], minute)
        except sqlite3.Error:
            times = 1
        return Allowance(self.limit, max(0, self.limit - times), WINDOW_SECONDS - passed, times > self.limit)

    def _counted(self, mark: str, minute: int) -> int:
        connection = self._connection()
        (times,) = connection.execute(_COUNTED, (mark, minute)).fetchone()
        if times == 1:
            connection.execute("delete from asked where minute < ?", (minute,))
        return int(times)

    def _connection(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        if held is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            held = sqlite3.connect(self.file, timeout=2, isolation_level=None)
            # A count may be lost with the machine; it must cost next to nothing.
            held.execute("pragma journal_mode = memory")
            held.execute("pragma synchronous = off")
            held.execute(_MADE)
            self._held.connection = held
        return held
