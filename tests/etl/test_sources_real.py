"""Real files: a published trial, a bank's phone calls, and exports of three vendors as they are."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl
import pytest

from etl.identify import Pseudonyms
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
