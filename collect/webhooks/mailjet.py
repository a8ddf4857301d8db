"""Mailjet's Event API: one event per request, or an array where events are grouped.

https://dev.mailjet.com/email/guides/webhooks/
"""

from __future__ import annotations

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    collected,
    derived_id,
    elements,
    known,
    without_query,
)
from collect.webhooks.times import seconds

VENDOR = "mailjet"
# "Sent" is told when the receiving server has accepted: it is both our sent and our delivered.
CODES: dict[str, Code] = {
    "sent": Code("delivered", means=("sent", "delivered")),
    "open": Code("opened"),
    "click": Code("clicked"),
    "bounce": Code("bounced", means=("sent", "bounced"), bounce="soft", reason="bounced"),
    "greylisted": Code("deferred", reason="other"),
    "blocked": Code("rejected", reason="blocked"),
    "spam": Code("complained", reason="spam"),
    "unsub": Code("unsubscribed", reason="unsubscribed"),
}
# The field `error` of bounces and blocks.
ERRORS: dict[str, str] = {
    "user unknown": "bounced",
    "mailbox inactive": "bounced",
    "quota exceeded": "bounced",
    "blacklisted": "blocked",
    "spam reporter": "spam",
    "invalid domain": "bounced",
    "no mail host": "bounced",
    "relay/access denied": "bounced",
    "greylisted": "other",
    "typofix": "invalid",
    "bad or empty template": "other",
    "error in template language": "other",
    "sender blocked": "blocked",
    "content blocked": "blocked",
    "policy issue": "blocked",
    "system issue": "other",
    "protocol issue": "other",
    "connection issue": "other",
    "preblocked": "blocked",
    "duplicate in campaign": "other",
}


def read(request: Request) -> Reading:
    """Every event of the request."""
    return collected(elements(VENDOR, request), _notice)


def _notice(event: Part) -> Notice:
    word, error = event.must("event").lower(), event.text("error").lower()
    code = known(CODES, "greylisted" if word == "bounce" and error == "greylisted" else word, "event")
    reason = ERRORS.get(error, code.reason) if word in ("bounce", "blocked") else code.reason
    at_us = seconds(event.text("time"), "time")
    message_id, recipient = event.text("MessageID", "mj_message_id"), event.text("email")
    link = without_query(event.text("url"))
    return Notice(
        VENDOR,
        code.status,
        derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=_bounce(code, event, reason),
        reason=reason,
        machine=by_machine(event.text("agent")) if word in ("open", "click") else None,
        tags=event.texts("customcampaign"),
        metadata=event.pairs("Payload"),
        link=link,
        means=code.means,
    )


def _bounce(code: Code, event: Part, reason: str) -> str:
    if not code.bounce:
        return ""
    if reason in ("blocked", "spam"):
        return "block"
    return "hard" if event.flag("hard_bounce") else "soft"
