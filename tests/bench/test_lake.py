"""The bench's lake holds the plan that its figures speak of."""

from __future__ import annotations

import polars as pl

from bench import lake, rows
from bench.plan import CAMPAIGNS, FIRST_DAY, LAST_DAY, Plan
from config.settings import Settings
from data.snapshot import Lake


def test_a_filled_lake_holds_about_as_many_events_as_asked_for(settings: Settings) -> None:
    plan = Plan(20_000)
    lake.fill(settings, plan, lambda _words: None)
    events = Lake(settings.lake).frame("events")
    assert abs(events.height - plan.events) < plan.events / 5
    assert events["event_id"].is_unique().all()
    assert events.filter(event="sent")["message_id"].n_unique() == plan.messages
    assert events["event_day"].min() == FIRST_DAY
    assert events.filter(event="sent")["event_day"].max() == LAST_DAY
    assert Lake(settings.lake).frame("campaigns")["campaign"].n_unique() == CAMPAIGNS


def test_who_is_written_to_was_assigned_and_not_held_out(settings: Settings) -> None:
    plan = Plan(20_000)
    sent = pl.concat(rows.sent_on(plan, FIRST_DAY + 200, 500, 0))
    for campaign in sent["campaign"].unique():
        number = int(campaign.removeprefix("bench-"))
        treated = rows.assigned(plan, number).filter(~pl.col("holdout"))["member"]
        assert sent.filter(campaign=campaign)["member"].is_in(treated.implode()).all()
