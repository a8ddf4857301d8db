"""What a browser holds while it is at the provider: the attempts under way, and the state of a sign-out."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app, make_response, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from identity.flow import Attempt

SECONDS = 600
MOST = 4
"""Attempts of one browser that are under way at once, in as many tabs."""
LARGEST = 3_000
LONGEST_WORD = 3_000
"""An ID token that is longer is not sent back at the sign-out: it would not fit into an address."""


def remember(answer: BaseResponse, attempt: Attempt, going: str) -> BaseResponse:
    """Let the browser hold an attempt, and where its holder wants to go."""
    held = [*_held(), [attempt.seed, going]][-MOST:]
    while len(_packed(held)) > LARGEST and len(held) > 1:
        held = held[1:]
    return _keep(answer, held)


def known(state: str) -> tuple[Attempt | None, str]:
    """The attempt of this browser that has a state, and where it goes on to."""
    for seed, going in _held():
        attempt = Attempt(seed)
        if hmac.compare_digest(attempt.state.encode(), state.encode()):
            return attempt, going
    return None, "/"


def forget(answer: BaseResponse, attempt: Attempt) -> BaseResponse:
    """An attempt is used once, whatever came of it."""
    return _keep(answer, [one for one in _held() if one[0] != attempt.seed])


def _keep(answer: BaseResponse, held: list[list[str]]) -> BaseResponse:
    if held:
        _set(answer, "-way", _packed(held))
    else:
        _unset(answer, "-way")
    return answer


def _held() -> list[list[str]]:
    try:
        return list(_serializer().loads(request.cookies.get(_name("-way"), ""), max_age=SECONDS))
    except BadData:
        return []


def _packed(held: list[list[str]]) -> str:
    return str(_serializer().dumps(held))


def _serializer() -> URLSafeTimedSerializer:
    secret = current_app.secret_key
    assert isinstance(secret, bytes)
    return URLSafeTimedSerializer(secret, salt="reachboard|way|v1")


def to_sign_out(there: str, client: str, word: str, back: str) -> BaseResponse:
    """The page that goes on to the provider's sign-out. No redirect: our policy lets no form lead away."""
    state = secrets.token_urlsafe(16)
    query = {"client_id": client, "post_logout_redirect_uri": back, "state": state}
    if word:
        query["id_token_hint"] = word
    address = f"{there}{'&' if '?' in there else '?'}{urlencode(query)}"
    answer = make_response(render_template("signingout.html", there=address))
    _set(answer, "-out", state)
    return answer


def is_our_sign_out() -> bool:
    """Whether the provider answers a sign-out that this browser asked for."""
    held = request.cookies.get(_name("-out"), "")
    return bool(held) and hmac.compare_digest(held.encode(), request.args.get("state", "").encode())


def forget_sign_out(answer: BaseResponse) -> BaseResponse:
    _unset(answer, "-out")
    return answer


def sealed(word: str, id: str) -> str:
    """The provider's word for the holder of a session's id alone; empty where it is too long."""
    if len(word) > LONGEST_WORD:
        return ""
    nonce = secrets.token_bytes(12)
    return urlsafe_b64encode(nonce + AESGCM(_key(id)).encrypt(nonce, word.encode(), b"")).decode()


def unsealed(text: str, id: str) -> str:
    """The word again; empty for any other id."""
    raw = urlsafe_b64decode(text)
    try:
        return AESGCM(_key(id)).decrypt(raw[:12], raw[12:], b"").decode() if raw else ""
    except InvalidTag:
        return ""


def _key(id: str) -> bytes:
    secret = current_app.secret_key
    assert isinstance(secret, bytes)
    return hmac.digest(secret, b"reachboard|word|v1|" + id.encode(), "sha256")


def _name(end: str) -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}{end}"


def _set(answer: BaseResponse, end: str, value: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        _name(end), value, max_age=SECONDS, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def _unset(answer: BaseResponse, end: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.delete_cookie(_name(end), secure=secure, httponly=True, samesite="Lax", path="/")
