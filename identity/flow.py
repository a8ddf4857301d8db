"""The authorization code flow with PKCE: the way to the provider, and what comes back from it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from requests import RequestException, Session

from identity import web
from identity.claims import Person, found, name_of, person
from identity.provider import Provider
from identity.tokens import LEEWAY_SECONDS, check, opened, untrusted
from identity.trouble import Refused, Trouble

# Ways to prove a client by its secret, in the order in which they are preferred.
PROOFS = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back. All its secrets follow from `seed`, which a cookie holds."""

    seed: str

    @classmethod
    def new(cls) -> Attempt:
        return cls(secrets.token_urlsafe(24))

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        return self._derived("verifier")

    def _derived(self, what: str) -> str:
        made = hmac.digest(self.seed.encode(), what.encode(), hashlib.sha256)
        return urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(frozen=True)
class Arrived:
    """Who came back from the provider, the id of the session there, and its word for the sign-out."""

    person: Person
    provider_session: str
    id_token: str


@dataclass(frozen=True)
class Client:
    """This app at its provider; `back` is where people return to."""

    provider: Provider
    secret: str | None
    back: str

    def way_there(self, attempt: Attempt, step_up: bool = False) -> str:
        """The address at the provider where somebody signs in; with `step_up` anew, by a second factor."""
        metadata = self.provider.metadata()
        rules = self.provider.rules
        more: dict[str, str] = {}
        if step_up:
            more["prompt"] = "login"
            if rules.admin_acr:
                more["acr_values"] = " ".join(rules.admin_acr)
        with self._session(metadata) as session:
            address, _ = session.create_authorization_url(
                str(metadata["authorization_endpoint"]),
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
                **more,
            )
        return str(address)

    def came_back(self, said: Mapping[str, str], attempt: Attempt) -> Arrived:
        """Who came back with an answer whose state is this attempt's; `Refused` where they are not let in."""
        metadata = self.provider.metadata()
        self._check_sender(said, metadata)
        if "error" in said:
            raise Refused(Trouble.DENIED, f"the provider says {_word(said['error'])}")
        if not said.get("code"):
            raise untrusted("the answer holds no code")
        token = self._exchanged(said["code"], attempt, metadata)
        claims = self._identity(token, attempt)
        whole = self._with_userinfo(claims, token, metadata)
        try:
            somebody = person(whole, self.provider.rules)
        except Refused as refused:
            raise refused.of(name_of(whole)) from None
        sid = claims.get("sid")
        return Arrived(somebody, sid if isinstance(sid, str) else "", str(token["id_token"]))

    def _check_sender(self, said: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """RFC 9207, before the code is shown to anybody: the answer must be of the issuer that was asked."""
        announced = metadata.get("authorization_response_iss_parameter_supported") is True
        if "iss" not in said and not announced:
            return
        if said.get("iss") != self.provider.rules.issuer:
            raise untrusted("the answer names no issuer, or another (RFC 9207)")

    def _exchanged(self, code: str, attempt: Attempt, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            with self._session(metadata) as session:
                token = session.fetch_token(
                    str(metadata["token_endpoint"]),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    redirect_uri=self.back,
                )
        except AuthlibBaseError as error:
            raise Refused(Trouble.UNTRUSTED, f"the code was refused: {_word(error.error)}") from None
        except (RequestException, OSError) as error:
            raise Refused(Trouble.AWAY, f"token: {type(error).__name__}") from None
        except ValueError:
            raise untrusted("the answer to the code cannot be read") from None
        if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
            raise untrusted("there is no ID token")
        return token

    def _identity(self, token: Mapping[str, Any], attempt: Attempt) -> dict[str, Any]:
        rules = self.provider.rules
        header, claims = opened(token["id_token"], self.provider)
        check(claims, rules.issuer, rules.client_id, ("iss", "sub", "aud", "exp", "iat", "nonce"))
        params = {"nonce": attempt.nonce, "client_id": rules.client_id}
        if isinstance(token.get("access_token"), str):
            params["access_token"] = token["access_token"]
        try:
            CodeIDToken(claims, header, {}, params).validate(leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise untrusted(f"the ID token: {type(error).__name__}") from None
        return claims

    def _with_userinfo(
        self, claims: dict[str, Any], token: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The claims, with those that the ID token lacks from where the provider tells the rest."""
        rules = self.provider.rules
        wanted = [
            name for name in (rules.role_claim, rules.programs_claim, rules.lines_claim, "name") if name
        ]
        where = metadata.get("userinfo_endpoint")
        if where is None or all(found(claims, name) is not None for name in wanted):
            return claims
        told = self._userinfo(str(where), token)
        if told.get("sub") != claims["sub"]:
            raise untrusted("userinfo is about somebody else")
        return {**told, **claims}

    def _userinfo(self, where: str, token: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token.get('access_token')}", "Accept": "application/json"}
        try:
            with web.careful(Session()) as session:
                answer = session.get(where, headers=headers)
                told = answer.json() if answer.status_code == 200 else None
        except (RequestException, OSError) as error:
            raise Refused(Trouble.AWAY, f"userinfo: {type(error).__name__}") from None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise untrusted("userinfo cannot be read")
        return told

    def _session(self, metadata: Mapping[str, Any]) -> OAuth2Session:
        rules = self.provider.rules
        offered = metadata.get("token_endpoint_auth_methods_supported")
        proof = next((one for one in PROOFS if not isinstance(offered, list) or one in offered), PROOFS[0])
        session = OAuth2Session(
            rules.client_id,
            self.secret,
            scope=" ".join(rules.scopes),
            redirect_uri=self.back,
            code_challenge_method="S256",
            token_endpoint_auth_method=proof if self.secret else "none",
        )
        web.careful(session)
        return session


def _word(said: object) -> str:
    """An error's code as the log may hold it."""
    words = str(said)
    return (
        words
        if words.isascii() and words.replace("_", "").isalnum() and len(words) < 60
        else "something else"
    )
