"""Signed requests of every scheme: the vendors' vectors where there are any, own keys elsewhere."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509.oid import NameOID

from collect.webhooks import signatures, sns
from collect.webhooks.payload import Request

NOW = 1_795_000_000.0
FORM = "application/x-www-form-urlencoded"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail-events"
CERTIFICATE_URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"


@dataclass(frozen=True)
class Claim:
    """What proves a request, part by part, so that each can be changed; `build` makes the request."""

    parts: dict[str, str]
    build: Callable[[dict[str, str]], Request]
    verify: sns.Verify
    now: float = NOW

    def check(self, parts: dict[str, str] | None = None, now: float | None = None) -> None:
        used = self.parts if parts is None else parts
        self.verify(self.build(used), [used["secret"]], self.now if now is None else now)

    def mutated(self, rng: Random) -> dict[str, str]:
        name = rng.choice(sorted(self.parts))
        return {**self.parts, name: changed(rng, self.parts[name])}


def changed(rng: Random, text: str) -> str:
    """The text with one character put in, taken out, or made another."""
    while True:
        place, sign = rng.randrange(len(text) + 1), rng.choice("aZ09+/=. ,:&%\r\n\tüé{}\"'")
        kind = rng.choice(("insert", "delete", "replace", "turn"))
        made = {
            "insert": text[:place] + sign + text[place:],
            "delete": text[:place] + text[place + 1 :],
            "replace": text[:place] + sign + text[place + 1 :],
            "turn": text[:place] + text[place : place + 1].swapcase() + text[place + 1 :],
        }[kind]
        if made != text:
            return made


def sendgrid(key: str, stamp: str, signature: str, body: str, now: float) -> Claim:
    def build(parts: dict[str, str]) -> Request:
        headers = {
            "X-Twilio-Email-Event-Webhook-Timestamp": parts["stamp"],
            "X-Twilio-Email-Event-Webhook-Signature": parts["signature"],
        }
        return Request(parts["body"].encode(), headers)

    parts = {"secret": key, "stamp": stamp, "signature": signature, "body": body}
    return Claim(parts, build, signatures.sendgrid, now)


def own_sendgrid() -> Claim:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    stamp, body = str(int(NOW)), '[{"event": "open"}]\r\n'
    signature = key.sign((stamp + body).encode(), ec.ECDSA(SHA256()))
    return sendgrid(coded(public), stamp, coded(signature), body, NOW)


def coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def twilio_form(token: str, url: str, fields: dict[str, str], signature: str) -> Claim:
    return _signed_form(token, url, fields, signature, "X-Twilio-Signature", signatures.twilio)


def own_mandrill() -> Claim:
    url, fields = "https://plan.example/hooks/mandrill", {"mandrill_events": '[{"event":"send"}]'}
    signed = (url + "mandrill_events" + fields["mandrill_events"]).encode()
    signature = coded(hmac.new(b"own key", signed, "sha1").digest())
    return _signed_form("own key", url, fields, signature, "X-Mandrill-Signature", signatures.mandrill)


def _signed_form(
    secret: str, url: str, fields: dict[str, str], signature: str, header: str, verify: sns.Verify
) -> Claim:
    names = list(fields)

    def build(parts: dict[str, str]) -> Request:
        pairs = [(parts[f"name {name}"], parts[f"value {name}"]) for name in names]
        headers = {"Content-Type": FORM, header: parts["signature"]}
        return Request(urlencode(pairs).encode(), headers, parts["url"])

    said = {f"name {name}": name for name in names} | {f"value {name}": fields[name] for name in names}
    return Claim({"secret": secret, "url": url, "signature": signature, **said}, build, verify)


def twilio_json(token: str, body: str, digest: str) -> Claim:
    url = f"https://mycompany.com/myapp.php?bodySHA256={digest}"
    signature = coded(hmac.new(token.encode(), url.encode(), "sha1").digest())

    def build(parts: dict[str, str]) -> Request:
        headers = {"Content-Type": "application/json", "X-Twilio-Signature": parts["signature"]}
        return Request(parts["body"].encode(), headers, parts["url"])

    return Claim(
        {"secret": token, "url": url, "signature": signature, "body": body}, build, signatures.twilio
    )


def standard(secret: str, name: str, stamp: str, body: str, signature: str, now: float, kind: str) -> Claim:
    def build(parts: dict[str, str]) -> Request:
        headers = {f"{kind}-id": parts["id"], f"{kind}-timestamp": parts["stamp"]}
        return Request(parts["body"].encode(), {**headers, f"{kind}-signature": parts["signature"]})

    parts = {"secret": secret, "id": name, "stamp": stamp, "body": body, "signature": signature}
    return Claim(parts, build, signatures.standard, now)


def own_svix() -> Claim:
    key, stamp, body = b"another key of the tests", str(int(NOW)), '{"type": "email.sent"}'
    signature = coded(hmac.new(key, f"msg_1.{stamp}.{body}".encode(), "sha256").digest())
    return standard(f"whsec_{coded(key)}", "msg_1", stamp, body, f"v1,{signature}", NOW, "svix")


def own_mailgun() -> Claim:
    stamp, token = str(int(NOW)), "0123456789" * 5
    signature = hmac.new(b"own signing key", (stamp + token).encode(), sha256).hexdigest()

    def build(parts: dict[str, str]) -> Request:
        signed = {name: parts[name] for name in ("timestamp", "token", "signature")}
        body = json.dumps({"signature": signed, "event-data": {"event": "opened"}})
        return Request(body.encode(), {"Content-Type": "application/json"})

    parts = {"secret": "own signing key", "timestamp": stamp, "token": token, "signature": signature}
    return Claim(parts, build, signatures.mailgun)


def own_mailersend() -> Claim:
    body = '{"type": "activity.sent", "data": {}}'
    signature = hmac.new(b"own secret", body.encode(), sha256).hexdigest()
    parts = {"secret": "own secret", "body": body, "signature": signature}
    return Claim(
        parts,
        lambda parts: Request(parts["body"].encode(), {"Signature": parts["signature"]}),
        signatures.mailersend,
    )


def own_password() -> Claim:
    return _credential("hooks:a long password", f"Basic {coded(b'hooks:a long password')}")


def own_token() -> Claim:
    return _credential("a-long-token", "Bearer a-long-token")


def _credential(secret: str, header: str) -> Claim:
    return Claim(
        {"secret": secret, "header": header},
        lambda parts: Request(b"[]", {"Authorization": parts["header"]}),
        signatures.credential,
    )


class Authority:
    """A key and a certificate like those of Amazon SNS, and how often the certificate was asked for."""

    def __init__(self, name: str = "sns.amazonaws.com", days: int = 365) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        since = datetime.fromtimestamp(NOW, UTC) - timedelta(days=1)
        made = x509.CertificateBuilder(named, named, self.key.public_key(), x509.random_serial_number())
        signed = made.not_valid_before(since).not_valid_after(since + timedelta(days=days))
        certificate = signed.sign(self.key, SHA256())
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return self.pem if url == CERTIFICATE_URL else b""

    def envelope(self, version: str = "2", **values: str) -> dict[str, str]:
        stamp = datetime.fromtimestamp(NOW, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        envelope = {
            "Type": "Notification",
            "MessageId": "00000000-0000-4000-8000-000000000001",
            "TopicArn": TOPIC,
            "Message": '{"eventType": "Send", "mail": {"destination": ["member1@example.com"]}}',
            "Timestamp": stamp,
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
            **values,
        }
        hashed = SHA1() if version == "1" else SHA256()
        signature = self.key.sign(sns.string_to_sign(envelope), padding.PKCS1v15(), hashed)
        return {**envelope, "Signature": coded(signature)}

    def claim(self, version: str = "2", **values: str) -> Claim:
        def build(parts: dict[str, str]) -> Request:
            envelope = {name: value for name, value in parts.items() if name != "secret"}
            return Request(json.dumps(envelope).encode(), {"Content-Type": "text/plain; charset=UTF-8"})

        parts = {"secret": TOPIC, **self.envelope(version, **values)}
        return Claim(parts, build, sns.verifier(self.fetch))
