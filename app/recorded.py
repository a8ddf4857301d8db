"""What the web processes write into the ledger: who acts, who was denied, who came and went, from where."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Flask, current_app, request

from app import bearer, entries
from config.settings import Settings
from data.viewer import Viewer
from ledger.acting import Acting, acting
from ledger.book import Book, Unwritable, book_of
from ledger.entry import Entry, What

STRANGER = "a stranger"
EVERY_SECONDS = 60
DAY_SECONDS = 86_400
MOST = 1_000
"""Of more at once, who they were is not told apart: nobody fills the disk by being denied."""
_EXTENSION = "reachboard.recorded"


@dataclass
class Recorded:
    """The book of a server, and what it need not write twice."""

    book: Book
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _denied: dict[tuple[str, ...], list[float]] = field(default_factory=dict)
    _used: dict[tuple[str, str], float] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)

    def place(self, address: str | None) -> str:
        """The keyed hash of a network address."""
        known = self._places.get(address or "")
        if known is None:
            if len(self._places) >= MOST:
                self._places.clear()
            known = self._places[address or ""] = self.book.seals.place(address or "")
        return known

    def deny(self, entry: Entry) -> None:
        """Write that somebody was denied; the same again within a minute is counted, and written then."""
        of = acting.get()
        key = (entry.who or of.who, entry.role or of.role, entry.place, of.address)
        now = time.monotonic()
        with self._lock:
            if key not in self._denied and len(self._denied) >= MOST:
                key = (STRANGER, "", "many places", "")
            began = self._denied.setdefault(key, [now, 0])
            began[1] += 1
            first = began[1] == 1
        if first:
            self._note(Entry(What.DENIED, *key[:2], place=key[2], address=key[3], about=entry.about))
        self.settle(now)

    def settle(self, now: float | None = None) -> None:
        """Write how often denials of the last minute came again."""
        at = time.monotonic() if now is None else now
        with self._lock:
            over = {key: many for key, many in self._denied.items() if at - many[0] >= EVERY_SECONDS}
            for key in over:
                del self._denied[key]
        for (who, role, place, address), (_, many) in over.items():
            if many > 1:
                again = Entry(What.DENIED, who, role, place=place, address=address, times=int(many) - 1)
                self._note(again)

    def key_used(self, of: Acting) -> None:
        """Write that a key is used from an address, once a day."""
        now, used = time.monotonic(), (of.key, of.address)
        last = self._used.get(used)
        if last is not None and now - last < DAY_SECONDS:
            return
        if len(self._used) >= MOST:
            self._used.clear()
        self._used[used] = now
        self._note(Entry(What.KEY_PLACE))

    def _note(self, entry: Entry) -> None:
        with suppress(Unwritable):  # nothing was given out: a denial stands, written or not
            self.book.note(entry)


def install(server: Flask, settings: Settings) -> Book:
    """Give the server its book; its file is made at the first entry."""
    book = book_of(settings)
    server.extensions[_EXTENSION] = Recorded(book)
    entries.listen(server, _at_the_door)
    return book


def recorded(server: Flask | None = None) -> Recorded:
    """What a server writes with."""
    found = (server or current_app).extensions[_EXTENSION]
    assert isinstance(found, Recorded)
    return found


def acts(viewer: Viewer | None) -> None:
    """Keep who asks, for every entry that this request makes."""
    here = recorded()
    if viewer is None:
        acting.set(Acting(address=here.place(request.remote_addr)))
        return
    key = viewer.name.removeprefix("Key ") if bearer.is_offered() else ""
    of = Acting(viewer.name, viewer.role, key, here.place(request.remote_addr))
    acting.set(of)
    if key:
        here.key_used(of)


def denied(place: str, status: int) -> None:
    """Write that who asks was not answered."""
    who = "" if acting.get().who else STRANGER
    recorded().deny(Entry(What.DENIED, who, place=place, about={"status": status}))


def _at_the_door(one: entries.Entry) -> None:
    """Write who came in or left; who cannot be written does not come in, and leaves in any case."""
    here = recorded()
    if one.what == "denied":
        here.deny(Entry(What.DENIED, one.who or STRANGER, one.role, place="sign-in", about={"how": one.why}))
    elif one.what == "signed_in":
        here.book.record(Entry(What.SIGN_IN, one.who, one.role, about={"how": one.why}))
    else:
        with suppress(Unwritable):
            by_other = bool(one.by) and one.by != one.who
            about = {"how": one.why, **({"name": one.who} if by_other else {})}
            what, who = (What.SESSION, one.by) if by_other else (What.SIGN_OUT, one.who)
            here.book.record(Entry(what, who, "" if by_other else one.role, about=about))
