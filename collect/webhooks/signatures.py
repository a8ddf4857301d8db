"""How each vendor proves that a request is its own: raw bytes, constant time, refusals without detail."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit, urlunsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from collect.webhooks.payload import Part, Request, Unreadable, Wrong, elements, form, is_form, pairs_of

WINDOW = 300
_PORTS = {"https": 443, "http": 80}


class Unverified(Exception):
    """The request proves nothing. It never says why: that is for nobody outside to know."""


def sendgrid(request: Request, secrets: Sequence[str], now: float) -> None:
    """ECDSA P-256 over time stamp and raw body, the line break at its end too.

    Secrets: public keys (base64 of DER).
    https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
    """
    stamp = request.header("X-Twilio-Email-Event-Webhook-Timestamp")
    signature = _base64(request.header("X-Twilio-Email-Event-Webhook-Signature"))
    _within(stamp, now)
    signed = stamp.encode() + request.body
    if not any(_p256(key, signature, signed) for key in secrets):
        raise Unverified


def twilio(request: Request, secrets: Sequence[str], now: float) -> None:
    """HMAC-SHA1 over the public URL and the sorted fields of the form; a JSON body is held to `bodySHA256`.

    Secrets: auth tokens. Nothing says when it was signed. https://www.twilio.com/docs/usage/security
    """
    fields: list[tuple[str, str]] = []
    digests = parse_qs(urlsplit(_url(request)).query).get("bodySHA256", [])
    if digests:
        if len(digests) != 1 or not _same(digests[0], sha256(request.body).hexdigest()):
            raise Unverified
    elif request.body:
        fields = _fields(request)
    signed = [_url_and_fields(url, fields, once=True) for url in _with_and_without_port(request.url)]
    _held(request.header("X-Twilio-Signature"), secrets, signed, "sha1")


def mandrill(request: Request, secrets: Sequence[str], now: float) -> None:
    """HMAC-SHA1 over the webhook's URL and the sorted fields of the form; secrets: the webhook's keys.

    Nothing says when it was signed. https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/
    """
    signed = _url_and_fields(_url(request), _fields(request))
    _held(request.header("X-Mandrill-Signature"), secrets, [signed], "sha1")


def mailgun(request: Request, secrets: Sequence[str], now: float) -> None:
    """HMAC-SHA256 over time stamp and token, inside the body; secrets: HTTP webhook signing keys.

    It does not cover the data: whoever sees one request can send another for five minutes, unless its token
    is remembered (`Reading.delivery_id`). https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
    """
    try:
        inside = form("mailgun", request) if is_form(request) else _only(request).part("signature")
        stamp, token, signature = (inside.must(name) for name in ("timestamp", "token", "signature"))
    except (Unreadable, Wrong):
        raise Unverified from None
    _within(stamp, now)
    signed = _bytes(stamp + token)
    _one_of(signature, [hmac.new(_key(key), signed, "sha256").hexdigest() for key in secrets])


def mailersend(request: Request, secrets: Sequence[str], now: float) -> None:
    """HMAC-SHA256 of the raw body, in hexadecimal, in the header `Signature`; secrets: signing secrets.

    Nothing says when it was signed. https://developers.mailersend.com/api/v1/webhooks.html#security
    """
    made = [hmac.new(_key(key), request.body, "sha256").hexdigest() for key in secrets]
    _one_of(request.header("Signature"), made)


def standard(request: Request, secrets: Sequence[str], now: float) -> None:
    """Standard Webhooks: HMAC-SHA256 over id, time stamp and raw body; one of several signatures is enough.

    Secrets (`whsec_` and base64) may be several while they are changed. Resend names its headers `svix-`.
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    kind = "webhook" if request.header("webhook-signature") else "svix"
    name, stamp = request.header(f"{kind}-id"), request.header(f"{kind}-timestamp")
    if not name:
        raise Unverified
    _within(stamp, now)
    signed = _bytes(f"{name}.{stamp}.") + request.body
    keys = [_base64(secret.removeprefix("whsec_")) for secret in secrets]
    made = [base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode() for key in keys]
    listed = request.header(f"{kind}-signature").split(" ")
    given = [one.removeprefix("v1,") for one in listed if one.startswith("v1,")]
    if "" in listed:
        raise Unverified
    if not sum(_same(one, other) for one in given for other in made):
        raise Unverified


def credential(request: Request, secrets: Sequence[str], now: float) -> None:
    """What vendors send that sign nothing: a name and password (a secret with a colon), or a bearer token.

    Name and password, set in the webhook's URL: Postmark (https://postmarkapp.com/developer/webhooks/webhooks-overview),
    Mailjet (https://dev.mailjet.com/email/guides/webhooks/). Either: Brevo (https://developers.brevo.com/docs/secured-webhooks),
    SparkPost (https://developers.sparkpost.com/api/webhooks/). A token: Braze Currents
    (https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/custom_http_connector).
    """
    _one_of(request.header("Authorization"), [_authorization(secret) for secret in secrets])


def _only(request: Request) -> Part:
    """The one object of a body that carries its own signature."""
    found = elements("mailgun", request)
    if len(found) != 1 or not isinstance(found[0], dict):
        raise Unverified
    return Part(found[0])


def _authorization(secret: str) -> str:
    _key(secret)
    return f"Basic {base64.b64encode(_bytes(secret)).decode()}" if ":" in secret else f"Bearer {secret}"


def _held(given: str, secrets: Iterable[str], signed: list[bytes], digest: str) -> None:
    made = [hmac.new(_key(key), one, digest).digest() for key in secrets for one in signed]
    _one_of(given, [base64.b64encode(one).decode() for one in made])


def _one_of(given: str, made: Iterable[str]) -> None:
    """Compare with every one, so that the time tells nothing."""
    if not sum(_same(given, one) for one in made):
        raise Unverified


def _fields(request: Request) -> list[tuple[str, str]]:
    if not is_form(request):
        raise Unverified
    try:
        return pairs_of("form", request)
    except Unreadable:
        raise Unverified from None


def _url_and_fields(url: str, fields: list[tuple[str, str]], once: bool = False) -> bytes:
    """A field that comes twice with the same value is signed once by Twilio."""
    ordered = sorted(set(fields)) if once else sorted(fields)
    return _bytes(url + "".join(name + value for name, value in ordered))


def _with_and_without_port(url: str) -> list[str]:
    """The URL as given, and with the scheme's own port added or left out: either may have been signed."""
    try:
        split = urlsplit(url)
        own = _PORTS.get(split.scheme)
        if own is None or split.port not in (None, own):
            return [url]
    except ValueError:
        raise Unverified from None
    host = split.netloc.removesuffix(f":{own}")
    other = f"{host}:{own}" if split.port is None else host
    return [url, urlunsplit(split._replace(netloc=other))]


def _url(request: Request) -> str:
    try:
        urlsplit(request.url)
    except ValueError:
        raise Unverified from None
    return request.url


def _within(stamp: str, now: float) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(now - int(stamp)) > WINDOW:
        raise Unverified


def _p256(key: str, signature: bytes, signed: bytes) -> bool:
    try:
        public = load_der_public_key(_base64(key))
        if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
            return False
        public.verify(signature, signed, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _base64(text: str) -> bytes:
    """The bytes of base64 in its one proper spelling."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unverified from None
    if not found or base64.b64encode(found).decode() != text:
        raise Unverified
    return found


def _key(secret: str) -> bytes:
    """A secret's bytes; with an empty one anybody could sign."""
    if not secret:
        raise Unverified
    return _bytes(secret)


def _same(given: str, made: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(made))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
