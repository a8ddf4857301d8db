"""What columns are guessed to mean, on real samples and on made-up headers of exports."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from etl.sources.draft import draft_of, toml_of
from etl.sources.guess import Guess, guess
from etl.sources.shape import event_of, shape_of
from etl.sources.toml import parse_mapping

MADE = {
    "braze": (
        "event",
        ["event_type", "time", "external_user_id", "email_address", "campaign_name", "message_variation_id"],
        ["users.messages.email.Open", "1700000000", "u1", "a@example.org", "Flu", "v1"],
        ["event", "at", "member", "recipient", "campaign", "variant"],
    ),
    "salesforce": (
        "event",
        ["SubscriberKey", "EmailAddress", "JobID", "EventType", "EventDate", "EmailName"],
        ["003x", "a@example.org", "123", "Open", "3/14/2026 9:05:11 AM", "Flu Shot"],
        ["member", "recipient", "", "event", "at", "campaign"],
    ),
    "mailchimp": (
        "event",
        ["Email Address", "First Name", "Campaign Title", "Action", "Timestamp"],
        ["a@example.org", "A", "Flu", "click", "2026-03-01 10:00:00"],
        ["recipient", "", "campaign", "event", "at"],
    ),
    "iterable": (
        "event",
        ["email", "campaignId", "messageId", "eventName", "createdAt", "templateId"],
        ["a@example.org", "77", "m1", "emailSend", "2026-03-01 10:00:00", "5"],
        ["recipient", "campaign", "message_id", "event", "at", "variant"],
    ),
    "totals": (
        "aggregate",
        ["Campaign Name", "Date", "Sends", "Delivered", "Unique Opens", "Clicks"],
        ["Flu", "2026-03-01", "100", "90", "50", "10"],
        ["campaign", "day", "count sent", "count delivered", "count members_opened", "count clicked"],
    ),
    "members": (
        "members",
        ["Member ID", "County", "Language", "Email", "Phone"],
        ["M1", "Cook", "en", "a@example.org", "+1 555 0100000"],
        ["member", "attribute county", "attribute language", "address email", "address phone"],
    ),
    "claims": (
        "outcome",
        ["Member_ID", "Service_Date", "Measure", "Paid"],
        ["M1", "03/14/2026", "A1C", "12.5"],
        ["member", "at", "outcome", "value"],
    ),
    "arms": (
        "member",
        ["member_id", "campaign", "arm", "assigned_date"],
        ["M1", "flu", "control", "2026-03-01"],
        ["member", "campaign", "arm", "assigned_at"],
    ),
    "texts": (
        "message",
        ["MessageSid", "To", "Status", "DateSent", "Price", "campaign"],
        ["SM1", "+15550100000", "delivered", "2026-03-01 10:00:00", "-0.0075", "flu"],
        ["message_id", "recipient", "status", "sent", "cost", "campaign"],
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_headers_of_exports(name: str) -> None:
    kind, header, row, meant = MADE[name]
    found = guess(header, [row])
    assert found.kind == kind
    assert [one.means for one in found.columns] == meant
    text = toml_of(draft_of(found, f"{name}.csv", ",", "utf-8"))
    assert parse_mapping(text.encode(), Path("made.toml")).kind == kind, "the guess is a mapping that stands"


SAMPLES = {
    "vendor_exports/mailchimp/campaign_recipient_activity.csv": {
        "action": "event", "campaign_id": "campaign", "member_id": "member", "timestamp": "at",
    },
    "vendor_exports/klaviyo/event.csv": {
        "id": "event_id", "person_id": "member", "campaign_id": "campaign", "type": "event",
    },
    "vendor_exports/iterable/campaign_metrics_data.csv": {
        "date": "day", "total_email_sends": "count sent", "total_email_opens": "count opened",
    },
    "vendor_exports/iterable/event_data.csv": {
        "email": "recipient", "event_name": "event", "created_at": "at", "message_id": "message_id",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_real_samples(samples: Path, name: str) -> None:
    lines = (samples / name).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    rows = list(csv.reader(lines[:300]))
    found = {one.name: one.means for one in guess(rows[0], rows[1:]).columns}
    assert {column: found[column] for column in SAMPLES[name]} == SAMPLES[name]


def test_a_chosen_kind_is_not_guessed() -> None:
    _, header, row, _ = MADE["texts"]
    found: Guess = guess(header, [row], "event")
    assert found.kind == "event"
    assert found.meaning("at") is not None


def test_day_and_month_that_could_be_changed_over_are_said() -> None:
    assert shape_of(["03/04/2026", "05/06/2026"]).doubtful
    assert not shape_of(["03/14/2026", "05/06/2026"]).doubtful
    assert shape_of(["14/03/2026"]).format == "%d/%m/%Y"
    assert shape_of(["20260314"]).dated


def test_words_that_could_be_of_a_person_are_not_shown() -> None:
    assert shape_of(["open", "click"]).words == ("click", "open")
    assert shape_of(["a@example.org", "open"]).words == ()
    assert shape_of(["M10234", "open"]).words == ()
    assert shape_of([f"word{n}" for n in range(40)]).words == ()


@pytest.mark.parametrize(
    ("word", "event"),
    [("users.messages.email.Open", "opened"), ("emailUnSubscribe", "opt_out"), ("spamreport", "complaint"),
     ("Hard_Bounce", "bounced"), ("hello", ""), ("delivered", "delivered")],
)  # fmt: skip
def test_words_of_vendors(word: str, event: str) -> None:
    assert event_of(word) == event
