"""Counts of requests in a small file that all web processes of a machine share, and that may be lost."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import ClassVar

from limits.storage import Storage

SCHEME = "machine"
_MADE = "create table if not exists asked (who text, until integer, times integer, primary key (who, until))"
_COUNTED = (
    "insert into asked values (?, ?, ?) on conflict (who, until) "
    "do update set times = times + excluded.times returning times"
)


class MachineStorage(Storage):
    """Fixed windows that begin with the minute, for whoever counts; `machine:///path` names the file."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.file = Path(uri.removeprefix(f"{SCHEME}://"))
        self._held = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        connection, until = self._connection(), _end(expiry)
        (times,) = connection.execute(_COUNTED, (key, until, amount)).fetchone()
        if times == amount:
            connection.execute("delete from asked where until <= ?", (int(time.time()),))
        return int(times)

    def get(self, key: str) -> int:
        row = self._connection().execute(
            "select times from asked where who = ? and until > ?", (key, int(time.time()))
        )
        found = row.fetchone()
        return 0 if found is None else int(found[0])

    def get_expiry(self, key: str) -> float:
        now = int(time.time())
        row = self._connection().execute("select until from asked where who = ? and until > ?", (key, now))
        found = row.fetchone()
        return float(now if found is None else found[0])

    def check(self) -> bool:
        try:
            self._connection().execute("select 1 from asked limit 1").fetchall()
        except (sqlite3.Error, OSError):
            return False
        return True

    def reset(self) -> int | None:
        return self._connection().execute("delete from asked").rowcount

    def clear(self, key: str) -> None:
        self._connection().execute("delete from asked where who = ?", (key,))

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


def _end(seconds: int) -> int:
    """When the window of so many seconds ends that now lies in."""
    return (int(time.time()) // seconds + 1) * seconds
