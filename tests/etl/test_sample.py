"""The sample: repeatable by its seed, and its raw files hold what its truths say."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.vocabulary import CHANNEL_SPELLINGS
from etl.sample import generate

WINDOW_FILES = {
    "claims.csv": ("claim_id", "procedure_code", "service_date", "%Y-%m-%d"),
    "claims_late.csv": ("claim_id", "procedure_code", "service_date", "%Y-%m-%d"),
    "labs.csv": ("accession", "loinc", "collected", "%m/%d/%Y"),
    "pharmacy.csv": ("fill_id", "event", "filled_on", "%Y%m%d"),
}
CODES = {
    "90686": "flu_shot",
    "77067": "mammogram",
    "99393": "well_child_visit",
    "4548-4": "a1c_test",
    "29771-3": "fit_kit_returned",
    "fill": "refill",
}
SENDS = (
    ("email_events.csv", pl.col("event") == "processed", "email", "sent"),
    ("email_events.csv", pl.col("event") == "delivered", "email", "delivered"),
    ("email_events.csv", pl.col("event") == "bounce", "email", "bounced"),
    ("push_log.csv", pl.col("event") == "receipt", "push", "delivered"),
    ("calls.csv", pl.col("Result").is_in(["Answered", "Voicemail"]), "phone", "delivered"),
    ("letters.csv", pl.col("returned_on") != "", "mail", "returned"),
)
MESSAGE = {
    "email_events.csv": "sg_message_id",
    "push_log.csv": "push_id",
    "calls.csv": "Call ID",
    "letters.csv": "letter_id",
}


class Sample:
    """A written sample, read back without the importer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text())

    def rows(self, name: str) -> pl.DataFrame:
        """Sound rows of a file as texts, with their number; repeated rows are still there."""
        separator = ";" if name == "calls.csv" else ","
        frame = pl.read_csv(
            self.folder / name,
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
        ).with_row_index("row", 1)
        refused = [row for rows in self.truth["files"][name]["refused"].values() for row in rows]
        return frame.filter(~pl.col("row").is_in(refused)).with_columns(pl.col(pl.String).fill_null(""))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, members=20_000, campaigns=24, days=400, seed=7)
    return Sample(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        generate(tmp_path / name, members=1_500, campaigns=12, days=120, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


@pytest.mark.parametrize(("members", "campaigns", "days"), [(100, 1, 60), (300, 60, 90), (500, 24, 400)])
def test_small_and_odd_sizes_are_written(tmp_path: Path, members: int, campaigns: int, days: int) -> None:
    manifest = generate(tmp_path, members=members, campaigns=campaigns, days=days, seed=1)
    assert all(file.is_file() and mapping.is_file() for file, mapping in manifest.files)
    assert len(Sample(tmp_path).truth["campaigns"]) == campaigns


def test_a_size_that_makes_no_sample_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--members is 3; it must be 100 or more"):
        generate(tmp_path, members=3, campaigns=1, days=60, seed=1)


def outcomes_in_window(sample: Sample) -> pl.DataFrame:
    """Per campaign and arm the assigned members and those with the outcome in the window, from raw files."""
    frames = [
        sample.rows(name)
        .unique(key)
        .select(
            "member_id",
            outcome=pl.col(code).replace_strict(CODES),
            day=pl.col(day).str.to_date(form),
        )
        for name, (key, code, day, form) in WINDOW_FILES.items()
    ]
    terms = pl.DataFrame(sample.truth["campaigns"]).select("campaign", "outcome", "window_days")
    lists = sample.rows("assignments.csv").filter(pl.col("assigned") == "Y")
    listed = lists.select(
        "member_id", "arm", campaign="campaign_id", since=pl.col("assigned_on").str.to_date("%m/%d/%Y")
    ).join(terms, on="campaign")
    days = (pl.col("day") - pl.col("since")).dt.total_days()
    found = listed.join(pl.concat(frames), on=["member_id", "outcome"]).filter(
        days.is_between(0, pl.col("window_days"))
    )
    happened = found.unique(["campaign", "member_id"]).group_by("campaign", "arm").len("known")
    counts = listed.group_by("campaign", "arm").len("assigned")
    return counts.join(happened, on=["campaign", "arm"], how="left").fill_null(0)


def test_outcomes_in_the_raw_files_are_those_of_the_truths(sample: Sample) -> None:
    counted = {(row["campaign"], row["arm"]): row for row in outcomes_in_window(sample).to_dicts()}
    told = [one for one in sample.truth["effects"] if one["assigned"]]
    assert len(told) > 30
    for one in told:
        row = counted[one["campaign"], one["arm"]]
        assert (row["assigned"], row["known"]) == (one["assigned"], one["known"]), one


def test_planted_effects_show_within_sampling_error(sample: Sample) -> None:
    for one in sample.truth["effects"]:
        if one["mature"] and one["assigned"] >= 30:
            rate = one["known"] / one["assigned"]
            error = (one["expected_rate"] * (1 - one["expected_rate"]) / one["assigned"]) ** 0.5
            assert abs(rate - one["expected_rate"]) < 4 * error, one


def test_arms_differ_in_expectation_by_what_was_planted(sample: Sample) -> None:
    effects = sample.truth["effects"]
    base = {one["campaign"]: one["expected_rate"] for one in effects if one["arm"] == "Holdout"}
    treated = [one for one in effects if one["arm"] != "Holdout" and one["campaign"] in base]
    big = [one for one in treated if one["assigned"] >= 400]
    assert min(one["effect"] for one in big) < 0 < max(one["effect"] for one in big)
    for one in big:
        assert one["expected_rate"] - base[one["campaign"]] == pytest.approx(one["effect"], abs=0.005)


def test_recent_cohorts_are_visibly_immature(sample: Sample) -> None:
    effects = pl.DataFrame(sample.truth["effects"])
    recent = effects.filter(pl.col("campaign") == "flu-2026-md").sum()
    assert recent["known"][0] < recent["happened"][0]
    assert recent["known"][0] / recent["assigned"][0] < 0.10


@pytest.mark.parametrize(("name", "rows", "channel", "stage"), SENDS)
def test_message_counts_of_the_raw_files_are_those_of_the_truths(
    sample: Sample, name: str, rows: pl.Expr, channel: str, stage: str
) -> None:
    told = {
        one["campaign"]: one[stage]
        for one in sample.truth["messages"]
        if one["channel"] == channel and stage in one
    }
    by = "Campaign" if name == "calls.csv" else "campaign"
    counted = sample.rows(name).filter(rows).unique(MESSAGE[name]).group_by(by).len()
    assert told
    assert dict(counted.iter_rows()) == told


def test_the_newest_state_of_a_text_counts(sample: Sample) -> None:
    both = pl.concat([sample.rows("sms_log.csv"), sample.rows("sms_updates.csv")])
    newest = both.sort("date_updated").unique("sid", keep="last")
    told = {one["campaign"]: one for one in sample.truth["messages"] if one["channel"] == "sms"}
    delivered = dict(newest.filter(pl.col("status") == "delivered").group_by("campaign").len().iter_rows())
    assert delivered == {name: one["delivered"] for name, one in told.items()}
    early = sample.rows("sms_log.csv").filter(pl.col("status") == "delivered")["sid"].n_unique()
    assert early < sum(delivered.values())


def test_sends_fall_on_working_days_between_eight_and_twenty_one(sample: Sample) -> None:
    sent = sample.rows("sms_log.csv").select(
        at=pl.col("date_sent")
        .str.to_datetime("%Y-%m-%d %H:%M:%S UTC", time_zone="UTC")
        .dt.convert_time_zone("America/New_York")
    )
    assert sent.filter(pl.col("at").dt.weekday() > 5).is_empty()
    assert sent.filter(~pl.col("at").dt.hour().is_between(8, 20)).is_empty()


def test_every_month_and_the_last_days_have_messages(sample: Sample) -> None:
    days = pl.concat(
        [
            sample.rows("sms_log.csv").select(day=pl.col("date_sent").str.slice(0, 10)),
            sample.rows("letters.csv").select(day=pl.col("printed_on")),
        ]
    )
    assert days["day"].str.slice(0, 7).n_unique() == 14
    assert days["day"].max() == "2026-11-20"
    events = sample.rows("email_events.csv").select(pl.col("timestamp").cast(pl.Int64).max())
    assert events.item() < 1_795_237_200  # midnight after the last day, New York


def test_figures_are_those_of_a_plausible_plan(sample: Sample) -> None:
    totals: dict[str, dict[str, int]] = {}
    for one in sample.truth["messages"]:
        bucket = totals.setdefault(one["channel"], {})
        for stage, n in one.items():
            if isinstance(n, int):
                bucket[stage] = bucket.get(stage, 0) + n
    email, sms = totals["email"], totals["sms"]
    assert 0.92 < email["delivered"] / email["sent"] < 0.97
    assert 0.20 < email["opened_human"] / email["delivered"] < 0.30
    assert email["opened"] > 1.5 * email["opened_human"]
    assert 0.02 < email["clicked"] / email["delivered"] < 0.06
    assert 0.90 < sms["delivered"] / sms["sent"] < 0.97
    assert 0.001 < sms["opt_out"] / sms["delivered"] < 0.006


def test_the_outage_and_the_region_with_low_delivery_show(sample: Sample) -> None:
    events = sample.rows("email_events.csv").with_columns(
        day=pl.from_epoch(pl.col("timestamp").cast(pl.Int64)).dt.date().cast(pl.String)
    )
    once = events.unique(["sg_message_id", "event"])
    sends = once.filter(pl.col("event") == "processed").select("sg_message_id", "day", "email")
    arrived = once.filter(pl.col("event") == "delivered").select("sg_message_id", ok=True)
    sends = sends.join(arrived, on="sg_message_id", how="left").with_columns(pl.col("ok").fill_null(False))
    down = pl.col("day").is_in(sample.truth["email_outage"]["days"])
    assert sends.filter(down)["ok"].mean() < 0.6  # type: ignore[operator]
    homes = sample.rows("members.csv").select("email", "region").filter(pl.col("email") != "").unique("email")
    rates = sends.filter(~down).join(homes, on="email").group_by("region").agg(pl.col("ok").mean())
    assert rates.sort("ok")["region"][0] == sample.truth["low_delivery"]["region"]


def test_texts_drop_in_the_last_week(sample: Sample) -> None:
    daily = sample.rows("sms_log.csv").filter(pl.col("campaign") == "refill-2026").unique("sid")
    day = pl.col("date_sent").str.to_date("%Y-%m-%d %H:%M:%S UTC").cast(pl.String)
    since = sample.truth["sms_drop"]["from"]
    last = daily.filter(day >= since).height / 5
    before = daily.filter(day.is_between(pl.lit("2026-10-01"), pl.lit("2026-11-10"))).height / 29
    assert last < 0.7 * before


def test_channels_are_spelled_in_at_least_sixteen_ways_of_eight(sample: Sample) -> None:
    spelled = {*sample.rows("history.csv")["channel"], *sample.rows("opt_outs.csv")["channel"]}
    folded = {"".join(c for c in one.lower() if c.isalnum()) for one in spelled}
    assert len(spelled) >= 16
    assert len({CHANNEL_SPELLINGS[one] for one in folded}) == 8


def test_campaign_records_leave_out_the_planted_one_and_tell_the_future_one(sample: Sample) -> None:
    records = tomllib.loads((sample.folder / "campaigns.toml").read_text())["campaign"]
    recorded = {one["id"]: one for one in records}
    known = {one["campaign"] for one in sample.truth["campaigns"]}
    assert known - set(recorded) == {"refill-pilot-22"}
    assert recorded["mammogram-2027-co"]["start"].isoformat() > "2026-11-20"
    assert recorded["colorectal-2026-co"]["channels"] == ["email"]
    listed = set(sample.rows("assignments.csv")["campaign_id"])
    assert known - listed == {"mammogram-2027-co"}


def test_small_campaigns_are_small(sample: Sample) -> None:
    sizes = dict(sample.rows("assignments.csv").group_by("campaign_id").len().iter_rows())
    assert sizes["a1c-house-calls"] == 7
    assert sizes["wellchild-two-texts"] == 180


def test_some_addresses_are_shared_and_some_recipients_are_in_no_members_file(sample: Sample) -> None:
    listed = sample.rows("members.csv").filter(pl.col("email") != "")["email"]
    assert sample.truth["shared_addresses"] == listed.filter(listed.is_duplicated()).n_unique() > 0
    written_to = sample.rows("email_events.csv")["email"].str.to_lowercase().unique()
    assert 0 < written_to.is_in(listed.implode()).not_().mean() < 0.05  # type: ignore[operator]
