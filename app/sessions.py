"""The session of a request: found by its cookie, held here for a few seconds, kept awake by its holder."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_login import UserMixin
from werkzeug.wrappers import Response as BaseResponse

from app import entries
from app.entries import Entry
from data.viewer import Viewer
from state import sessions as kept
from state.sessions import Session, SessionsAway, SessionStore
from state.store import Store

HELD_SECONDS = 3.0
"""For so long a process trusts what it read of a session: a revocation takes effect within it."""
MOST_HELD = 5_000
LEFT = "Session-Left"
"""Header of answers to a browser: seconds until its session ends if nothing more is done."""
IDLE = "Reachboard-Idle"
"""Header by which our script says that nobody did anything: such a request keeps no session awake."""
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_EXTENSION = "reachboard.sessions"
log = logging.getLogger("reachboard.sessions")


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, and the session."""

    def __init__(self, session: Session, viewer: Viewer) -> None:
        self.id, self.session, self.viewer = session.digest, session, viewer


@dataclass
class Door:
    """Finds the sessions of a server.

    `terms` are the settings of signing in as one text; `viewer_of` says who a session is of now, None for
    nobody.
    """

    server: Flask
    store: Store
    terms: str
    viewer_of: Callable[[Session], Viewer | None]
    held: dict[str, tuple[float, SignedIn]] = field(default_factory=dict)

    def find(self, id: str) -> SignedIn | None:
        """Whose session an id opens now; None where it opens none."""
        if not _ID.fullmatch(id):
            return None
        name = kept.digest(id)
        at, user = self.held.get(name, (0.0, None))
        if user is None or time.monotonic() - at > HELD_SECONDS:
            user = self._read(name)
        if user is None or user.session.standing(kept.now_us()) != kept.ACTIVE:
            self.held.pop(name, None)
            return None
        return user

    def _read(self, name: str) -> SignedIn | None:
        found = self.store.sessions.get(name)
        viewer = None if found is None or found.terms != self.terms else self.viewer_of(found)
        if found is None or viewer is None:
            return None
        if len(self.held) >= MOST_HELD:
            self.held.clear()
        user = SignedIn(found, viewer)
        self.held[name] = (time.monotonic(), user)
        return user

    def forget(self, session: Session) -> None:
        self.held.pop(session.digest, None)
        why, by = session.ended_why, session.ended_by
        entries.tell(Entry("signed_out", session.name, session.role, why, by), self.server)


class Told:
    """The sessions of a store; whoever ends some of them, a page or the provider, each is told of."""

    def __init__(self, kept: SessionStore, tell: Callable[[Session], None]) -> None:
        self._kept, self._tell = kept, tell
        self.put, self.get, self.touch = kept.put, kept.get, kept.touch
        self.active, self.spend = kept.active, kept.spend

    def end(self, which: Callable[[Session], bool], why: str, by: str = "") -> list[Session]:
        ended = self._kept.end(which, why, by)
        for one in ended:
            self._tell(one)
        return ended


def install(server: Flask, store: Store, terms: str, viewer_of: Callable[[Session], Viewer | None]) -> None:
    """Find sessions in a store, and tell of each that ends there."""
    made = Door(server, store, terms, viewer_of)
    store.sessions = Told(store.sessions, made.forget)
    server.extensions[_EXTENSION] = made
    server.after_request(_say_what_is_left)


def door() -> Door:
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Door)
    return found


def user() -> SignedIn | None:
    """Who the cookie of this request stands for; for Flask-Login, which asks once per request."""
    id = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])
    return None if id is None else door().find(id)


def last() -> Session | None:
    """The session that the cookie stood for, ended or not."""
    id = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    return door().store.sessions.get(kept.digest(id)) if _ID.fullmatch(id) else None


def of(viewer: Viewer, issuer: str, subject: str, id: str, **more: Any) -> Session:
    """A session that begins now, of a viewer who is known as `subject` at `issuer`, under an id."""
    scope, now = viewer.scope, kept.now_us()
    return Session(
        kept.digest(id),
        door().terms,
        issuer,
        subject,
        viewer.name,
        viewer.role,
        None if scope.programs is None else tuple(sorted(scope.programs)),
        None if scope.lines is None else tuple(sorted(scope.lines)),
        began_us=now,
        seen_us=now,
        **more,
    )


def begin(session: Session, id: str, answer: BaseResponse, how: str) -> BaseResponse:
    """Begin a session under a new id; one that the browser had before ends."""
    before = last()
    if before is not None:
        door().store.sessions.end(lambda one: one.digest == before.digest, kept.REPLACED)
    door().store.sessions.put(session)
    entries.tell(Entry("signed_in", session.name, session.role, how))
    config = current_app.config
    answer.set_cookie(
        config["SESSION_COOKIE_NAME"],
        id,
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def end(user: SignedIn) -> None:
    """End a session because its holder wants to."""
    door().store.sessions.end(lambda one: one.digest == user.session.digest, kept.SIGNED_OUT)


def forget(answer: BaseResponse) -> BaseResponse:
    """Take the cookie away."""
    config = current_app.config
    answer.delete_cookie(
        config["SESSION_COOKIE_NAME"],
        path="/",
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def is_due(user: SignedIn) -> bool:
    """Whether it is time to write down that its holder did something: once a minute."""
    return kept.now_us() - user.session.seen_us >= kept.SEEN_EVERY_US


def keep_awake(user: SignedIn) -> None:
    """Its holder did something now; a failure to write that down stops nobody."""
    now = kept.now_us()
    try:
        door().store.sessions.touch(user.session.digest, now)
    except SessionsAway as away:
        log.error("Activity could not be written down: %s.", away)
        return
    user.session = replace(user.session, seen_us=now)


def is_idle(changed: Sequence[str]) -> bool:
    """Whether a clock of the page made a request, and nobody: `changed` are the triggers of a callback."""
    if IDLE in request.headers:
        return True
    return bool(changed) and all(name.endswith(".n_intervals") for name in changed)


def _say_what_is_left(response: Response) -> Response:
    found = g.get("_login_user")
    if isinstance(found, SignedIn):
        response.headers[LEFT] = str(found.session.left_us(kept.now_us()) // kept.SECOND_US)
    return response
