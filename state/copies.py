"""A copy of the state database, taken while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

BESIDE = ("", "-journal", "-wal", "-shm")


class StateUnreadable(Exception):
    """The file of the state database cannot be read as one."""


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for a database that has tools of its own."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def copied(file: Path) -> bytes:
    """The database in `file` as the bytes of a file, one state of it whoever writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            source.backup(copy)
            if copy.execute("pragma quick_check").fetchall() != [("ok",)]:
                raise StateUnreadable
            return copy.serialize()
    except sqlite3.Error:
        raise StateUnreadable from None


def there(file: Path) -> list[Path]:
    """What stands where a database is to be put: it, or a journal of one, which would be played into it."""
    beside = (file.with_name(file.name + end) for end in BESIDE)
    return [path for path in beside if path.exists()]
