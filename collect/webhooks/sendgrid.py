"""SendGrid's Event Webhook: a JSON array of events; custom arguments stand beside the vendor's own fields.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

from dataclasses import replace

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

VENDOR = "sendgrid"
# Processed is the vendor's word for handing over: what it drops is never processed.
CODES: dict[str, Code] = {
    "processed": Code("queued", means=("sent",)),
    "deferred": Code("deferred"),
    "delivered": Code("delivered"),
    "bounce": Code("bounced", bounce="hard", reason="bounced"),
    "blocked": Code("bounced", bounce="block", reason="blocked"),
    "expired": Code("bounced", bounce="soft", reason="timed_out"),
    "dropped": Code("rejected", reason="other"),
    "open": Code("opened"),
    "click": Code("clicked"),
    "spamreport": Code("complained", reason="spam"),
    "unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "group_unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "group_resubscribe": Code("subscribed"),
    "account_status_change": Code("unrelated"),
}
# The field `type` of a bounce says which it is.
TYPES = ("bounce", "blocked", "expired")
DROPPED: dict[str, str] = {
    "invalid": "invalid",
    "invalid smtpapi header": "other",
    "unsubscribed address": "unsubscribed",
    "group unsubscribe": "unsubscribed",
    "bounced address": "bounced",
    "spam reporting address": "spam",
    "spam content": "blocked",
    "recipient list over package quota": "other",
}
OWN = frozenset((
    "asm_group_id", "asm_group_name", "attempt", "automation_id", "bounce_classification",
    "category", "cert_err", "contact_id", "domain", "email", "event", "from", "ip",
    "marketing_campaign_id", "marketing_campaign_name", "marketing_campaign_split_id",
    "marketing_campaign_version", "mc_auto_name", "mc_pod_id", "mc_stats", "newsletter",
    "nlvx_campaign_id", "nlvx_campaign_split_id", "nlvx_user_id", "phase_id", "pool", "post_type",
    "reason", "response", "send_at", "sg_content_type", "sg_event_id", "sg_machine_open",
    "sg_message_id", "sg_template_id", "sg_template_name", "sg_user_id", "singlesend_id",
    "singlesend_name", "smtp-id", "status", "template_hash", "template_id", "template_version_id",
    "timestamp", "tls", "type", "unique_args", "url", "url_offset", "useragent",
))  # fmt: skip


def read(request: Request) -> Reading:
    """Every event of the array."""
    return collected(elements(VENDOR, request), _notice)


def _notice(event: Part) -> Notice:
    word = event.must("event").lower()
    kind = event.text("type").lower()
    code = known(CODES, kind if word == "bounce" and kind in TYPES else word, "event")
    if word == "dropped":
        code = replace(code, reason=DROPPED.get(event.text("reason").lower(), "other"))
    at_us = seconds(event.text("timestamp"), "timestamp")
    message_id, recipient = _message_id(event), event.text("email")
    link = without_query(event.text("url"))
    machine = event.flag("sg_machine_open")
    return Notice(
        VENDOR,
        code.status,
        event.text("sg_event_id") or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=(machine or by_machine(event.text("useragent"))) if word in ("open", "click") else None,
        tags=event.texts("category"),
        metadata={**event.pairs("unique_args"), **event.rest(OWN)},
        header_id=event.text("smtp-id"),
        link=link,
        means=code.means,
    )


def _message_id(event: Part) -> str:
    """The vendor's id of the message, without the tail that every event of it has another of."""
    whole = event.text("sg_message_id")
    head = whole.split(".filter", 1)[0].split(".recvd", 1)[0]
    if whole.startswith("filter"):
        head = ""
    header = event.text("smtp-id")
    return head or header.strip("<>").split("@", 1)[0] or whole
