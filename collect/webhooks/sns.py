"""Amazon SNS: the envelope around a message, its signature, and which hosts are the vendor's own.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate
from cryptography.x509.oid import NameOID

from collect.webhooks.payload import Part, Request, Unreadable, Wrong, parsed
from collect.webhooks.signatures import Unverified
from collect.webhooks.times import SECOND, iso

Fetch = Callable[[str], bytes]
Verify = Callable[[Request, Sequence[str], float], None]
# The time stamp is that of the first try and stays the same for an hour of tries.
WINDOW = 3_900
KEPT = 16
HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?", re.ASCII)
CERTIFICATE = re.compile(
    rf"https://{HOST.pattern}/SimpleNotificationService-[0-9A-Za-z]{{1,64}}\.pem", re.ASCII
)
NAME = re.compile(r"sns[a-z-]*(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?", re.ASCII)
HASHES = {"1": SHA1, "2": SHA256}
CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
ABOUT = ("SigningCertURL", "Signature", "SignatureVersion")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        CONFIRMATIONS, ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    ),
}


def verifier(fetch: Fetch) -> Verify:
    """Verify envelopes; `fetch(url)` gives a certificate (PEM) and is asked once per address.

    Secrets are the ARNs of our topics: everybody can have a topic of their own signed. What `fetch` raises
    goes through, so that the vendor is asked to try again.
    """
    kept: dict[str, Certificate] = {}

    def verify(request: Request, topics: Sequence[str], now: float) -> None:
        envelope = _envelope(request)
        if envelope["TopicArn"] not in topics or abs(now - _stamp(envelope)) > WINDOW:
            raise Unverified
        url = envelope["SigningCertURL"]
        if CERTIFICATE.fullmatch(url) is None:
            raise Unverified
        signature = _signature(envelope)
        if url not in kept:
            certificate = _certificate(fetch(url))
            if len(kept) >= KEPT:
                kept.clear()
            kept[url] = certificate
        _check(kept[url], envelope, signature, now)

    return verify


def own_address(url: str) -> bool:
    """Whether an address is https at the vendor's own host, without port, name or password."""
    try:
        split = urlsplit(url)
        return split.scheme == "https" and HOST.fullmatch(split.netloc) is not None
    except ValueError:
        return False


def confirmation(envelope: Part) -> str:
    """The address that confirms a subscription; refused where it is not the vendor's own."""
    url = envelope.must("SubscribeURL")
    if not own_address(url):
        raise Wrong("SubscribeURL", "is not at the vendor's own host")
    return url


def string_to_sign(envelope: dict[str, str]) -> bytes:
    """Names and values of the signed fields, a line each, in the vendor's order."""
    names = [name for name in SIGNED[envelope["Type"]] if name in envelope]
    return "".join(f"{name}\n{envelope[name]}\n" for name in names).encode("utf-8", "surrogatepass")


def _envelope(request: Request) -> dict[str, str]:
    try:
        whole = parsed("sns", request.body)
    except Unreadable:
        raise Unverified from None
    if not isinstance(whole, dict):
        raise Unverified
    envelope = {name: value for name, value in whole.items() if isinstance(value, str)}
    signed = SIGNED.get(envelope.get("Type", ""), ())
    if not signed or {*signed, *ABOUT} - {"Subject"} - set(envelope):
        raise Unverified
    if whole.get("Subject") is not None and "Subject" not in envelope:
        raise Unverified
    return envelope


def _stamp(envelope: dict[str, str]) -> float:
    try:
        return (iso(envelope["Timestamp"], "Timestamp") or 0) / SECOND
    except Wrong:
        raise Unverified from None


def _signature(envelope: dict[str, str]) -> bytes:
    try:
        signature = base64.b64decode(envelope["Signature"], validate=True)
    except (binascii.Error, ValueError):
        raise Unverified from None
    if base64.b64encode(signature).decode() != envelope["Signature"]:
        raise Unverified
    return signature


def _certificate(pem: bytes) -> Certificate:
    try:
        return load_pem_x509_certificate(pem)
    except ValueError:
        raise Unverified from None


def _check(certificate: Certificate, envelope: dict[str, str], signature: bytes, now: float) -> None:
    try:
        moment = datetime.fromtimestamp(now, UTC)
        names = [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        key = certificate.public_key()
        hashed = HASHES[envelope["SignatureVersion"]]
        valid = certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc
        if not (valid and isinstance(key, RSAPublicKey) and any(NAME.fullmatch(name) for name in names)):
            raise Unverified
        key.verify(signature, string_to_sign(envelope), PKCS1v15(), hashed())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError, OverflowError):
        raise Unverified from None
