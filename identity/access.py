"""Access tokens of the provider at the API: RFC 9068, and those JWTs of providers that came before it."""

from __future__ import annotations

from data.viewer import Viewer
from identity.claims import ask_for_second_factor, name_of, role_of, scope_of, viewer_of
from identity.provider import Provider
from identity.tokens import Claims, check, opened, untrusted
from identity.trouble import Refused, Trouble

TYPES = ("at+jwt", "application/at+jwt")
OLDER = ("", "jwt")
OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")


def viewer(text: str, provider: Provider) -> Viewer:
    """Who asks with an access token; `Refused` where it is not one for this API, or gives no role."""
    rules = provider.rules
    header, claims = opened(text, provider)
    kind = str(header.get("typ", "")).lower()
    if kind not in (*TYPES, *OLDER):
        raise untrusted("it is no access token")
    if kind in OLDER and ("events" in claims or any(name in claims for name in OF_ID_TOKENS)):
        raise untrusted("it is no access token")
    check(claims, rules.issuer, rules.audience, ("iss", "aud", "exp", "iat", "sub"))
    role = role_of(claims, rules, scopes(claims) if rules.maps_scopes else ())
    if role is None:
        raise Refused(Trouble.NO_ROLE, "neither its role claim nor its scopes are mapped to a role")
    ask_for_second_factor(role, claims, rules)
    return viewer_of(_name(claims), role, scope_of(claims, rules))


def scopes(claims: Claims) -> tuple[str, ...]:
    """The scopes that a token grants, as most providers write them."""
    held = claims.get("scope", claims.get("scp", ""))
    words = held.split() if isinstance(held, str) else held
    return tuple(one for one in words if isinstance(one, str)) if isinstance(words, list) else ()


def _name(claims: Claims) -> str:
    """A person's name, or the client's where it asks for itself."""
    client = next((claims[one] for one in ("client_id", "azp", "cid", "appid") if claims.get(one)), None)
    of_person = any(claims.get(one) for one in ("name", "email", "preferred_username"))
    return name_of(claims) if of_person or not isinstance(client, str) else f"Client {client[:80]}"
