"""Who asks with a key: its role's permissions, and no more rows than it was limited to."""

from __future__ import annotations

import logging

from flask import abort, request

from config.permissions import PERMISSIONS, Role
from data.viewer import Scope, Viewer
from identity import access
from identity.provider import Provider
from identity.trouble import Refused, Trouble
from state.keys import ApiKey, Keys

SCHEME = "bearer"
API = "/api/"
METRICS = "/metrics"
log = logging.getLogger("reachboard.bearer")


def is_offered() -> bool:
    """Whether the request brings credentials of its own: then these count, and no cookie does."""
    by_key = request.path.startswith(API) or request.path == METRICS
    return by_key and "Authorization" in request.headers


def viewer(keys: Keys, provider: Provider | None = None) -> Viewer | None:
    """The viewer of the request's key or access token; None for one that is unknown, over or revoked.

    A token that is good and gives no role is answered 403, and 503 where the provider cannot be asked.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    if "." in secret and provider is not None and provider.rules.audience:
        return _of_token(secret.strip(), provider)
    key = keys.find(secret.strip())
    return None if key is None else viewer_of(key)


def _of_token(token: str, provider: Provider) -> Viewer | None:
    try:
        return access.viewer(token, provider)
    except Refused as refused:
        log.info("an access token was refused: %s", refused)
        if refused.trouble is not Trouble.UNTRUSTED:
            abort(503 if refused.trouble in (Trouble.AWAY, Trouble.SETUP) else 403)
        return None


def viewer_of(key: ApiKey) -> Viewer:
    """What a key stands for."""
    scope = Scope(
        programs=None if key.programs is None else frozenset(key.programs),
        lines=None if key.lines is None else frozenset(key.lines),
    )
    held = frozenset(p.value for p in PERMISSIONS[Role(key.role)])
    return Viewer(f"Key {key.name}", key.role, held, scope)
