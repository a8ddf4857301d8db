"""A provider's word that a session has ended: OpenID Connect Back-Channel Logout 1.0, section 2.6."""

from __future__ import annotations

import time
from dataclasses import dataclass

from identity.provider import Provider
from identity.tokens import LEEWAY_SECONDS, check, opened, untrusted

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = ("logout+jwt", "application/logout+jwt")
OLDEST_SECONDS = 300
"""A logout token is delivered at once; one that is older was kept by somebody."""


@dataclass(frozen=True)
class Logout:
    """Which session ended: `sid` names one, `sub` alone all of a person. `jti` counts once, until `until`."""

    sid: str
    sub: str
    jti: str
    until: int


def checked(text: object, provider: Provider) -> Logout:
    """The logout that a token tells of; `Refused` where anything about it is wrong."""
    rules = provider.rules
    header, claims = opened(text, provider)
    if str(header.get("typ", "")).lower() not in TYPES:
        raise untrusted("its type is not logout+jwt")
    check(claims, rules.issuer, rules.client_id, ("iss", "aud", "iat", "jti", "events"))
    if time.time() - claims["iat"] > OLDEST_SECONDS + LEEWAY_SECONDS:
        raise untrusted("it is too old")
    events = claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise untrusted("it tells of another event")
    if "nonce" in claims:
        raise untrusted("it has a nonce, as an ID token has")
    sid, sub, jti = (claims.get(name, "") for name in ("sid", "sub", "jti"))
    if not all(isinstance(one, str) for one in (sid, sub, jti)) or not (sid or sub):
        raise untrusted("it names no session and nobody")
    return Logout(sid, sub, jti, int(claims["iat"]) + OLDEST_SECONDS + 2 * LEEWAY_SECONDS)
