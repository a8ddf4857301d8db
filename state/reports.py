"""Issued reports: what each said, by ID, who commented and approved it, and what has moved since."""

from __future__ import annotations

import secrets
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from config.text import NOTE, typed
from ledger.entry import Entry, What
from state.database import Database
from state.tables import REPORT_DEFINITIONS, REPORT_MOVES, REPORTS

DRAFT, APPROVED = "draft", "approved"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I or O: people type IDs from paper
LENGTH = 10


class NotNow(ValueError):
    """A step that cannot be taken as things stand; its words say why."""


@dataclass(frozen=True)
class Report:
    """One issued report. `content` is the document as JSON, as it was told; nothing changes it.

    `scope` is the row scope as `exports.owner` writes it; `query` reopens the live question; `period` is
    in words; times are microseconds since the epoch.
    """

    number: int
    id: str
    kind: str
    title: str
    period: str
    page: str
    query: dict[str, str]
    scope: str
    by: str
    role: str
    made_us: int
    snapshot: int
    definitions: str
    sha256: str
    state: str
    comment: str
    comment_by: str
    approved_us: int | None
    approved_by: str | None


@dataclass(frozen=True)
class Move:
    """What one later snapshot changed of a report: cause, and metric or row key -> [before, after]."""

    report: str
    snapshot: int
    at_us: int
    cause: str
    detail: str
    changes: dict[str, Any]


