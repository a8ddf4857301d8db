"""The state store: edits of campaign records with undo, notes on days, and the terms of release."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from config.instants import minute
from config.settings import Settings
from config.text import NOTE, TextRefused, typed
from ledger.book import book_of
from ledger.entry import Entry, What
from state.alerts import AlertStore
from state.consents import ConsentStore
from state.database import Database
from state.incidents import IncidentStore
from state.keys import Keys
from state.policy import LEAST, Policy, Terms, checked, strictest
from state.pushes import PushStore
from state.redis_sessions import RedisSessions
from state.replays import Replays, Undos
from state.reports import ReportStore
from state.schedules import ScheduleStore
from state.sessions import Sessions, SessionStore
from state.tables import EDITS, NOTES, RELEASE_POLICY
from state.totals import TotalsStore
from state.uploads import Uploads
from state.views import ViewStore

Changes = dict[str, list[Any]]
CHANGES_BYTES = 100_000
DAYS = 100_000  # day numbers beyond the year 2243 are mistakes


@dataclass(frozen=True)
class Edit:
    """One change of a campaign's record: field -> [old, new]; null stands for "no value"."""

    id: int
    campaign: str
    changed_us: int
    by: str
    changes: Changes
    undo_of: int | None = None


@dataclass(frozen=True)
class Note:
    """What somebody wrote beside a day, of one campaign or, with `campaign` None, of all."""

    id: int
    campaign: str | None
    day: int
    text: str
    by: str
    made_us: int
    removed_us: int | None = None
    removed_by: str | None = None


class Conflict(Exception):
    """Somebody else changed the same fields meanwhile; nothing was stored. `edit` is theirs."""

    def __init__(self, edit: Edit, fields: Sequence[str]) -> None:
        self.edit, self.fields = edit, tuple(fields)
        when = minute(edit.changed_us)
        super().__init__(
            f"{edit.by} changed {', '.join(fields)} on {when}; nothing was saved. "
            "Look at the record as it is now, and change it again."
        )


class Overtaken(Conflict):
    """A source changed the fields after the edit; taking the edit back would undo the source's word."""

    def __init__(self, edit: Edit, fields: Sequence[str]) -> None:
        super().__init__(edit, fields)
        self.args = (
            f"A source changed {', '.join(fields)} since; nothing was undone. "
            "Look at the record as it is now, and change it by hand.",
        )


