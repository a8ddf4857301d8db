"""Braze Currents over HTTP: `{"events": [...]}` or an array, of messages and of what users do in the app.

https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/message_engagement_events
"""

from __future__ import annotations

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import DEVICE, EMAIL, ID, PHONE, Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    Wrong,
    as_texts,
    collected,
    derived_id,
    elements,
    without_query,
)
from collect.webhooks.replies import reply_class
from collect.webhooks.times import seconds

VENDOR = "braze"
MESSAGES, BEHAVIOURS = "users.messages.", "users.behaviors."
_SENT, _ABORTED = Code("sent"), Code("rejected", reason="other")
# By what follows `users.messages.`.
CODES: dict[str, Code] = {
    "email.send": _SENT,
    "email.delivery": Code("delivered"),
    "email.deferral": Code("deferred"),
    "email.open": Code("opened"),
    "email.click": Code("clicked"),
    "email.bounce": Code("bounced", bounce="hard", reason="bounced"),
    "email.softbounce": Code("bounced", bounce="soft", reason="bounced"),
    "email.markasspam": Code("complained", reason="spam"),
    "email.unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "email.abort": _ABORTED,
    "sms.send": Code("queued"),
    "sms.carriersend": _SENT,
    "sms.delivery": Code("delivered"),
    "sms.deliveryfailure": Code("failed", reason="other"),
    "sms.rejection": Code("failed", reason="blocked"),
    "sms.inboundreceive": Code("replied"),
    "sms.shortlinkclick": Code("clicked"),
    "sms.abort": _ABORTED,
    "pushnotification.send": _SENT,
    "pushnotification.open": Code("opened"),
    "pushnotification.bounce": Code("failed", reason="bounced"),
    "pushnotification.iosforeground": Code("unrelated"),
    "pushnotification.influencedopen": Code("unrelated"),
    "pushnotification.abort": _ABORTED,
    "inappmessage.impression": Code("opened", means=("sent", "delivered", "opened")),
    "inappmessage.click": Code("clicked"),
    "inappmessage.abort": _ABORTED,
    "contentcard.send": _SENT,
    "contentcard.impression": Code("opened", means=("delivered", "opened")),
    "contentcard.click": Code("clicked"),
    "contentcard.dismiss": Code("unrelated"),
    "contentcard.abort": _ABORTED,
    "whatsapp.send": _SENT,
    "whatsapp.delivery": Code("delivered"),
    "whatsapp.read": Code("opened"),
    "whatsapp.click": Code("clicked"),
    "whatsapp.failure": Code("failed", reason="other"),
    "whatsapp.inboundreceive": Code("replied"),
    "whatsapp.abort": _ABORTED,
}
CHANNELS: dict[str, tuple[str, str]] = {
    "email": ("email", EMAIL),
    "sms": ("sms", PHONE),
    "whatsapp": ("whatsapp", PHONE),
    "pushnotification": ("push", DEVICE),
    "inappmessage": ("in_app", ID),
    "contentcard": ("in_app", ID),
}
# Changes of what a member agrees to, and the field that says what to.
SUBSCRIPTIONS: dict[str, str] = {
    "subscription.globalstatechange": "subscription_status",
    "subscriptiongroup.statechange": "subscription_status",
}
ADDRESSES = ("email_address", "to_phone_number", "user_phone_number")
CARRIED = (
    "campaign_id", "campaign_name", "canvas_id", "canvas_name", "canvas_step_id", "canvas_variation_id",
    "message_variation_id", "message_variation_name", "send_id", "external_user_id", "message_extras",
)  # fmt: skip


def read(request: Request) -> Reading:
    """Every event of the batch."""
    found = elements(VENDOR, request)
    if len(found) == 1 and isinstance(found[0], dict) and isinstance(found[0].get("events"), list):
        found = found[0]["events"]
    return collected(found, _notice)


