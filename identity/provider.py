"""The provider as it describes itself: its addresses and its keys, asked when they are first needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from requests import RequestException

from identity import web
from identity.rules import Rules
from identity.trouble import Refused, Trouble

ADDRESS = "/.well-known/openid-configuration"
KEPT_SECONDS = 3600.0
AGAIN_SECONDS = 5.0
"""So long after a failure nobody asks again: a provider that is down is not asked by every visitor."""
REFETCHES, REFETCH_SECONDS = 5, 60.0
"""Unknown key ids have the keys fetched anew so often at once, and then once in so many seconds."""
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OFFERED = ("userinfo_endpoint", "end_session_endpoint")


class Provider:
    """One provider. Threads may ask together; nothing is asked before it is needed."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._metadata_at = -KEPT_SECONDS
        self._failed_at = -AGAIN_SECONDS
        self._failure = Refused(Trouble.AWAY, "not asked yet")
        self._keys: list[Key] = []
        self._keys_at = -KEPT_SECONDS
        self._refetches, self._refilled_at = float(REFETCHES), time.monotonic()

    def metadata(self) -> Mapping[str, Any]:
        """The discovery document, checked; `Refused` where it cannot be had or is another issuer's."""
        with self._lock:
            return self._discovered()

    def keys(self, kid: object) -> list[Key]:
        """The provider's keys; fetched anew, within a limit, where none has this id."""
        with self._lock:
            metadata = self._discovered()
            now = time.monotonic()
            old = now - self._keys_at >= KEPT_SECONDS
            unknown = kid is not None and all(key.kid != kid for key in self._keys)
            if old or (unknown and self._may_refetch(now)):
                self._fetch_keys(str(metadata["jwks_uri"]), now)
            return self._keys

    def _discovered(self) -> Mapping[str, Any]:
        now = time.monotonic()
        if now - self._metadata_at < KEPT_SECONDS:
            return self._metadata
        if now - self._failed_at < AGAIN_SECONDS:
            if self._metadata:
                return self._metadata
            raise self._failure
        try:
            self._metadata = self._checked(self._ask(self.rules.issuer.rstrip("/") + ADDRESS, "discovery"))
            self._metadata_at = now
        except Refused as refused:
            self._failed_at, self._failure = now, refused
            if not self._metadata or refused.trouble is not Trouble.AWAY:
                self._metadata = {}
                raise
        return self._metadata

    def _checked(self, found: dict[str, Any]) -> Mapping[str, Any]:
        if found.get("issuer") != self.rules.issuer:
            raise Refused(Trouble.SETUP, "discovery names another issuer than REACHBOARD_OIDC_ISSUER")
        for name in NEEDED:
            if not web.is_safe(found.get(name)):
                raise Refused(Trouble.SETUP, f"discovery has no {name} of https")
        for name in OFFERED:
            if name in found and not web.is_safe(found[name]):
                raise Refused(Trouble.SETUP, f"discovery has a {name} that is not of https")
        offered = found.get("id_token_signing_alg_values_supported")
        if isinstance(offered, list) and self.rules.alg not in offered:
            raise Refused(
                Trouble.SETUP, f"the provider does not sign with {self.rules.alg} (REACHBOARD_OIDC_ALG)"
            )
        methods = found.get("code_challenge_methods_supported")
        if isinstance(methods, list) and "S256" not in methods:
            raise Refused(Trouble.SETUP, "the provider takes no PKCE with S256")
        return found

    def _fetch_keys(self, url: str, now: float) -> None:
        found = self._ask(url, "keys").get("keys")
        keys = [key for one in found if (key := _key(one)) is not None] if isinstance(found, list) else []
        if not keys:
            raise Refused(Trouble.SETUP, "the provider publishes no key that can be used")
        self._keys, self._keys_at = keys, now

    def _may_refetch(self, now: float) -> bool:
        gained = (now - self._refilled_at) / REFETCH_SECONDS
        self._refetches, self._refilled_at = min(REFETCHES, self._refetches + gained), now
        if self._refetches < 1:
            return False
        self._refetches -= 1
        return True

    def _ask(self, url: str, what: str) -> dict[str, Any]:
        try:
            return web.document(url)
        except (RequestException, ValueError, OSError) as error:
            raise Refused(Trouble.AWAY, f"{what}: {type(error).__name__}") from None


def _key(data: object) -> Key | None:
    """A public key for signatures; None for what is none, such as one that is shared."""
    if not isinstance(data, dict) or data.get("kty") not in ("RSA", "EC", "OKP") or data.get("use") == "enc":
        return None
    if not isinstance(data.get("kid"), str | None):
        return None
    try:
        return JWKRegistry.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
