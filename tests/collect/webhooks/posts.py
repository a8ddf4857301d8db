"""What each vendor posts, made up: a request about one event."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from collect.webhooks.payload import Request

MEMBER, PHONE, DEVICE = "member1@example.com", "+15550100001", "device-1"
FORM = "application/x-www-form-urlencoded"
AT = 1_795_000_000
AT_US = AT * 1_000_000
ISO = "2026-11-18T11:06:40Z"  # the same moment


def posted(value: object, **headers: str) -> Request:
    named = {name.replace("_", "-"): one for name, one in headers.items()}
    return Request(json.dumps(value).encode(), {"Content-Type": "application/json", **named})


def form(fields: dict[str, str], url: str = "https://plan.example/hooks") -> Request:
    return Request(urlencode(fields).encode(), {"Content-Type": FORM}, url)


def sendgrid(event: str, **more: object) -> Request:
    about = {"email": MEMBER, "timestamp": AT, "sg_message_id": "m1.filter9", "sg_event_id": f"e-{event}"}
    return posted([{**about, "event": event, **more}])


def mailgun(event: str, **more: object) -> Request:
    headers = {"message-id": "m1@example.org"}
    about = {"id": "e1", "timestamp": AT, "recipient": MEMBER, "message": {"headers": headers}}
    return posted({"signature": {"token": "t1"}, "event-data": {**about, "event": event, **more}})


def mailjet(event: str, **more: object) -> Request:
    return posted([{"event": event, "time": AT, "MessageID": 17, "email": MEMBER, **more}])


def mandrill(event: str, **message: object) -> Request:
    one = {"event": event, "ts": AT, "_id": "m1", "msg": {"email": MEMBER, **message}}
    return form({"mandrill_events": json.dumps([one])})


def postmark(record: str, **more: object) -> Request:
    return posted({"RecordType": record, "MessageID": "m1", "Recipient": MEMBER, **more})


def brevo(event: str, **more: object) -> Request:
    about = {"email": MEMBER, "message-id": "<m1@example.org>", "ts_epoch": AT * 1_000}
    return posted({"event": event, **about, **more})


def sparkpost(kind: str, **more: object) -> Request:
    about = {"event_id": "e1", "transmission_id": "m1", "raw_rcpt_to": MEMBER, "timestamp": str(AT)}
    return posted([{"msys": {"message_event": {"type": kind, **about, **more}}}])


def ses(kind: str, **more: object) -> Request:
    mail = {"messageId": "m1", "destination": [MEMBER], "timestamp": ISO, "tags": {"wave": ["w1"]}}
    return posted({"eventType": kind, "mail": mail, **more})


def mailersend(kind: str) -> Request:
    email = {"message": {"id": "m1"}, "recipient": {"email": MEMBER}}
    return posted({"type": kind, "data": {"id": "e1", "created_at": ISO, "email": email}})


def resend(kind: str, **more: object) -> Request:
    data = {"email_id": "m1", "to": [MEMBER], **more}
    return posted({"type": kind, "created_at": ISO, "data": data}, svix_id="e1")


def text(status: str, **more: str) -> Request:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "To": PHONE, "From": "+15550100099"}
    return form({**fields, **more}, "https://plan.example/hooks?campaign=flu-2026")


def reply(body: str, **more: str) -> Request:
    return form({"MessageSid": "SM2", "SmsStatus": "received", "From": PHONE, "Body": body, **more})


def call(status: str, **more: str) -> Request:
    stamp = "Wed, 18 Nov 2026 11:06:40 +0000"
    return form({"CallSid": "CA1", "CallStatus": status, "To": PHONE, "Timestamp": stamp, **more})


def braze(kind: str, user: dict[str, object] | None = None, **properties: object) -> Request:
    said = {"dispatch_id": "d1", "campaign_id": "c1", **properties}
    who = {"user_id": "b1", "external_user_id": "M1001", **(user or {})}
    event = {"event_type": kind, "id": "e1", "time": AT, "user": who, "properties": said}
    return posted({"events": [event]})


def fcm(**fields: object) -> Request:
    return posted({"message_id": "m1", "token": DEVICE, "event_timestamp": ISO, **fields})
