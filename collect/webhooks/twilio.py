"""Twilio's callbacks, as forms: the status of a text, what a member answers, and the status of a call.

https://www.twilio.com/docs/messaging/guides/track-outbound-message-status,
https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from collect.webhooks.notice import PHONE, Code, Notice, Reading, derived
from collect.webhooks.payload import Part, Request, Unreadable, Wrong, as_texts, collected, form, is_form
from collect.webhooks.replies import reply_class
from collect.webhooks.times import rfc

VENDOR = "twilio"
MESSAGES: dict[str, Code] = {
    "accepted": Code("queued"),
    "scheduled": Code("queued"),
    "queued": Code("queued"),
    "sending": Code("queued"),
    "sent": Code("sent"),
    "delivered": Code("delivered"),
    "partially_delivered": Code("delivered"),
    "read": Code("opened"),
    "undelivered": Code("failed", reason="other"),
    "failed": Code("failed", reason="other"),
    "canceled": Code("rejected", reason="other"),
}
# `ErrorCode` of texts that failed; the code itself becomes the detail.
ERRORS: dict[str, str] = {
    "21211": "invalid",
    "21610": "unsubscribed",
    "21614": "invalid",
    "30001": "timed_out",
    "30003": "bounced",
    "30004": "blocked",
    "30005": "invalid",
    "30006": "invalid",
    "30007": "spam",
    "30410": "timed_out",
}
# Refused for the member's own opt-out, so it was never sent.
OPTED_OUT = "21610"
CALLS: dict[str, Code] = {
    "queued": Code("queued"),
    "initiated": Code("attempted"),
    "ringing": Code("queued"),
    "in-progress": Code("queued"),
    "completed": Code("answered"),
    "busy": Code("no_answer"),
    "no-answer": Code("no_answer"),
    "canceled": Code("no_answer"),
    "failed": Code("failed", means=("attempted", "failed"), reason="other"),
}
# `AnsweredBy`, where answering machines are detected.
ANSWERED_BY: dict[str, str] = {
    "human": "answered",
    "unknown": "answered",
    "fax": "no_answer",
    "machine_start": "voicemail",
    "machine_end_beep": "voicemail",
    "machine_end_silence": "voicemail",
    "machine_end_other": "voicemail",
}
# What a member's text does. A stop is a reply and an opt-out at once.
STOP = Code("unsubscribed", means=("replied", "opt_out"), reason="unsubscribed")
START = Code("subscribed")
WHATSAPP = "whatsapp:"


def read(request: Request) -> Reading:
    """The one thing that a callback says. Arguments in the callback's URL are the sender's own."""
    if not is_form(request):
        raise Unreadable(f"{VENDOR}: the body is no form")
    fields = form(VENDOR, request)
    said = collected([fields.values], _notice)
    own = _own(request)
    return replace(said, notices=tuple(replace(one, metadata=own) for one in said.notices))


def _notice(event: Part) -> Notice:
    if "CallSid" in event:
        return _call(event)
    if "MessageSid" not in event and "SmsSid" not in event:
        raise Wrong("MessageSid", "is missing")
    if event.text("SmsStatus").lower() == "received" or ("Body" in event and "MessageStatus" not in event):
        return _reply(event)
    return _status(event)


def _status(event: Part) -> Notice:
    word, error = event.text("MessageStatus", "SmsStatus").lower(), event.text("ErrorCode")
    if word not in MESSAGES:
        raise Wrong("MessageStatus", "a word that the table does not know")
    code, name = MESSAGES[word], event.text("MessageSid", "SmsSid")
    if error == OPTED_OUT:
        code = Code("rejected")
    failed = code.status in ("failed", "rejected")
    channel, recipient = _who(event.text("To"))
    return Notice(
        VENDOR,
        code.status,
        derived(VENDOR, word, name),
        None,
        name,
        recipient,
        PHONE,
        channel,
        reason=ERRORS.get(error, code.reason) if failed else code.reason,
        detail=error if failed else "",
        means=code.means,
    )


def _reply(event: Part) -> Notice:
    """What the member wrote is read and forgotten; the message that it answers is rarely told."""
    word = event.text("OptOutType").lower()
    kind = {"stop": "stop", "help": "help", "start": "start"}.get(word) or _class(event)
    code = {"stop": STOP, "start": START}.get(kind, Code("replied"))
    channel, recipient = _who(event.text("From"))
    return Notice(
        VENDOR,
        code.status,
        event.text("MessageSid", "SmsSid"),
        None,
        event.text("OriginalRepliedMessageSid"),
        recipient,
        PHONE,
        channel,
        reason=code.reason,
        detail="" if kind == "start" else kind,
        means=code.means,
    )


def _class(event: Part) -> str:
    body = event.values.get("Body")
    return reply_class(body) if isinstance(body, str) else "other"


def _call(event: Part) -> Notice:
    name, by = event.text("CallSid"), event.text("AnsweredBy").lower()
    word = event.text("CallStatus").lower() or ("completed" if by else "")
    if word not in CALLS:
        raise Wrong("CallStatus", "a word that the table does not know")
    if by and by not in ANSWERED_BY:
        raise Wrong("AnsweredBy", "a word that the table does not know")
    code = CALLS[word]
    if event.text("Direction").lower() == "inbound":
        code = Code("unrelated")
    elif by and word == "completed":
        code = Code(ANSWERED_BY[by])
    return Notice(
        VENDOR,
        code.status,
        derived(VENDOR, f"call/{word}/{by}", name),
        rfc(event.text("Timestamp"), "Timestamp"),
        name,
        event.text("To", "Called"),
        PHONE,
        "phone",
        reason=code.reason,
        means=code.means,
    )


def _who(address: str) -> tuple[str, str]:
    if address.startswith(WHATSAPP):
        return "whatsapp", address.removeprefix(WHATSAPP)
    return "sms", address


def _own(request: Request) -> dict[str, str]:
    try:
        found = parse_qsl(urlsplit(request.url).query, max_num_fields=100)
        return as_texts({name: value for name, value in found if name != "bodySHA256"})
    except (ValueError, Wrong):
        return {}
