"""The real payloads of ten e-mail providers, each with the event that another library reads from it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlencode

import pytest

from collect.webhooks.notice import Notice, Reading
from collect.webhooks.payload import Request
from collect.webhooks.registry import vendors
from tests.conftest import SAMPLES

FILE = SAMPLES / "webhooks" / "esp_webhook_cases.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"] if FILE.is_file() else []
COUNTED = {
    "mailgun": 17, "brevo": 16, "sparkpost": 12, "sendgrid": 10, "amazon_ses": 9, "postmark": 9, "mailjet": 9,
    "mailersend": 8, "resend": 8, "mandrill": 4,
}  # fmt: skip
VENDOR = {"amazon_ses": "ses"}
STATUS = {"unknown": "unrelated"}
# That library can be told that first opens count for nothing; here they are opens.
OTHERWISE = {"SparkPostDeliveryTestCase.test_initial_open_event_as_unknown": {"event_type": "opened"}}
# The sender's own name for a message, as an argument set at sending.
OWN_ID = "anymail_id"
NAMES = [f"{case['provider']} {case['test'].split('.test_')[1]}" for case in CASES]
# Ours alone: which bounces are hard, soft or blocks.
HARD, SOFT, BLOCK = "hard", "soft", "block"
BOUNCES = {
    "SendGridDeliveryTestCase.test_bounce_event": HARD,
    "AmazonSESNotificationsTests.test_bounce_event": HARD,
    "AmazonSESNotificationsTests.test_multiple_bounce_event": HARD,
    "MailgunTestCase.test_failed_permanent_event": HARD,
    "MailgunLegacyTestCase.test_invalid_mailbox": HARD,
    "MailgunLegacyTestCase.test_alt_smtp_code": HARD,
    "BrevoDeliveryTestCase.test_hard_bounce": HARD,
    "BrevoDeliveryTestCase.test_soft_bounce_event": SOFT,
    "SparkPostDeliveryTestCase.test_bounce_event": HARD,
    "PostmarkDeliveryTestCase.test_bounce_event": HARD,
    "PostmarkDeliveryTestCase.test_subscription_change_bounce": HARD,
    "MailjetDeliveryTestCase.test_bounce_event": HARD,
    "MandrillTrackingTestCase.test_hard_bounce_event": HARD,
    "MailerSendTestCase.test_hard_bounced_event": HARD,
    "MailerSendTestCase.test_soft_bounced_event": SOFT,
    "ResendTestCase.test_hard_bounced_event": HARD,
    "ResendTestCase.test_suppressed_event": BLOCK,
}
SNS = {"Type": "Notification", "MessageId": "19ba9823-d7f2-53c1-860e-cb10e0d13dfc"}
SNS_TIME = "2018-03-26T17:58:59.675Z"


def request_of(case: dict) -> Request:
    """The payload as the provider posts it."""
    provider, payload = case["provider"], case["payload"]
    if provider == "amazon_ses":
        message = json.dumps(payload["raw_ses_event"])
        return posted({**SNS, "Timestamp": SNS_TIME, "Message": message})
    if provider == "mandrill":
        return form({"mandrill_events": json.dumps(payload["raw_events"])})
    if provider == "mailgun" and "event-data" not in payload["raw_event"]:
        return form({**payload["raw_event"]}, payload.get("metadata", {}))
    headers = {"svix-id": "msg_2W2D3qXLS5fOaPja1GDg7rF2CwB"} if provider == "resend" else {}
    return posted(payload.get("raw_events", payload.get("raw_event")), headers)


def posted(value: object, headers: dict[str, str] | None = None) -> Request:
    return Request(json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def form(fields: dict, appended: dict | None = None) -> Request:
    body = urlencode(fields, doseq=True) + ("&" + urlencode(appended) if appended else "")
    return Request(body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})


def read(case: dict) -> Notice:
    return reading_of(case).notices[-1]


def reading_of(case: dict) -> Reading:
    reading = vendors(lambda _url: b"")[VENDOR.get(case["provider"], case["provider"])].read(request_of(case))
    assert reading.refused == ()
    return reading


def instant(written: str) -> int:
    names = {"datetime": datetime, "timezone": timezone, "get_fixed_timezone": _zone}
    moment = eval(written, {"__builtins__": {}}, names)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


@pytest.fixture(autouse=True)
def needs_the_cases(samples: Path) -> None:
    """Skips where this machine has no samples."""


def test_all_cases_are_here(samples: Path) -> None:
    counted = {name: sum(case["provider"] == name for case in CASES) for name in COUNTED}
    assert counted == COUNTED
    assert sum(COUNTED.values()) == len(CASES) == 102


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_case_is_read_as_the_event_it_means(case: dict) -> None:
    expected = {**case["expected_normalised"], **OTHERWISE.get(case["test"], {})}
    notice = read(case)
    own = notice.metadata.get(OWN_ID)
    if "event_type" in expected:
        assert notice.status == STATUS.get(expected["event_type"], expected["event_type"])
    if "timestamp" in expected:
        assert notice.at_us == instant(expected["timestamp"])
    if "message_id" in expected:
        # SendGrid: the argument of the sender, or the header; here also the provider's own id, see below.
        assert expected["message_id"] in (own, notice.message_id, notice.header_id)
    if "event_id" in expected:
        # Mailgun: the token of the request, which another try of the same event does not have.
        assert expected["event_id"] in (notice.event_id, reading_of(case).delivery_id)
    if "recipient" in expected:
        assert notice.recipient == expected["recipient"]
    if "reject_reason" in expected:
        assert notice.reason == (expected["reject_reason"] or "")
    assert notice.bounce == BOUNCES.get(case["test"], "")


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_tags_and_arguments_of_the_sender_are_kept(case: dict) -> None:
    expected, notice = case["expected_normalised"], read(case)
    if "tags" in expected:
        assert notice.tags == tuple(expected["tags"])
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in expected.get("metadata", {}).items()
    }
    # Amazon and Resend have tags with values beside the headers that the other library sets.
    assert texts.items() <= notice.metadata.items()
    if case["provider"] not in ("amazon_ses", "resend") and "metadata" in expected:
        assert set(notice.metadata) - {OWN_ID} == set(texts)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_same_event_sent_again_is_the_same_event(case: dict) -> None:
    assert read(case) == read(case)
    assert read(case).event_id


def test_different_events_of_a_provider_have_different_ids() -> None:
    seen: dict[tuple[str, str], str] = {}
    for case in CASES:
        notice = read(case)
        place = (notice.vendor, notice.event_id)
        alike = json.dumps([notice.status, notice.message_id, notice.recipient, notice.at_us, notice.reason])
        # Examples of the providers share one id, as that of SNS; what is derived must tell them apart.
        if re.fullmatch("[0-9a-f]{32}", notice.event_id):
            assert seen.get(place, alike) == alike
        seen[place] = alike


def test_the_provider_s_id_of_a_message_is_the_same_for_all_its_events() -> None:
    """SendGrid tells the header of deliveries only, and adds a tail of its own to its id for each event."""
    by_test = {
        case["test"].split(".test_")[1]: read(case) for case in CASES if case["provider"] == "sendgrid"
    }
    assert by_test["processed_event"].message_id == by_test["delivered_event"].message_id
    assert (
        by_test["processed_event"].message_id == by_test["open_event"].message_id == "wrfRRvF7Q0GgwUo2CvDmEA"
    )
    assert by_test["dropped_invalid_event"].message_id == "wrfRRvF7Q0GgwUo2CvDmEA"
    assert by_test["dropped_bounced"].message_id == "14c5d75ce93.dfd.64b469"
