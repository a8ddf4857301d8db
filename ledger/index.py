"""An index of the chains to search in: built from them as they grow, and thrown away at will."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import Settings
from ledger.chain import Head, Line, Tampered, chains, month_at, path_of, read
from ledger.checkpoints import MONTH_US
from ledger.entry import OF_THE_LEDGER
from ledger.seals import Seals
from ledger.writing import now_us

FILE = ".index.db"
VERSION = 1
MOST_COUNTED = 10_000
AT_ONCE = 1_000
WAIT_SECONDS = 30
TABLES = """
create table if not exists heads (chain text primary key, seq int, hash text, bytes int, at int)
  without rowid;
create table if not exists entries (
  id integer primary key, at int, what text, who int, chain text, start int, length int);
create table if not exists people (id integer primary key, name text unique);
create table if not exists campaigns (campaign text, at int, entry int, primary key (campaign, at, entry))
  without rowid;
create index if not exists by_time on entries (at, id);
create index if not exists by_kind on entries (what, at, id);
create index if not exists by_person on entries (who, at, id);
create virtual table if not exists words using fts5(text, content='', tokenize="unicode61");
"""
MOST_WORDED = 2 * MOST_COUNTED
"""Of more entries with the words that are looked for, the ones that came last count."""
WORDED = "e.id in (select rowid from words where words match ? order by rowid desc limit ?)"
OWN = tuple(one.value for one in OF_THE_LEDGER)


@dataclass(frozen=True)
class Asked:
    """What of the ledger is wanted; empty is everything. Times are microseconds, `last` not included."""

    who: str = ""
    what: str = ""
    campaign: str = ""
    text: str = ""
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Found:
    """Documents of lines, newest first, and how many there are: exactly up to `MOST_COUNTED`."""

    lines: Sequence[dict[str, Any]]
    total: int

    @property
    def counted(self) -> bool:
        return self.total <= MOST_COUNTED


class Index:
    """The index of a ledger. Several processes may keep it; whoever is first does the work."""

    def __init__(self, folder: Path, seals: Seals) -> None:
        self.folder, self.seals = folder, seals

    def follow(self) -> list[str]:
        """Take in what is new; what is not as it was written is left out, and told."""
        if not self.folder.is_dir():
            return []
        with self._opened() as db:
            known = {name: Head(*rest) for name, *rest in db.execute("select * from heads")}
            # What is full and old grows no more.
            since = month_at(now_us() - MONTH_US) if known else ""
            moved = [path for path in chains(self.folder, since) if _moved(path, known)]
            if not moved:
                return []
            db.execute("begin immediate")
            known = {name: Head(*rest) for name, *rest in db.execute("select * from heads")}
            wrong = [words for path in moved for words in self._take(db, path, known.get(path.stem))]
            db.execute("commit")
        return wrong

    def find(self, asked: Asked, page: int = 0, size: int = 50) -> Found:
        """The entries that are asked for; `follow` first, for those that came lately."""
        if not (self.folder / FILE).exists():
            return Found((), 0)
        where, values = _where(asked)
        with self._opened() as db:
            source = "campaigns c join entries e on e.id = c.entry" if asked.campaign else "entries e"
            order = "c.at desc, c.entry desc" if asked.campaign else "e.at desc, e.id desc"
            counted = f"select count(*) from (select 1 from {source} where {where} limit {MOST_COUNTED + 1})"
            (total,) = db.execute(counted, values).fetchone()
            some = f"from {source} where {where} order by {order} limit ? offset ?"
            rows = db.execute(
                f"select e.chain, e.start, e.length {some}", [*values, size, page * size]
            ).fetchall()
        return Found([self._line(*row) for row in rows], total)

    def every(self, asked: Asked) -> Iterator[dict[str, Any]]:
        """All that is asked for, newest first, however many."""
        page = 0
        while lines := self.find(asked, page, AT_ONCE).lines:
            yield from lines
            page += 1

    def heads(self, most: int) -> list[tuple[str, Head]]:
        """The chains that were written last, with their heads."""
        if not (self.folder / FILE).exists():
            return []
        with self._opened() as db:
            rows = db.execute("select * from heads order by at desc limit ?", (most,))
            return [(name, Head(*rest)) for name, *rest in rows]

    def since(self, what: str, first: int) -> list[dict[str, Any]]:
        """All lines of a kind since a time, oldest first."""
        if not (self.folder / FILE).exists():
            return []
        with self._opened() as db:
            rows = db.execute(
                "select chain, start, length from entries where what = ? and at >= ? order by at",
                (what, first),
            ).fetchall()
        return [self._line(*row) for row in rows]

    def _take(self, db: sqlite3.Connection, path: Path, head: Head | None) -> Iterator[str]:
        if head is not None and path.stat().st_size < head.bytes:
            yield f"{path.stem}: it was cut"
            return
        last = head
        try:
            for line in read(path, self.seals, head):
                if isinstance(line, Line):
                    _insert(db, path.stem, line)
                    last = line.head
        except Tampered as found:
            yield f"{path.stem}, line {found.line}: {found.words}"
        if last is not None:
            values = (path.stem, last.seq, last.hash, last.bytes, last.at)
            db.execute("insert or replace into heads values (?, ?, ?, ?, ?)", values)

    def _line(self, chain: str, start: int, length: int) -> dict[str, Any]:
        """A line as it stands in its file; empty where that is gone or another one."""
        try:
            with path_of(self.folder, chain).open("rb") as file:
                file.seek(start)
                found = json.loads(file.read(length))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        path = self.folder / FILE
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as db:
            if db.execute("pragma user_version").fetchone()[0] != VERSION:
                path.chmod(0o600)
                db.execute("pragma journal_mode = wal")
                db.executescript(f"begin immediate; {TABLES} pragma user_version = {VERSION}; commit;")
            db.execute("pragma synchronous = off")  # what is lost is built again
            yield db


def _moved(path: Path, known: dict[str, Head]) -> bool:
    head = known.get(path.stem)
    return head is None or path.stat().st_size != head.bytes


def _insert(db: sqlite3.Connection, chain: str, line: Line) -> None:
    document = line.document
    who = document.get("who", "")
    db.execute("insert or ignore into people (name) values (?)", (who,))
    row = db.execute(
        "insert into entries (at, what, who, chain, start, length) "
        "values (?, ?, (select id from people where name = ?), ?, ?, ?)",
        (document["at"], document["what"], who, chain, line.offset, line.head.bytes - line.offset),
    )
    for campaign in dict.fromkeys(document.get("campaigns", ())):
        db.execute(
            "insert or ignore into campaigns values (?, ?, ?)", (campaign, document["at"], row.lastrowid)
        )
    if document["what"] not in OWN:
        db.execute("insert into words (rowid, text) values (?, ?)", (row.lastrowid, _text(document)))


def _text(document: dict[str, Any]) -> str:
    told = [document.get(name, "") for name in ("who", "role", "place", "words", "why", "filters")]
    about = document.get("about", {})
    return " ".join([*told, *document.get("campaigns", ()), *(str(one) for one in about.values())])


def _where(asked: Asked) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if asked.campaign:
        parts.append("c.campaign = ?")
        values.append(asked.campaign)
    if asked.what:
        parts.append("e.what = ?")
        values.append(asked.what)
    else:
        parts.append(f"e.what not in ({', '.join('?' * len(OWN))})")
        values += OWN
    if asked.who:
        parts.append("e.who in (select id from people where instr(lower(name), lower(?)))")
        values.append(asked.who)
    if tokens := _tokens(asked.text):
        parts.append(WORDED)
        values += [tokens, MOST_WORDED]
    at = "c.at" if asked.campaign else "e.at"
    for compared, instant in ((">=", asked.first), ("<", asked.last)):
        if instant is not None:
            parts.append(f"{at} {compared} ?")
            values.append(instant)
    return " and ".join(parts), values


def _tokens(text: str) -> str:
    """The words of a search, each by its beginning, all of them wanted."""
    words = "".join(one if one.isalnum() else " " for one in text).split()
    return " ".join(f'"{word}"*' for word in words[:8])


def index_of(settings: Settings) -> Index:
    """The index of an installation's ledger."""
    return Index(settings.ledger, Seals.of(settings.secret()))