class Store:
    """Everything people change, behind one URL; sessions in a Redis, where one is named.

    Opens its database at the first use, after any fork.
    """

    def __init__(
        self, url: str, redis_url: str | None = None, tell: Callable[[Entry], None] | None = None
    ) -> None:
        """`tell` writes changes into the ledger; `store_of` gives the product's own."""
        self.database = Database(url, tell)
        self.keys = Keys(self.database)
        self.consents = ConsentStore(self.database)
        self.totals = TotalsStore(self.database)
        self.replays = Replays(self.database)
        self.undos = Undos(self.database)
        self.uploads = Uploads(self.database)
        self.incidents = IncidentStore(self.database)
        self.alerts = AlertStore(self.database)
        self.reports = ReportStore(self.database)
        self.pushes = PushStore(self.database)
        self.views = ViewStore(self.database)
        self.schedules = ScheduleStore(self.database)
        self.sessions: SessionStore = (
            Sessions(self.database) if redis_url is None else RedisSessions(redis_url)
        )

    def open(self) -> None:
        """Make the database and its tables, or bring them to the newest form."""
        self.database.open()

    def close(self) -> None:
        self.database.close()
        if isinstance(self.sessions, RedisSessions):
            self.sessions.close()

    def check(self) -> None:
        """Ask the database for anything; raises what SQLAlchemy does where it does not answer."""
        if not self.database.is_new():
            with self.database.reading() as connection:
                connection.execute(sa.select(1))

    def edits(self, campaign: str | None = None) -> list[Edit]:
        """The edits of a campaign, or of all, in the order in which they were made."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            return _edits(connection, () if campaign is None else (EDITS.c.campaign == campaign,))

    def edit(self, number: int) -> Edit | None:
        """The edit of that id, or None."""
        with self.database.reading() as connection:
            return next(iter(_edits(connection, (EDITS.c.id == number,))), None)

    def add_edit(self, campaign: str, changes: Mapping[str, Sequence[Any]], by: str, base: int = 0) -> Edit:
        """Store field -> (old, new); `base` is the id of the campaign's last edit that the editor saw.

        `Conflict` where a later edit changed one of the fields, `ValueError` where nothing is changed.
        """
        made = _sound(changes)
        with self.database.writing() as connection:
            later = _edits(connection, (EDITS.c.campaign == campaign, EDITS.c.id > base))
            _refuse_overlap(later, made)
            return self._told(_add(connection, campaign, made, by), "change")

    def undo(self, number: int, by: str, record: Mapping[str, Any] | None = None) -> Edit:
        """Reverse one edit by another; `Conflict` where a later edit changed one of its fields.

        `record` is the record as it is shown: `Overtaken` where a source has changed one of them.
        `LookupError` where there is no such edit. An undo can be undone in its turn.
        """
        with self.database.writing() as connection:
            edit = next(iter(_edits(connection, (EDITS.c.id == number,))), None)
            if edit is None:
                raise LookupError(f"There is no edit {number}.")
            later = _edits(connection, (EDITS.c.campaign == edit.campaign, EDITS.c.id > number))
            _refuse_overlap(later, edit.changes)
            _refuse_overtaken(edit, record)
            back = {name: [new, old] for name, (old, new) in edit.changes.items()}
            return self._told(_add(connection, edit.campaign, back, by, undo_of=number), "undo")

    def _told(self, edit: Edit, do: str) -> Edit:
        about: dict[str, str | int] = {"do": do, "number": edit.id, "fields": ", ".join(edit.changes)}
        self.database.tell(Entry(What.RECORD, edit.by, campaigns=(edit.campaign,), about=about))
        return edit

    def notes(self, campaigns: Collection[str], first_day: int, last_day: int) -> list[Note]:
        """The notes of these campaigns, and those of all, on days (numbers) from first to last."""
        if self.database.is_new():
            return []
        found = sa.select(NOTES).where(
            NOTES.c.removed_us.is_(None),
            NOTES.c.day.between(first_day, last_day),
            sa.or_(NOTES.c.campaign.is_(None), NOTES.c.campaign.in_(list(campaigns))),
        )
        with self.database.reading() as connection:
            rows = connection.execute(found.order_by(NOTES.c.day, NOTES.c.id)).mappings()
            return [Note(**row) for row in rows]

    def note(self, number: int) -> Note | None:
        """The note of that id, also a removed one, or None."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(NOTES).where(NOTES.c.id == number)).mappings().first()
            return None if row is None else Note(**row)

    def add_note(self, campaign: str | None, day: int, text: str, by: str) -> Note:
        """Store a note of at most 500 characters; `TextRefused` (a ValueError) says what is wrong with it."""
        plain = typed(text, NOTE, lines=True)
        if not plain:
            raise TextRefused("no words yet; write what happened on that day")
        if not -DAYS < day < DAYS:
            raise ValueError(f"{day} is no day")
        values: dict[str, Any] = {
            "campaign": campaign,
            "day": day,
            "text": plain,
            "by": by,
            "made_us": _now(),
        }
        with self.database.writing() as connection:
            made = connection.execute(sa.insert(NOTES).values(values))
            (number,) = made.inserted_primary_key or (0,)
            note = Note(id=number, **values)
            self._told_note(note, by, "write")
            return note

    def remove_note(self, number: int, by: str) -> None:
        """Take a note away; `restore_note` brings it back."""
        self._mark(number, by, "remove", NOTES.c.removed_us.is_(None), removed_us=_now(), removed_by=by)

    def restore_note(self, number: int, by: str) -> None:
        """Bring back a note that was taken away, in the name of who does."""
        gone = NOTES.c.removed_us.is_not(None)
        self._mark(number, by, "restore", gone, removed_us=None, removed_by=by)

    def policies(self) -> list[Policy]:
        """The terms of release that were set, newest first; nothing takes one of them away."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            return _policies(connection)

    def set_policy(self, threshold: int, profile: str, by: str, reason: str, held: Terms = LEAST) -> Policy:
        """Raise the terms of release; `held` are those in force by settings and by the last publish.

        `TermsRefused` where they would protect less than what is in force, or change nothing;
        `TextRefused` where the reason cannot be kept. Both are a ValueError.
        """
        why = typed(reason)
        if not why:
            raise TextRefused("no reason yet; say in a few words why the terms are raised")
        with self.database.writing() as connection:
            known = _policies(connection)
            before = strictest(held, *(policy.terms for policy in known))
            terms = checked(threshold, profile, before)
            values: dict[str, Any] = {
                "at_us": max(_now(), known[0].at_us + 1 if known else 0), "by": by,
                "threshold": terms.threshold, "profile": terms.profile,
                "was_threshold": before.threshold, "was_profile": before.profile, "reason": why,
            }  # fmt: skip
            made = connection.execute(sa.insert(RELEASE_POLICY).values(values))
            (number,) = made.inserted_primary_key or (0,)
            changed = {"was": before.words(), "is": terms.words()}
            self.database.tell(Entry(What.TERMS, by, why=why, about=changed))
            return Policy(id=number, **values)

    def _mark(self, number: int, by: str, do: str, where: sa.ColumnElement[bool], **values: Any) -> None:
        with self.database.writing() as connection:
            row = connection.execute(sa.select(NOTES).where(NOTES.c.id == number, where)).mappings().first()
            if row is not None:
                connection.execute(sa.update(NOTES).where(NOTES.c.id == number).values(values))
                self._told_note(Note(**row), by, do)

    def _told_note(self, note: Note, by: str, do: str) -> None:
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=note.day)).date().isoformat()
        about: dict[str, str | int] = {"do": do, "number": note.id, "day": day}
        of = () if note.campaign is None else (note.campaign,)
        self.database.tell(Entry(What.NOTE, by, campaigns=of, about=about))


def _edits(connection: Connection, where: Sequence[sa.ColumnElement[bool]]) -> list[Edit]:
    rows = connection.execute(sa.select(EDITS).where(*where).order_by(EDITS.c.id)).mappings()
    return [Edit(**row) for row in rows]


def _policies(connection: Connection) -> list[Policy]:
    rows = connection.execute(sa.select(RELEASE_POLICY).order_by(RELEASE_POLICY.c.id.desc())).mappings()
    return [Policy(**row) for row in rows]


def _sound(changes: Mapping[str, Sequence[Any]]) -> Changes:
    made = {name: [old, new] for name, (old, new) in changes.items() if old != new}
    if not made:
        raise ValueError("Nothing is changed.")
    if len(json.dumps(made)) > CHANGES_BYTES:
        raise ValueError("The change is too long to be stored.")
    return made


def _refuse_overlap(later: Sequence[Edit], changes: Changes) -> None:
    for edit in reversed(later):
        same = [name for name in changes if name in edit.changes]
        if same:
            raise Conflict(edit, same)


def _refuse_overtaken(edit: Edit, record: Mapping[str, Any] | None) -> None:
    if record is None:
        return
    lost = [name for name, (_old, new) in edit.changes.items() if record.get(name) != new]
    if lost:
        raise Overtaken(edit, lost)


def _add(
    connection: Connection, campaign: str, changes: Changes, by: str, undo_of: int | None = None
) -> Edit:
    last = connection.execute(
        sa.select(sa.func.max(EDITS.c.changed_us)).where(EDITS.c.campaign == campaign)
    ).scalar()
    # Later than the last whatever the clock says: the lake knows an edit by campaign and instant.
    values: dict[str, Any] = {
        "campaign": campaign, "changed_us": max(_now(), (last or 0) + 1), "by": by, "changes": changes,
        "undo_of": undo_of,
    }  # fmt: skip
    (number,) = connection.execute(sa.insert(EDITS).values(values)).inserted_primary_key or (0,)
    return Edit(id=number, **values)


def _now() -> int:
    return time.time_ns() // 1000


def store_of(settings: Settings) -> Store:
    """The store of an installation; what is changed in it goes into its ledger."""
    return Store(settings.state, settings.redis, lambda entry: book_of(settings).record(entry))
