"""An identity provider of the tests' own on loopback, which tells the truth until a test has it lie."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.serving import make_server

CLIENT, SECRET, AUDIENCE = (
    "reachboard",
    "a-secret-of-tests-with-forty-characters!",
    "https://reachboard.example/api",
)
Claims = dict[str, Any]
Lie = Callable[[Claims], Claims]


def key(kid: str | None = "one") -> RSAKey:
    made: RSAKey = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", **({"kid": kid} if kid else {})})
    return made


FIRST, SECOND = key("one"), key("two")


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """What it says of itself and of people. A test changes a part, and `reset` brings the truth back."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.reset()

    def reset(self) -> None:
        self.signing: Any = FIRST
        self.published: list[Any] = [FIRST.as_dict(private=False)]
        self.header: Claims = {"alg": "RS256", "kid": "one"}
        self.lie: Lie = lambda claims: claims
        self.userinfo: Claims | None = None
        self.metadata: Claims = {}
        self.away: set[str] = set()
        self.answer: Claims = {}
        self.token: Claims = {}
        self.spoil: Callable[[str], str] = lambda token: token
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.person: Claims = {
            "sub": "ada", "name": "Ada Lovelace", "email": "ada@plan.example", "email_verified": True,
            "roles": ["analyst"], "sid": "session-of-ada",
        }  # fmt: skip

    def signed(self, claims: Claims, **header: Any) -> str:
        """A token of these claims, as this provider signs now."""
        head = {name: one for name, one in {**self.header, **header}.items() if one is not None}
        body = ".".join(encoded(json.dumps(one).encode()) for one in (head, claims))
        if head["alg"] == "none":
            return f"{body}."
        if head["alg"] == "HS256":
            return f"{body}.{encoded(hmac.digest(self.signing, body.encode(), 'sha256'))}"
        algorithm = JWSRegistry.algorithms[head["alg"]]
        return self.spoil(f"{body}.{encoded(algorithm.sign(body.encode(), self.signing))}")

    def claims(self, **more: Any) -> Claims:
        now = int(time.time())
        return {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **more}

    def id_token(self, nonce: str) -> str:
        # half of the hash of the access token that goes with it
        half = hashlib.sha256(b"an-access-token").digest()[:16]
        told = {name: one for name, one in self.person.items() if one is not None}
        return self.signed(self.lie(self.claims(nonce=nonce, at_hash=encoded(half), **told)))

    def logout_token(self, **changes: Any) -> str:
        header = changes.pop("header", {})
        claims = self.claims(
            sub="ada", sid="session-of-ada", jti=encoded(time.time_ns().to_bytes(9, "big")),
            events={"http://schemas.openid.net/event/backchannel-logout": {}},
        )  # fmt: skip
        claims = {name: one for name, one in {**claims, **changes}.items() if one is not None}
        return self.signed(claims, **{"typ": "logout+jwt", **header})

    def access_token(self, **changes: Any) -> str:
        header = changes.pop("header", {})
        claims = self.claims(sub="sync", client_id="sync", jti="one", roles=["analyst"])
        claims = {
            name: one for name, one in {**claims, "aud": AUDIENCE, **changes}.items() if one is not None
        }
        return self.signed(claims, **{"typ": "at+jwt", **header})


def app_of(provider: Provider) -> Flask:
    server = Flask("hostile")

    @server.before_request
    def note() -> Response | None:
        provider.asked.append(request.path)
        return Response(status=503) if request.path in provider.away else None

    @server.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        told = {
            "issuer": provider.url,
            "authorization_endpoint": f"{provider.url}/authorize",
            "token_endpoint": f"{provider.url}/token",
            "userinfo_endpoint": f"{provider.url}/userinfo",
            "jwks_uri": f"{provider.url}/jwks",
            "end_session_endpoint": f"{provider.url}/logout",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "RS384", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
        }
        told = {**told, **provider.metadata}
        return jsonify({name: one for name, one in told.items() if one is not None})

    @server.get("/jwks")
    def jwks() -> Response:
        return jsonify(keys=provider.published)

    @server.post("/token")
    def token() -> Response | tuple[Response, int]:
        known = provider.codes.pop(request.form["code"], None)
        challenge = encoded(hashlib.sha256(request.form["code_verifier"].encode()).digest())
        proven = request.authorization is not None and request.authorization.password == SECRET
        if known is None or not proven or known["code_challenge"] != challenge:
            return jsonify(error="invalid_grant"), 400
        told = {
            "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 300,
            "id_token": provider.id_token(known["nonce"]), **provider.token,
        }  # fmt: skip
        return jsonify({name: one for name, one in told.items() if one is not None})

    @server.get("/userinfo")
    def userinfo() -> Response:
        return jsonify(provider.userinfo)

    return server


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port."""
    holder: list[Provider] = []
    made = make_server("127.0.0.1", 0, Flask("empty"), threaded=True)
    holder.append(Provider(f"http://127.0.0.1:{made.server_port}"))
    made.app = app_of(holder[0])
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield holder[0]
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


def begun(provider: Provider, client: FlaskClient, going: str = "/") -> dict[str, str]:
    """Begin to sign in; what the browser brings back from the provider, which gave it a code."""
    there = client.get("/sign-in/start", query_string={"next": going})
    assert there.status_code == 303, there.text
    asked = {name: one[0] for name, one in parse_qs(urlsplit(there.headers["Location"]).query).items()}
    code = f"code-{len(provider.asked)}-{time.time_ns()}"
    provider.codes[code] = asked
    answer = {"code": code, "state": asked["state"], "iss": provider.url, **provider.answer}
    return {name: one for name, one in answer.items() if one is not None}


def signed_in(provider: Provider, client: FlaskClient, going: str = "/") -> Any:
    """Go the whole way; the answer to the last step."""
    return client.get("/sign-in/back", query_string=begun(provider, client, going))
