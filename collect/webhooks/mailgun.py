"""Mailgun's webhooks: one event per request, as JSON, or as a form where they are the old ones.

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    Wrong,
    address,
    collected,
    derived_id,
    elements,
    form,
    is_form,
    without_query,
)
from collect.webhooks.times import seconds

VENDOR = "mailgun"
# Accepted proves no sending: what is suppressed is accepted first. So a delivery or a bounce proves it.
CODES: dict[str, Code] = {
    "accepted": Code("queued"),
    "stored": Code("unrelated"),
    "delivered": Code("delivered", means=("sent", "delivered")),
    "rejected": Code("rejected", reason="other"),
    "failed": Code("bounced", means=("sent", "bounced"), bounce="hard", reason="other"),
    "temporary": Code("deferred", reason="other"),
    "suppressed": Code("bounced", means=("suppressed",), reason="other"),
    "bounced": Code("bounced", means=("sent", "bounced"), bounce="hard", reason="bounced"),
    "dropped": Code("rejected", reason="other"),
    "opened": Code("opened"),
    "clicked": Code("clicked"),
    "unsubscribed": Code("unsubscribed", reason="unsubscribed"),
    "complained": Code("complained", reason="spam"),
}
REASONS: dict[str, str] = {
    "bounce": "bounced",
    "suppress-bounce": "bounced",
    "suppress-complaint": "spam",
    "suppress-unsubscribe": "unsubscribed",
    "old": "timed_out",
    "espblock": "blocked",
    "hardfail": "bounced",
    "generic": "other",
    "greylisted": "other",
}
# The vendor's own codes beside those of SMTP.
NUMBERS: dict[str, str] = {
    "498": "other",
    "499": "timed_out",
    "550": "bounced",
    "605": "bounced",
    "606": "unsubscribed",
    "607": "spam",
}
BLOCKS = ("espblock",)
FORM_FIELDS = frozenset((
    "Message-Id", "X-Mailgun-Sid", "X-Mailgun-Tag", "attachment-count", "body-plain", "campaign-id",
    "campaign-name", "city", "client-name", "client-os", "client-type", "code", "country",
    "custom-variables", "delivery-status", "description", "device-type", "domain", "error", "event",
    "h", "ip", "mailing-list", "message-headers", "message-id", "notification", "reason",
    "recipient", "region", "severity", "signature", "tag", "timestamp", "token", "url",
    "user-agent",
))  # fmt: skip


def read(request: Request) -> Reading:
    """The event of a request; the signature beside it is verified elsewhere."""
    if is_form(request):
        fields = form(VENDOR, request)
        return replace(collected([fields.values], _of_form), delivery_id=fields.maybe("token"))
    found = elements(VENDOR, request)
    signature = found[0].get("signature") if found and isinstance(found[0], dict) else None
    token = Part(signature).maybe("token") if isinstance(signature, dict) else ""
    return replace(collected(found, _of_json), delivery_id=token)


def _of_json(whole: Part) -> Notice:
    event = whole.part("event-data")
    word = event.must("event").lower()
    reason = event.text("reason").lower()
    name = word
    if word == "failed":
        name = "temporary" if event.text("severity").lower() == "temporary" else word
        name = "suppressed" if reason.startswith("suppress-") else name
    code = _code(name)
    at_us = seconds(event.text("timestamp"), "timestamp")
    headers = event.part("message").part("headers")
    message_id = _bracketed(headers.text("message-id"))
    recipient = event.text("recipient") or address(headers.text("to"), "to")
    link = without_query(event.text("url"))
    client = event.part("client-info")
    token = whole.part("signature").text("token")
    return Notice(
        VENDOR,
        code.status,
        _event_id(event, at_us)
        or token
        or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=_bounce(code, reason, event.part("delivery-status").text("code")),
        reason=REASONS.get(reason, code.reason) if word == "failed" else code.reason,
        machine=_machine(client) if word in ("opened", "clicked") else None,
        tags=event.texts("tags"),
        metadata=event.pairs("user-variables"),
        link=link,
        means=code.means,
    )


def _of_form(event: Part) -> Notice:
    word = event.must("event").lower()
    code = _code(word)
    at_us = seconds(event.text("timestamp"), "timestamp")
    message_id = _bracketed(event.text("Message-Id", "message-id"))
    recipient, link = event.text("recipient"), without_query(event.text("url"))
    number = event.text("code")
    reason = NUMBERS.get(number) or REASONS.get(event.text("reason").lower(), code.reason)
    refused = word in ("bounced", "dropped")
    return Notice(
        VENDOR,
        code.status,
        event.text("token") or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=_bounce(code, reason, number) if word == "bounced" else "",
        reason=("bounced" if word == "bounced" else reason) if refused else code.reason,
        machine=by_machine(event.text("user-agent")) if word in ("opened", "clicked") else None,
        tags=event.texts("tag", "X-Mailgun-Tag"),
        metadata=event.rest(FORM_FIELDS),
        link=link,
        means=code.means,
    )


def _code(name: str) -> Code:
    if name not in CODES:
        raise Wrong("event", "a word that the table does not know")
    return CODES[name]


def _bounce(code: Code, reason: str, number: str) -> str:
    """A block where the vendor says so; else hard, but soft for a code of SMTP that is temporary."""
    if not code.bounce:
        return ""
    if reason in BLOCKS:
        return "block"
    return "soft" if number.startswith("4") or reason == "old" else code.bounce


def _event_id(event: Part, at_us: int | None) -> str:
    """The vendor's id, which is unique within a day only, behind the day."""
    name = event.text("id")
    if not name or at_us is None:
        return name
    return f"{datetime.fromtimestamp(at_us // 1_000_000, UTC):%Y%m%d}/{name}"


def _machine(client: Part) -> bool | None:
    return True if client.text("bot") else by_machine(client.text("user-agent"))


def _bracketed(header: str) -> str:
    return header if not header or header.startswith("<") else f"<{header}>"