class ReportStore:
    """Issued reports and their moves. Content is kept compressed; an ID is never used again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, report: Mapping[str, Any], content: bytes, id: str, *, tell: bool = True, why: str = ""
    ) -> Report:
        """Keep a report under an ID that `new_id` made; `report` has the fields that a caller knows."""
        values = {
            **report,
            "id": id,
            "content": zlib.compress(content, 9),
            "made_us": report.get("made_us") or _now(),
            "state": DRAFT,
            "comment": "",
            "comment_by": "",
        }
        with self._database.writing() as connection:
            connection.execute(sa.insert(REPORTS).values(values))
            made = _one(connection, id)
            assert made is not None
            if tell:
                self._told(made, made.by, made.role, "issue", why)
            return made

    def get(self, id: str) -> Report | None:
        """The report of an ID, however its letters are written, or None."""
        if self._database.is_new():
            return None
        with self._database.reading() as connection:
            return _one(connection, clean(id))

    def content(self, id: str) -> bytes | None:
        """What the report said, as JSON of a document."""
        if self._database.is_new():
            return None
        with self._database.reading() as connection:
            found = connection.execute(sa.select(REPORTS.c.content).where(REPORTS.c.id == clean(id))).scalar()
            return None if found is None else zlib.decompress(found)

    def same(self, sha256: str, kind: str, scope: str, by: str, role: str) -> Report | None:
        """The report that said the very same, issued by the same person in the same role and row scope."""
        if self._database.is_new():
            return None
        columns = {"sha256": sha256, "kind": kind, "scope": scope, "by": by, "role": role}
        where = [REPORTS.c[name] == value for name, value in columns.items()]
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_TOLD).where(*where)).mappings().first()
            return None if row is None else Report(**row)

    def define(self, version: str, metrics: Mapping[str, Any]) -> None:
        """Keep what the metrics of a version mean, name -> label, meaning, formula and so on; once."""
        if self.defined(version) is not None:
            return
        with self._database.writing() as connection:
            of = REPORT_DEFINITIONS.c.version == version
            if connection.execute(sa.select(REPORT_DEFINITIONS.c.version).where(of)).first() is None:
                values = {"version": version, "metrics": dict(metrics)}
                connection.execute(sa.insert(REPORT_DEFINITIONS).values(values))

    def defined(self, version: str) -> dict[str, Any] | None:
        """What the metrics of a version meant, or None where no report of it was issued."""
        if self._database.is_new():
            return None
        of = REPORT_DEFINITIONS.c.version == version
        with self._database.reading() as connection:
            found = connection.execute(sa.select(REPORT_DEFINITIONS.c.metrics).where(of)).scalar()
            return None if found is None else dict(found)

    def latest(
        self, kinds: tuple[str, ...] = (), most: int = 200, without: tuple[str, ...] = ()
    ) -> list[Report]:
        """The reports issued last, newest first, of all scopes; who may see which is the caller's to ask."""
        if self._database.is_new():
            return []
        where = [REPORTS.c.kind.in_(kinds)] if kinds else []
        where += [REPORTS.c.kind.not_in(without)] if without else []
        asked = sa.select(*_TOLD).where(*where).order_by(REPORTS.c.number.desc()).limit(most)
        with self._database.reading() as connection:
            return [Report(**row) for row in connection.execute(asked).mappings()]

    def comment(self, id: str, text: str, by: str) -> Report:
        """Set the comment of a draft, at most 500 characters; TextRefused or NotNow say why not."""
        plain = typed(text, NOTE, lines=True)
        return self._change(id, by, "comment", state=DRAFT, comment=plain, comment_by=by if plain else "")

    def approve(self, id: str, by: str) -> Report:
        """Make a draft final, comment and all."""
        return self._change(id, by, "approve", state=APPROVED, approved_us=_now(), approved_by=by)

    def reopen(self, id: str, by: str) -> Report:
        """Take an approval back; the figures stay what they are."""
        frm = APPROVED
        return self._change(id, by, "reopen", frm=frm, state=DRAFT, approved_us=None, approved_by=None)

    def moved(self, move: Move) -> None:
        """Keep what a later snapshot changed; the same snapshot twice is kept once."""
        with self._database.writing() as connection:
            same = sa.and_(REPORT_MOVES.c.report == move.report, REPORT_MOVES.c.snapshot == move.snapshot)
            if connection.execute(sa.select(REPORT_MOVES.c.id).where(same)).first() is None:
                connection.execute(sa.insert(REPORT_MOVES).values(**vars(move)))

    def moves(self, id: str) -> list[Move]:
        """What moved since a report was issued, in the order of the snapshots."""
        if self._database.is_new():
            return []
        columns = [column for column in REPORT_MOVES.c if column.name != "id"]
        asked = (
            sa.select(*columns).where(REPORT_MOVES.c.report == clean(id)).order_by(REPORT_MOVES.c.snapshot)
        )
        with self._database.reading() as connection:
            return [Move(**row) for row in connection.execute(asked).mappings()]

    def _change(self, id: str, by: str, do: str, frm: str = DRAFT, **values: Any) -> Report:
        with self._database.writing() as connection:
            found = _one(connection, clean(id))
            if found is None:
                raise LookupError("There is no report of that ID.")
            if found.state != frm:
                raise NotNow(f"The report is {found.state} already; nothing was changed.")
            connection.execute(sa.update(REPORTS).where(REPORTS.c.id == found.id).values(values))
            self._told(found, by, "", do, "")
            made = _one(connection, found.id)
            assert made is not None
            return made

    def _told(self, one: Report, by: str, role: str, do: str, why: str) -> None:
        about: dict[str, str | int] = {"do": do, "name": one.title, "id": one.id}
        self._database.tell(
            Entry(What.REPORT, by, role, place=one.page, snapshot=one.snapshot, why=why, about=about)
        )


def new_id() -> str:
    """An ID that nobody guesses and people can type: `RB-7K3QF-9XH2M`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"RB-{letters[:5]}-{letters[5:]}"


def clean(id: str) -> str:
    """An ID as it is kept, of what somebody typed."""
    letters = "".join(one for one in id.upper().removeprefix("RB") if one.isalnum())
    return f"RB-{letters[:5]}-{letters[5:]}"


_TOLD = tuple(column for column in REPORTS.c if column.name != "content")


def _one(connection: sa.Connection, id: str) -> Report | None:
    row = connection.execute(sa.select(*_TOLD).where(REPORTS.c.id == id)).mappings().first()
    return None if row is None else Report(**row)


def _now() -> int:
    return time.time_ns() // 1000
