"""Small payloads of every vendor, made up, so that each is tested where the real ones are missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from collect.webhooks.payload import Request
from tests.collect.webhooks.posts import (
    AT,
    AT_US,
    DEVICE,
    MEMBER,
    PHONE,
    braze,
    brevo,
    call,
    fcm,
    mailersend,
    mailgun,
    mailjet,
    mandrill,
    posted,
    postmark,
    reply,
    resend,
    sendgrid,
    ses,
    sparkpost,
    text,
)


@dataclass(frozen=True)
class Sample:
    """A request of a vendor and what its one notice says: events, and the fields named."""

    vendor: str
    request: Request
    status: str
    events: tuple[str, ...]
    said: dict[str, object] = field(default_factory=dict)


RECEIPT = {
    "message_type": "receipt",
    "message_id": "dr2:m1",
    "data": {
        "message_status": "MESSAGE_SENT_TO_DEVICE",
        "original_message_id": "m1",
        "device_registration_id": DEVICE,
        "message_sent_timestamp": str(AT * 1_000),
    },
}
FULL = {"bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": []}
LISTED = {**FULL, "bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}
CONTENT = {**FULL, "bounceSubType": "ContentRejected"}
TOPICS = [{"topicName": "a", "subscriptionStatus": "OptOut"}]
LEFT = {"newTopicPreferences": {"topicSubscriptionStatus": TOPICS}}
STAYED = {"newTopicPreferences": {"unsubscribeAll": False, "topicSubscriptionStatus": []}}
EMAIL = {"recipient": MEMBER, "recipient_kind": "email", "channel": "email", "at_us": AT_US}
SMS = {"recipient": PHONE, "recipient_kind": "phone", "channel": "sms"}
PUSH = {"recipient": DEVICE, "recipient_kind": "device", "channel": "push", "message_id": "m1"}
PROXY = "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"

SAMPLES: tuple[Sample, ...] = (
    Sample("sendgrid", sendgrid("processed"), "queued", ("sent",), {**EMAIL, "message_id": "m1"}),
    Sample("sendgrid", sendgrid("deferred"), "deferred", (), EMAIL),
    Sample("sendgrid", sendgrid("bounce", type="bounce"), "bounced", ("bounced",), {"bounce": "hard"}),
    Sample("sendgrid", sendgrid("bounce", type="blocked"), "bounced", ("bounced",), {"bounce": "block"}),
    Sample("sendgrid", sendgrid("bounce", type="expired"), "bounced", ("bounced",), {"bounce": "soft"}),
    Sample(
        "sendgrid",
        sendgrid("dropped", reason="Spam Reporting Address"),
        "rejected",
        ("suppressed",),
        {"reason": "spam"},
    ),
    Sample("sendgrid", sendgrid("open", sg_machine_open=True), "opened", ("opened",), {"machine": True}),
    Sample("sendgrid", sendgrid("open", useragent=PROXY), "opened", ("opened",), {"machine": True}),
    Sample(
        "sendgrid", sendgrid("open", useragent="Mozilla/5.0 (X11)"), "opened", ("opened",), {"machine": False}
    ),
    Sample("sendgrid", sendgrid("open"), "opened", ("opened",), {"machine": None}),
    Sample(
        "sendgrid",
        sendgrid("click", url="https://plan.example/book?member=1#x"),
        "clicked",
        ("clicked",),
        {"link": "https://plan.example/book"},
    ),
    Sample("sendgrid", sendgrid("spamreport"), "complained", ("complaint",)),
    Sample(
        "sendgrid",
        sendgrid("group_unsubscribe", campaign="flu-2026"),
        "unsubscribed",
        ("opt_out",),
        {"metadata": {"campaign": "flu-2026"}},
    ),
    Sample(
        "mailgun",
        mailgun("accepted"),
        "queued",
        (),
        {**EMAIL, "event_id": "20261118/e1"},
    ),
    Sample(
        "mailgun",
        mailgun("delivered"),
        "delivered",
        ("sent", "delivered"),
        {"message_id": "<m1@example.org>"},
    ),
    Sample(
        "mailgun",
        mailgun("failed", severity="permanent", reason="suppress-unsubscribe"),
        "bounced",
        ("suppressed",),
        {"reason": "unsubscribed", "bounce": ""},
    ),
    Sample(
        "mailgun",
        mailgun("failed", severity="permanent", reason="espblock"),
        "bounced",
        ("sent", "bounced"),
        {"bounce": "block"},
    ),
    Sample(
        "mailgun",
        mailgun("failed", severity="permanent", reason="old"),
        "bounced",
        ("sent", "bounced"),
        {"bounce": "soft", "reason": "timed_out"},
    ),
    Sample(
        "mailgun",
        mailgun("opened", **{"client-info": {"bot": "apple"}}),
        "opened",
        ("opened",),
        {"machine": True},
    ),
    Sample(
        "mailjet",
        mailjet("sent", Payload='{"campaign": "flu-2026"}'),
        "delivered",
        ("sent", "delivered"),
        {**EMAIL, "message_id": "17", "metadata": {"campaign": "flu-2026"}},
    ),
    Sample(
        "mailjet",
        mailjet("bounce", hard_bounce=False, error="content blocked"),
        "bounced",
        ("sent", "bounced"),
        {"bounce": "block"},
    ),
    Sample(
        "mailjet",
        mailjet("blocked", error="duplicate in campaign"),
        "rejected",
        ("suppressed",),
        {"reason": "other"},
    ),
    Sample(
        "mandrill",
        mandrill("send", metadata={"wave": 2}),
        "sent",
        ("sent",),
        {**EMAIL, "metadata": {"wave": "2"}},
    ),
    Sample(
        "mandrill",
        mandrill("soft_bounce", bounce_description="mailbox_full"),
        "bounced",
        ("bounced",),
        {"bounce": "soft"},
    ),
    Sample(
        "mandrill",
        mandrill("soft_bounce", bounce_description="policy_related"),
        "bounced",
        ("bounced",),
        {"bounce": "block"},
    ),
    Sample("mandrill", mandrill("reject"), "rejected", ("suppressed",)),
    Sample(
        "postmark",
        postmark("Delivery", DeliveredAt="2026-11-18T13:06:40.0000000+02:00"),
        "delivered",
        ("sent", "delivered"),
        {**EMAIL, "message_id": "m1"},
    ),
    Sample(
        "postmark",
        postmark("Bounce", Type="SoftBounce", ID=5),
        "bounced",
        ("sent", "bounced"),
        {"bounce": "soft", "event_id": "5"},
    ),
    Sample("postmark", postmark("Bounce", Type="AutoResponder"), "autoresponded", ()),
    Sample(
        "postmark",
        postmark("Bounce", Type="SpamNotification"),
        "bounced",
        ("sent", "bounced"),
        {"bounce": "block"},
    ),
    Sample("postmark", postmark("SubscriptionChange", SuppressSending=False), "subscribed", ()),
    Sample("brevo", brevo("request"), "queued", (), EMAIL),
    Sample(
        "brevo", brevo("delivered"), "delivered", ("sent", "delivered"), {"message_id": "<m1@example.org>"}
    ),
    Sample("brevo", brevo("delivered", ts_epoch=AT), "delivered", ("sent", "delivered"), {"at_us": AT_US}),
    Sample("brevo", brevo("unique_proxy_open"), "opened", ("opened",), {"machine": True}),
    Sample("brevo", brevo("invalid_email"), "bounced", ("suppressed",), {"reason": "invalid"}),
    Sample("sparkpost", sparkpost("injection"), "queued", ("sent",), {**EMAIL, "message_id": "m1"}),
    Sample("sparkpost", sparkpost("bounce", bounce_class="22"), "bounced", ("bounced",), {"bounce": "soft"}),
    Sample("sparkpost", sparkpost("bounce", bounce_class="51"), "bounced", ("bounced",), {"bounce": "block"}),
    Sample("sparkpost", sparkpost("bounce", bounce_class="90"), "unsubscribed", ("opt_out",)),
    Sample("sparkpost", sparkpost("open", is_prefetched=True), "opened", ("opened",), {"machine": True}),
    Sample("sparkpost", posted([{"msys": {}}]), "unrelated", ()),
    Sample("ses", ses("Send"), "sent", ("sent",), {**EMAIL, "message_id": "m1", "metadata": {"wave": "w1"}}),
    Sample("ses", ses("DeliveryDelay"), "deferred", (), EMAIL),
    Sample("ses", ses("Bounce", bounce=FULL), "bounced", ("bounced",), {"bounce": "soft"}),
    Sample("ses", ses("Bounce", bounce=CONTENT), "bounced", ("bounced",), {"bounce": "block"}),
    Sample("ses", ses("Bounce", bounce=LISTED), "bounced", ("suppressed",), {"bounce": "block"}),
    Sample("ses", ses("Subscription", subscription=LEFT), "unsubscribed", ("opt_out",)),
    Sample("ses", ses("Subscription", subscription=STAYED), "subscribed", ()),
    Sample("ses", ses("Rendering Failure", failure={}), "failed", ("failed",)),
    Sample(
        "mailersend",
        mailersend("activity.sent"),
        "sent",
        ("sent",),
        {**EMAIL, "message_id": "m1", "event_id": "e1"},
    ),
    Sample("mailersend", mailersend("activity.soft_bounced"), "bounced", ("bounced",), {"bounce": "soft"}),
    Sample("mailersend", mailersend("webhook.test"), "unrelated", ()),
    Sample(
        "resend", resend("email.sent"), "sent", ("sent",), {**EMAIL, "message_id": "m1", "event_id": "e1"}
    ),
    Sample(
        "resend",
        resend("email.bounced", bounce={"type": "Transient"}),
        "bounced",
        ("bounced",),
        {"bounce": "soft"},
    ),
    Sample(
        "resend",
        resend("email.bounced", bounce={"type": "Permanent", "subType": "Suppressed"}),
        "bounced",
        ("suppressed",),
        {"bounce": "block"},
    ),
    Sample(
        "resend",
        resend("email.sent", tags=[{"name": "wave", "value": "w1"}]),
        "sent",
        ("sent",),
        {"metadata": {"wave": "w1"}},
    ),
    Sample("twilio", text("queued"), "queued", (), SMS),
    Sample(
        "twilio",
        text("sent"),
        "sent",
        ("sent",),
        {**SMS, "message_id": "SM1", "metadata": {"campaign": "flu-2026"}},
    ),
    Sample(
        "twilio",
        text("delivered", To=f"whatsapp:{PHONE}"),
        "delivered",
        ("delivered",),
        {"channel": "whatsapp", "recipient": PHONE},
    ),
    Sample("twilio", text("read", To=f"whatsapp:{PHONE}"), "opened", ("opened",)),
    Sample(
        "twilio",
        text("undelivered", ErrorCode="30003"),
        "failed",
        ("failed",),
        {"detail": "30003", "reason": "bounced"},
    ),
    Sample(
        "twilio", text("failed", ErrorCode="21610"), "rejected", ("suppressed",), {"reason": "unsubscribed"}
    ),
    Sample(
        "twilio",
        reply("Yes please"),
        "replied",
        ("replied",),
        {**SMS, "detail": "positive", "event_id": "SM2"},
    ),
    Sample(
        "twilio", reply("Please stop texting me"), "unsubscribed", ("replied", "opt_out"), {"detail": "stop"}
    ),
    Sample(
        "twilio",
        reply("basta", OptOutType="STOP"),
        "unsubscribed",
        ("replied", "opt_out"),
        {"detail": "stop"},
    ),
    Sample("twilio", reply("START", OptOutType="START"), "subscribed", ()),
    Sample("twilio", reply("?", OptOutType="HELP"), "replied", ("replied",), {"detail": "help"}),
    Sample(
        "twilio",
        call("initiated"),
        "attempted",
        ("attempted",),
        {"channel": "phone", "recipient": PHONE, "at_us": AT_US},
    ),
    Sample("twilio", call("ringing"), "queued", ()),
    Sample("twilio", call("completed"), "answered", ("answered",)),
    Sample("twilio", call("completed", AnsweredBy="machine_end_beep"), "voicemail", ("voicemail",)),
    Sample("twilio", call("completed", AnsweredBy="fax"), "no_answer", ("no_answer",)),
    Sample("twilio", call("busy"), "no_answer", ("no_answer",)),
    Sample("twilio", call("failed"), "failed", ("attempted", "failed")),
    Sample("twilio", call("completed", Direction="inbound"), "unrelated", ()),
    Sample(
        "braze",
        braze("users.messages.email.Delivery", email_address=MEMBER),
        "delivered",
        ("delivered",),
        {**EMAIL, "message_id": "d1/email/M1001", "event_id": "e1"},
    ),
    Sample(
        "braze",
        braze("users.messages.email.Open", machine_open=True),
        "opened",
        ("opened",),
        {"machine": True, "recipient": "M1001", "recipient_kind": "id"},
    ),
    Sample("braze", braze("users.messages.email.SoftBounce"), "bounced", ("bounced",), {"bounce": "soft"}),
    Sample("braze", braze("users.messages.sms.Send"), "queued", ()),
    Sample("braze", braze("users.messages.sms.CarrierSend", to_phone_number=PHONE), "sent", ("sent",), SMS),
    Sample(
        "braze",
        braze("users.messages.sms.InboundReceive", message_body="STOP"),
        "unsubscribed",
        ("replied", "opt_out"),
        {"detail": "stop"},
    ),
    Sample(
        "braze",
        braze("users.messages.pushnotification.Open", {"device_id": DEVICE}),
        "opened",
        ("opened",),
        {"recipient": DEVICE, "channel": "push"},
    ),
    Sample(
        "braze",
        braze("users.messages.inappmessage.Impression"),
        "opened",
        ("sent", "delivered", "opened"),
        {"channel": "in_app"},
    ),
    Sample("braze", braze("users.messages.email.Abort"), "rejected", ("suppressed",), {"reason": "other"}),
    Sample(
        "braze",
        braze("users.behaviors.subscription.GlobalStateChange", subscription_status="Unsubscribed"),
        "unsubscribed",
        ("opt_out",),
    ),
    Sample(
        "braze",
        braze("users.behaviors.CustomEvent", name="form_started"),
        "behaved",
        (),
        {"channel": "in_app", "detail": "CustomEvent", "recipient": "M1001"},
    ),
    Sample(
        "braze",
        posted(
            [
                {
                    "event_type": "users.messages.email.Click",
                    "id": "e1",
                    "time": AT,
                    "external_user_id": "M1001",
                    "dispatch_id": "d1",
                    "url": "https://plan.example/a?b",
                }
            ]
        ),
        "clicked",
        ("clicked",),
        {"link": "https://plan.example/a", "message_id": "d1/email/M1001"},
    ),
    Sample("fcm", fcm(event="MESSAGE_ACCEPTED"), "sent", ("sent",), {**PUSH, "at_us": AT_US}),
    Sample("fcm", fcm(event="MESSAGE_DELIVERED"), "delivered", ("delivered",), PUSH),
    Sample("fcm", posted([RECEIPT]), "delivered", ("delivered",), {**PUSH, "at_us": AT_US}),
    Sample(
        "fcm",
        fcm(error_code="UNREGISTERED"),
        "failed",
        ("failed",),
        {"detail": "unregistered", "reason": "invalid"},
    ),
    Sample("fcm", fcm(error_code="UNAVAILABLE"), "deferred", ()),
)
