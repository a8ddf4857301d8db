"""Real files: a published trial, a bank's phone calls, and exports of three vendors as they are."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from data.identify import Pseudonyms
from etl.intake import Batch, read
from etl.sources.toml import load_mapping

READY = Path(__file__).parents[2] / "etl" / "sources"


@pytest.fixture
def ready(samples: Path, pseudonyms: Pseudonyms, accounted):  # type: ignore[no-untyped-def]
    def run(mapping: str, file: str) -> Batch:
        loaded = load_mapping(READY / f"{mapping}.toml")
        return accounted(read(samples / file, loaded, pseudonyms, "America/New_York"))

    return run


PUBLISHED = {
    "Control": (191_243, 0.297),
    "Civic Duty": (38_218, 0.315),
    "Hawthorne": (38_204, 0.322),
    "Self": (38_218, 0.345),
    "Neighbors": (38_201, 0.378),
}


def test_gotv_reproduces_the_published_rates(ready) -> None:  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    batch = ready("gotv_mail", "gotv_mail/gotv.csv")
    took = time.perf_counter() - start
    assert batch.rows_in == 344_084
    assert batch.rows_in / took > 10_000, "not timed, only far from hanging"
    voted = batch.tables["outcomes"].select("member", happened=pl.lit(1))
    arms = batch.tables["assignments"].join(voted, on="member", how="left").group_by("arm", "holdout")
    found = arms.agg(n=pl.len(), rate=pl.col("happened").fill_null(0).mean())
    assert {arm: (n, round(rate, 3)) for arm, _, n, rate in found.iter_rows()} == PUBLISHED
    assert found.filter("holdout")["arm"].to_list() == ["Control"]


def test_gotv_claims_nothing_that_it_lacks(ready) -> None:  # type: ignore[no-untyped-def]
    batch = ready("gotv_mail", "gotv_mail/gotv.csv")
    assert batch.provides == {"assigned", "holdout", "outcome:voted"}
    assert "events" not in batch.tables
    assert batch.tables["assignments"]["assigned_us"].null_count() == batch.rows_in


def test_bank_calls(ready) -> None:  # type: ignore[no-untyped-def]
    batch = ready("bank_phone", "bank_phone/bank-additional.csv")
    assert (batch.rows_in, batch.refused.height) == (4_119, 0)
    assert batch.tables["outcomes"].height == 451
    assert batch.tables["events"]["channel"].unique().to_list() == ["phone"]
    assert batch.provides == {"assigned", "attempted", "outcome:subscribed"}
    values = batch.tables["profiles"]["value"]
    assert not values.is_in(["unknown", "999"]).any()


@pytest.mark.parametrize("file", ["event.csv", "event_norename.csv"])
def test_klaviyo_events_fall_back_where_the_lookup_has_no_match(ready, file: str) -> None:  # type: ignore[no-untyped-def]
    batch = ready("klaviyo_events", f"vendor_exports/klaviyo/{file}")
    assert batch.tables["events"]["event"].to_list() == ["delivered"] * 3
    assert batch.tables["events"]["channel"].to_list() == ["email"] * 3
    assert batch.skipped["row"].to_list() == [4]
    assert batch.notes == ("4 rows without a match in metric.csv: metric_name missing",)


def test_mailchimp_activity_finds_names_and_addresses_in_two_second_files(ready) -> None:  # type: ignore[no-untyped-def]
    batch = ready("mailchimp_activity", "vendor_exports/mailchimp/campaign_recipient_activity.csv")
    events = batch.tables["events"]
    assert events["event"].value_counts().sort("event").rows() == [("clicked", 5), ("opened", 12)]
    assert events["campaign"].unique().to_list() == ["Release 0.1.1"]
    assert events["recipient"].null_count() == 1
    assert events.filter("machine")["event"].to_list() == ["opened"] * 8
    assert events["message_id"].n_unique() == 7


@pytest.mark.parametrize("file", ["twilio_message_data.csv", "twilio_message_data_snowflake.csv"])
def test_twilio_messages_in_both_header_spellings(ready, file: str) -> None:  # type: ignore[no-untyped-def]
    batch = ready("twilio_messages", f"vendor_exports/twilio/{file}")
    events = batch.tables["events"]
    assert events["event"].value_counts().sort("event").rows() == [("delivered", 10), ("sent", 10)]
    assert events["cost_micros"].drop_nulls().unique().to_list() == [15_800]
    assert events["message_id"].n_unique() == 10


def rows_of(path: Path) -> list[dict[str, str]]:
    """The raw file, read by nothing of ours."""
    with path.open(encoding="utf-8-sig", newline="") as raw:
        return [
            {name.strip().strip('"').lower(): cell for name, cell in row.items()}
            for row in csv.DictReader(raw)
        ]


def counted(batch: Batch) -> Counter[str]:
    return Counter(batch.tables["events"]["event"].to_list() if "events" in batch.tables else [])


@pytest.mark.parametrize("channel", ["email", "sms", "push", "in_app"])
def test_iterable_events_are_those_of_one_channel(ready, samples: Path, channel: str) -> None:  # type: ignore[no-untyped-def]
    file = "vendor_exports/iterable/event_data.csv"
    raw = rows_of(samples / file)
    known = load_mapping(READY / f"iterable_{channel}.toml").fields["event"].map
    expected = Counter(known[row["event_name"].lower()] for row in raw if row["event_name"].lower() in known)
    batch = ready(f"iterable_{channel}", file)
    assert counted(batch) == expected
    assert (batch.rows_in, batch.refused.height) == (len(raw), 0)
    assert batch.skipped.height == len(raw) - sum(expected.values())
    assert "delivered" not in batch.provides or channel == "in_app"


def test_iterable_totals_are_those_of_the_file(ready, samples: Path) -> None:  # type: ignore[no-untyped-def]
    file = "vendor_exports/iterable/campaign_metrics_data.csv"
    raw = rows_of(samples / file)
    found = ready("iterable_email_metrics", file).tables["aggregates"]
    for measure, column in (
        ("sent", "total_email_sends"),
        ("delivered", "total_email_delivered"),
        ("bounced", "total_email_bounced"),
    ):
        of_measure = found.filter(pl.col("measure") == measure)
        assert of_measure["value"].sum() == sum(int(row[column]) for row in raw if row[column])
        assert of_measure.height == sum(row[column] != "" for row in raw)
    assert set(found["campaign"]) == {row["id"] for row in raw}


def test_mailchimp_sends_and_activity_are_of_the_same_messages(ready, samples: Path) -> None:  # type: ignore[no-untyped-def]
    folder = "vendor_exports/mailchimp"
    recipients = rows_of(samples / folder / "campaign_recipient.csv")
    activity = rows_of(samples / folder / "campaign_recipient_activity.csv")
    sent = ready("mailchimp_recipients", f"{folder}/campaign_recipient.csv").tables["events"]
    done = ready("mailchimp_activity", f"{folder}/campaign_recipient_activity.csv")
    assert sent.height == len({(row["campaign_id"], row["member_id"]) for row in recipients})
    words = {"open": "opened", "click": "clicked", "bounce": "bounced"}
    assert counted(done) == Counter(words[row["action"]] for row in activity)
    both = {row["member_id"] for row in recipients} & {row["member_id"] for row in activity}
    shared = set(sent["message_id"]) & set(done.tables["events"]["message_id"])
    assert len(shared) == len(both) > 0
    assert sent["event_us"].n_unique() == 1


def test_mailchimp_opt_outs_belong_to_messages_of_automations(ready, samples: Path) -> None:  # type: ignore[no-untyped-def]
    folder = "vendor_exports/mailchimp"
    left = ready("mailchimp_unsubscribes", f"{folder}/unsubscribe.csv").tables["events"]
    sent = ready("mailchimp_automation_recipients", f"{folder}/automation_recipient.csv").tables["events"]
    done = ready("mailchimp_automation_activity", f"{folder}/automation_recipient_activity.csv")
    assert left.select("event", "campaign", "wave").rows() == [
        ("opt_out", "Welcome Email", "Welcome Message")
    ]
    assert set(left["message_id"]) < set(sent["message_id"])
    assert sent.height == len(rows_of(samples / folder / "automation_recipient.csv"))
    assert sent["event_us"].null_count() == sent.height
    raw = Counter(row["action"] for row in rows_of(samples / folder / "automation_recipient_activity.csv"))
    assert (counted(done)["opened"], counted(done)["clicked"]) == (raw["open"], raw["click"])


@pytest.mark.parametrize("file", ["twilio_call_data.csv", "twilio_call_data_snowflake.csv"])
def test_twilio_calls_leave_out_those_of_members(ready, samples: Path, file: str) -> None:  # type: ignore[no-untyped-def]
    raw = rows_of(samples / "vendor_exports/twilio" / file)
    batch = ready("twilio_calls", f"vendor_exports/twilio/{file}")
    outgoing = [row for row in raw if "inbound" not in row["direction"]]
    assert batch.skipped.height == len(raw) - len(outgoing) == 9
    assert batch.refused.height == 0
    assert counted(batch)["attempted"] == len(outgoing)


@pytest.mark.parametrize("file", ["twilio_message_data.csv", "twilio_message_data_snowflake.csv"])
def test_twilio_texts_and_their_cost_are_those_of_the_file(ready, samples: Path, file: str) -> None:  # type: ignore[no-untyped-def]
    raw = [
        row for row in rows_of(samples / "vendor_exports/twilio" / file) if "inbound" not in row["direction"]
    ]
    events = ready("twilio_messages", f"vendor_exports/twilio/{file}").tables["events"]
    assert Counter(events["event"]) == {
        "sent": len(raw),
        "delivered": sum(row["status"] == "delivered" for row in raw),
    }
    assert events["cost_micros"].sum() == round(sum(-float(row["price"]) for row in raw) * 1e6)
