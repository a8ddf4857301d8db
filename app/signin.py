"""Signing in and out: the door's pages, and who the viewer of a request is."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, jsonify, redirect, render_template, request
from flask.sessions import NullSession, SessionInterface
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from app import demo, entries, oidc, sessions
from app.paths import next_path
from app.sessions import SignedIn
from config.settings import Settings, is_loopback
from data.viewer import Viewer
from identity.rules import Rules
from state import sessions as kept
from state.sessions import Session
from state.store import Store

ENDED = {
    kept.IDLE: "You were signed out after 15 minutes without activity.",
    kept.OVER: "You were signed out: a session lasts 8 hours at most.",
    kept.REVOKED: "An administrator has ended your session.",
    kept.PROVIDER: "Your identity provider has ended your session.",
}


class NoSessions(SessionInterface):
    """Flask's own sessions are not used: the cookie holds an id, and the server what it stands for."""

    def open_session(self, _app: Flask, _request: object) -> NullSession:
        return NullSession()

    def save_session(self, _app: Flask, _session: object, _response: object) -> None:
        """Nothing is kept here."""


def install(server: Flask, settings: Settings, store: Store) -> None:
    """Add sign-in and sign-out to the server; `DemoRefused` where others could reach the demo."""
    demo.install(server, settings)
    server.session_interface = NoSessions()
    server.secret_key = hmac.digest(settings.secret(), b"reachboard|session|v1", "sha256")
    secure = not is_plain(settings)
    server.config.update(
        SESSION_COOKIE_NAME="__Host-reachboard" if secure else "reachboard",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
    )
    entries.install(server)
    sessions.install(server, store, terms(settings), _viewer_of)
    manager = LoginManager()
    # Its template variable would ask who is signed in where that cannot be known.
    manager.init_app(server, add_context_processor=False)
    # Its hash of the user agent guards nothing, and signs people out when a browser updates.
    manager.session_protection = None
    manager.request_loader(lambda _request: sessions.user())
    oidc.install(server, settings)
    server.add_url_rule("/sign-in", "sign_in", _page, methods=["GET"])
    server.add_url_rule("/sign-in", "sign_in_as", _enter, methods=["POST"])
    server.add_url_rule("/sign-in/stay", "stay", _stay, methods=["POST"])
    server.add_url_rule("/sign-out", "sign_out", _leave, methods=["POST"])


def is_plain(settings: Settings) -> bool:
    """Whether browsers reach this without encryption, which is so on this machine alone."""
    if settings.demo:
        return True
    try:
        at_home = is_loopback(urlsplit(settings.public_url).hostname or settings.host)
    except ValueError:  # a name, which is of another machine
        return False
    return bool(settings.oidc_issuer) and at_home and not settings.public_url.startswith("https:")


def terms(settings: Settings) -> str:
    """The settings of signing in as one text: a session that began under others is over."""
    said = [settings.demo, settings.demo_lines, Rules.of(settings).digest]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _viewer_of(session: Session) -> Viewer | None:
    """Who a session is of by the settings as they are now."""
    if session.issuer != demo.ISSUER:
        return oidc.viewer_of(session)
    user = demo.of(session.subject) if current_app.config["REACHBOARD_DEMO"] else None
    return None if user is None else user.viewer


def user() -> SignedIn | None:
    """Who is signed in, with the session, or None."""
    found = current_user._get_current_object()
    return found if isinstance(found, SignedIn) else None


def time_left() -> dict[str, int]:
    """Seconds that the session of this request lasts: `left` if nothing more is done, `whole` at most."""
    found = user()
    if found is None:
        return {"left": 0, "whole": 0}
    now, session = kept.now_us(), found.session
    whole = session.began_us + kept.WHOLE_US - now
    return {"left": session.left_us(now) // kept.SECOND_US, "whole": whole // kept.SECOND_US}


def viewer() -> Viewer | None:
    """The signed-in viewer of this request, or None."""
    found = user()
    return None if found is None else found.viewer


def door(going: str) -> str:
    """Where a stranger is sent who wanted to go somewhere: straight to the provider, or to our own page.

    Whoever had a session here is first told why it ended.
    """
    straight = oidc.connection() is not None and sessions.last() is None
    if straight:
        return f"{oidc.START}?{urlencode({'next': going})}"
    return "/sign-in" if going == "/" else f"/sign-in?{urlencode({'next': going})}"


def _page() -> BaseResponse | str:
    going = next_path(request.args.get("next"))
    if viewer() is not None:
        return redirect(going, 303)
    before = sessions.last()
    return render_template(
        "signin.html",
        roles=demo.offered(),
        next=going,
        demo=demo.may_be_entered(),
        provider=oidc.connection() is not None,
        ended="" if before is None else ENDED.get(before.standing(kept.now_us()), ""),
    )


def _enter() -> BaseResponse:
    return demo.enter(request.form.get("role", ""), next_path(request.form.get("next")))


def _stay() -> BaseResponse:
    """The guard has kept the session awake; the header says how long it lasts now."""
    return jsonify(signed_in=True)


def _leave() -> BaseResponse:
    found = user()
    onwards = None if found is None else oidc.leave(found)
    return sessions.forget(onwards or redirect("/sign-in", 303))