def _notice(whole: Part) -> Notice:
    word = whole.must("event_type")
    event = Part({**whole.values, **whole.part("user").values, **whole.part("properties").values})
    name, at_us = whole.text("id"), seconds(whole.text("time"), "time")
    known = word.removeprefix(MESSAGES).removeprefix(BEHAVIOURS).lower()
    if known in SUBSCRIPTIONS:
        return _subscription(known, name, at_us, event)
    if word.startswith(BEHAVIOURS):
        return _behaviour(word, name, at_us, whole)
    if not word.startswith(MESSAGES) or known not in CODES:
        raise Wrong("event_type", "a word that the table does not know")
    return _message(known, name, at_us, event)


def _message(known: str, name: str, at_us: int | None, event: Part) -> Notice:
    code, (channel, address_kind) = CODES[known], CHANNELS[known.partition(".")[0]]
    reply = _reply(event) if code.status == "replied" else ""
    if reply == "stop":
        code = Code("unsubscribed", means=("replied", "opt_out"), reason="unsubscribed")
    recipient, recipient_kind = _recipient(event, address_kind)
    message_id, link = _message_id(channel, event), without_query(event.text("url", "link_url"))
    machine = event.flag("machine_open") or event.flag("is_suspected_bot_click")
    looked = code.status in ("opened", "clicked")
    return Notice(
        VENDOR,
        code.status,
        name or derived_id(event, VENDOR, known, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        recipient_kind,
        channel,
        code.bounce,
        code.reason,
        reply,
        (machine or by_machine(event.text("user_agent"))) if looked else None,
        metadata=_carried(event),
        link=link,
        means=code.means,
    )


def _reply(event: Part) -> str:
    if event.text("action").lower() == "unsubscribed":
        return "stop"
    body = event.values.get("message_body")
    return reply_class(body) if isinstance(body, str) else "other"


def _subscription(known: str, name: str, at_us: int | None, event: Part) -> Notice:
    status = event.must(SUBSCRIPTIONS[known]).lower()
    channel = {"sms": "sms", "whatsapp": "whatsapp"}.get(event.text("channel").lower(), "email")
    recipient, kind = _recipient(event, EMAIL if channel == "email" else PHONE)
    event_id = name or derived_id(event, VENDOR, f"{known}/{status}", "", recipient, at_us, "")
    ended = status == "unsubscribed"
    return Notice(
        VENDOR,
        "unsubscribed" if ended else "subscribed",
        event_id,
        at_us,
        _message_id(channel, event),
        recipient,
        kind,
        channel,
        reason="unsubscribed" if ended else "",
        metadata=_carried(event),
    )


def _behaviour(word: str, name: str, at_us: int | None, whole: Part) -> Notice:
    """Something done in the app: its name is the detail, all that is said of it the metadata."""
    event = Part({**whole.values, **whole.part("user").values, **whole.part("properties").values})
    recipient, kind = _recipient(event, ID)
    detail = word.removeprefix(BEHAVIOURS)
    event_id = name or derived_id(event, VENDOR, detail, event.text("name"), recipient, at_us, "")
    said = as_texts({**whole.part("properties").values, **_carried(event)})
    return Notice(
        VENDOR,
        "behaved",
        event_id,
        at_us,
        "",
        recipient,
        kind,
        "in_app",
        detail=detail,
        metadata=as_texts(said),
    )


def _recipient(event: Part, kind: str) -> tuple[str, str]:
    """The address where it is told; else whom the plan calls so."""
    if kind == DEVICE:
        device = event.text("device_id")
        return (device, DEVICE) if device else (event.text("external_user_id", "user_id"), ID)
    address = "" if kind == ID else event.text(*ADDRESSES)
    return (address, kind) if address else (event.text("external_user_id", "user_id"), ID)


def _message_id(channel: str, event: Part) -> str:
    """A dispatch is one sending to many: with channel and user it is one message."""
    dispatch, user = event.text("dispatch_id"), event.text("external_user_id", "user_id")
    return f"{dispatch}/{channel}/{user}" if dispatch and user else ""


def _carried(event: Part) -> dict[str, str]:
    return as_texts({name: event.values[name] for name in CARRIED if name in event})
