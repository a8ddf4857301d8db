"""Signing in at the identity provider and out of it: the addresses that browsers and the provider come to."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace

from flask import Flask, abort, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from app import entries, sessions, ways
from app.entries import Entry
from app.paths import next_path
from app.sessions import SignedIn
from config.permissions import PEOPLE
from config.settings import Settings
from data.viewer import Scope, Viewer
from identity import claims, logout
from identity.flow import Attempt, Client
from identity.provider import Provider
from identity.rules import Rules
from identity.trouble import WORDS, Refused, Trouble
from state import sessions as kept

_EXTENSION = "reachboard.oidc"
START, BACK, DONE, TOLD = "/sign-in/start", "/sign-in/back", "/sign-out/done", "/sign-out/told"
log = logging.getLogger("reachboard.oidc")


@dataclass(frozen=True)
class Connection:
    """The provider of a server, the secret of this app there, and where this app is reached."""

    provider: Provider
    secret: str | None
    public_url: str

    def client(self) -> Client:
        return Client(self.provider, self.secret, self.here(BACK))

    def here(self, path: str) -> str:
        """The address of a path of ours, as the provider knows it."""
        return f"{self.public_url.rstrip('/') or f'{request.scheme}://{request.host}'}{path}"


def install(server: Flask, settings: Settings) -> None:
    """Add the addresses; without an issuer in the settings they are missing."""
    if settings.oidc_issuer:
        secret = settings.oidc_client_secret
        server.extensions[_EXTENSION] = Connection(
            Provider(Rules.of(settings)),
            None if secret is None else secret.get_secret_value(),
            settings.public_url,
        )
    server.add_url_rule(START, "sign_in_start", _start, methods=["GET"])
    server.add_url_rule(BACK, "sign_in_back", _back, methods=["GET"])
    server.add_url_rule(DONE, "signed_out", _done, methods=["GET"])
    server.add_url_rule(TOLD, "sign_out_told", _told, methods=["POST"])


def connection() -> Connection | None:
    """The connection to the provider of this server; None where none is set."""
    found = current_app.extensions.get(_EXTENSION)
    return found if isinstance(found, Connection) else None


def provider() -> Provider | None:
    """The provider of this server, if one is set."""
    held = connection()
    return None if held is None else held.provider


def viewer_of(session: kept.Session) -> Viewer | None:
    """Who a session at the provider of the settings is of."""
    held = connection()
    role = next((one for one in PEOPLE if one.value == session.role), None)
    if held is None or session.issuer != held.provider.rules.issuer or role is None:
        return None
    programs, lines = (None if one is None else frozenset(one) for one in (session.programs, session.lines))
    return claims.viewer_of(session.name, role, Scope(programs, lines))


def _connected() -> Connection:
    return connection() or abort(404)


def _start() -> BaseResponse:
    held, going = _connected(), next_path(request.args.get("next"))
    attempt = Attempt.new()
    try:
        there = held.client().way_there(attempt, step_up="again" in request.args)
    except Refused as refused:
        return _refusal(refused, going)
    return ways.remember(redirect(there, 303), attempt, going)


def _back() -> BaseResponse:
    held, said = _connected(), request.args.to_dict()
    attempt, going = ways.known(said.get("state", ""))
    if attempt is None:
        return _refusal(Refused(Trouble.STALE, "no attempt of this browser has that state"), "/")
    try:
        arrived = held.client().came_back(said, attempt)
    except Refused as refused:
        return ways.forget(_refusal(refused, going), attempt)
    id = kept.new_id()
    session = sessions.of(
        arrived.person.viewer,
        held.provider.rules.issuer,
        arrived.person.subject,
        id,
        provider_session=arrived.provider_session,
    )
    session = replace(session, sealed=ways.sealed(arrived.id_token, id))
    return ways.forget(sessions.begin(session, id, redirect(going, 303), "provider"), attempt)


def _refusal(refused: Refused, going: str) -> BaseResponse:
    """The page of a refusal; its reference is in the log, with what differs."""
    reference = secrets.token_hex(4)
    log.warning("reference=%s %s", reference, refused)
    entries.tell(Entry("denied", refused.who, why=refused.trouble.value, reference=reference))
    words = WORDS[refused.trouble]
    # A provider that knows the browser would answer the same again.
    again = refused.trouble in (Trouble.NO_ROLE, Trouble.NO_ROWS, Trouble.SECOND_FACTOR)
    page = render_template(
        "refused.html",
        status=words.status,
        title=words.title,
        words=words.next,
        who=refused.who,
        reference=reference,
        next=going,
        again=again,
    )
    return make_response(page, words.status)


def leave(user: SignedIn) -> BaseResponse | None:
    """End a session, and send its holder to the provider to end the one there; None where that cannot be."""
    held = connection()
    sessions.end(user)
    if held is None or user.session.issuer != held.provider.rules.issuer:
        return None
    try:
        there = held.provider.metadata().get("end_session_endpoint")
    except Refused as refused:
        log.warning("signed out here alone: %s", refused)
        return None
    if not isinstance(there, str):
        return None
    id = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    word = ways.unsealed(user.session.sealed, id)
    return ways.to_sign_out(there, held.provider.rules.client_id, word, held.here(DONE))


def _done() -> BaseResponse:
    """The provider has ended its session; whether it was asked by this browser is told by the state."""
    _connected()
    return ways.forget_sign_out(make_response(render_template("signedout.html", ours=ways.is_our_sign_out())))


def _told() -> BaseResponse | tuple[BaseResponse, int]:
    """Back-channel logout: the provider says that a session has ended."""
    provider = _connected().provider
    try:
        ended = logout.checked(request.form.get("logout_token"), provider)
    except Refused as refused:
        log.warning("a logout token was refused: %s", refused)
        away = refused.trouble in (Trouble.AWAY, Trouble.SETUP)
        return jsonify(error="temporarily_unavailable" if away else "invalid_request"), 503 if away else 400
    store, issuer = sessions.door().store.sessions, provider.rules.issuer
    if not store.spend(f"{issuer} {ended.jti}", ended.until * kept.SECOND_US):
        log.warning("a logout token was refused: it came before")
        return jsonify(error="invalid_request"), 400

    def is_meant(session: kept.Session) -> bool:
        if session.issuer != issuer or ended.sub not in ("", session.subject):
            return False
        # A session for which the provider named none of its own is known by its person alone.
        by_person = bool(ended.sub) and not session.provider_session
        return by_person or ended.sid in ("", session.provider_session)

    store.end(is_meant, kept.PROVIDER)
    return jsonify(), 200
