"""A signed token: believed only under a key of the provider, by the one algorithm that is set."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import json_b64decode, to_bytes

from identity.provider import Provider
from identity.trouble import Refused, Trouble

LEEWAY_SECONDS = 60
LARGEST = 32_768
# Headers that bring or point at a key: the keys are those that discovery names, and no others.
OWN_KEYS = ("jwk", "jku", "x5u")
KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
Header = Mapping[str, Any]
Claims = dict[str, Any]


def untrusted(detail: str) -> Refused:
    return Refused(Trouble.UNTRUSTED, detail)


def opened(text: object, provider: Provider) -> tuple[Header, Claims]:
    """Header and claims of a token whose signature is the provider's; `Refused` for any other."""
    if not isinstance(text, str) or len(text) > LARGEST or text.count(".") != 2:
        raise untrusted("not a signed token")
    header = _header(text)
    alg = provider.rules.alg
    if header.get("alg") != alg:
        raise untrusted(f"it is not signed with {alg}")
    if "crit" in header or any(name in header for name in OWN_KEYS):
        raise untrusted("its header asks for what is not understood, or brings its own key")
    key = _key(provider, header.get("kid"), alg)
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    try:
        signed = jws.deserialize_compact(text, key, registry=registry)
        claims = json.loads(signed.payload or b"")
    except (JoseError, ValueError, TypeError, RecursionError):
        raise untrusted("its signature is not the provider's") from None
    if not isinstance(claims, dict):
        raise untrusted("it holds no claims")
    return header, claims


def _header(text: str) -> Header:
    try:
        header = json_b64decode(to_bytes(text.split(".")[0]))
    except (JoseError, ValueError, TypeError, RecursionError):
        raise untrusted("its header cannot be read") from None
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str | None):
        raise untrusted("its header cannot be read")
    return header


def _key(provider: Provider, kid: str | None, alg: str) -> Key:
    fitting = [
        key
        for key in provider.keys(kid)
        if key.key_type == KINDS[alg[:2]] and key.get("alg") in (None, alg) and kid in (None, _kid(key))
    ]
    if len(fitting) != 1:
        raise untrusted("its key is not known, or it does not say which it is")
    return fitting[0]


def _kid(key: Key) -> object:
    return key.get("kid")


def check(claims: Claims, issuer: str, audience: str, needed: tuple[str, ...]) -> None:
    """`Refused` unless issuer and audience are these, what is needed is there, and the times are right."""
    for name in needed:
        if claims.get(name) in (None, ""):
            raise untrusted(f"{name} is missing")
    if claims.get("iss") != issuer:
        raise untrusted("another issuer made it")
    if audience not in audiences(claims):
        raise untrusted("it is meant for somebody else")
    if "sub" in claims and not isinstance(claims["sub"], str):
        raise untrusted("sub is no text")
    try:
        JWTClaimsRegistry(now=int(time.time()), leeway=LEEWAY_SECONDS).validate(claims)
    except (JoseError, ValueError, TypeError):
        raise untrusted("its times are wrong, or it is over") from None


def audiences(claims: Claims) -> list[object]:
    held = claims.get("aud")
    return held if isinstance(held, list) else [held]
