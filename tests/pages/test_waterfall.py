"""The waterfall balances on the real lake, for every campaign under every filter."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from config.vocabulary import CHANNEL_LABELS
from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.viewer import Scope, Viewer
from insight.waterfall import Fall
from pages import campaign_waterfall
from pages.campaign_falls import COLUMNS
from pages.campaign_waterfall import ANSWER, ANSWERS, OUTCOME, Flow, flows
from pages.registry import TABLES
from pages.table import ListTable
from ui.numbers import count

ALL = Filters(period=Period("all_time"), compare="none")


def every(cubes: Cubes) -> dict[str, Filters]:
    found = {
        "all": ALL,
        "month": replace(ALL, period=Period("last_month")),
        "week": replace(ALL, period=Period("last_7_days")),
        "email": replace(ALL, channel=("email",)),
        "two": replace(ALL, channel=("email", "sms")),
    }
    for name in cubes.attributes:
        for value in cubes.values(name)[:2]:
            found[f"{name}={value}"] = replace(ALL, attributes=((name, (value,)),))
    return found


def test_it_balances_and_tells_no_few_for_every_campaign_and_filter(cubes: Cubes, manager: Viewer) -> None:
    least, seen = int(cubes.snapshot.terms.get("threshold", 11)), 0
    for filters in every(cubes).values():
        for name in cubes.campaigns:
            for flow in flows(replace(filters, campaign=(name,)), manager, cubes):
                seen += 1
                assert flow.falls.balances
                for fall in flow.falls.falls:
                    assert fall.left is None or fall.left == 0 or fall.left >= least
                    assert fall.reason or fall.because
    assert seen > 50


def test_from_eligible_to_outcome_across_channels_and_in_each(cubes: Cubes, manager: Viewer) -> None:
    found = flows(replace(ALL, campaign=("flu-2025",)), manager, cubes)
    assert found[0].name == "Across channels"
    assert {("E-mail", OUTCOME), ("SMS", OUTCOME), ("SMS", ANSWER)} <= {
        (flow.name, flow.to) for flow in found
    }
    names = [fall.name for fall in found[0].falls.falls]
    assert names == [
        "Gap open", "Contact point", "Consented", "Not capped", "Permitted hours", "Assigned",
        "Not held out", "Sent", "Delivered", "Engaged", "Responded", "Scheduled", "Outcome",
    ]  # fmt: skip


def fall(flow: Flow, name: str) -> Fall:
    return next(one for one in flow.falls.falls if one.name == name)


def test_contact_point_and_consent_are_steps_where_the_counts_can_say_so(
    cubes: Cubes, manager: Viewer
) -> None:
    """Each told in full and one has everybody: both are exact. Else consent stands between two numbers."""
    exact = between = 0
    for name in cubes.campaigns:
        own = replace(ALL, campaign=(name,))
        told = measure(("eligible", "contactable", "consented", "assigned"), (), own, manager, cubes).rows[0]
        eligible, contact, consent, assigned = (
            value.value if value.status is Status.RELEASED else None for value in told.values.values()
        )
        flow = next((one for one in flows(own, manager, cubes) if one.start == "Eligible"), None)
        if flow is None or not contact or not consent or not eligible or assigned is None:
            continue
        first, second, third = (fall(flow, step) for step in ("Contact point", "Consented", "Assigned"))
        if first.left is not None:
            assert first.left == eligible - contact
        if eligible in (contact, consent) and second.left is not None:
            exact += 1
            assert second.left == max(contact, consent) - min(contact, consent) - (first.left or 0)
            assert "no consent" not in third.because or third.left is None
        elif eligible not in (contact, consent):
            between += 1
            assert second.left is None
            assert f"{count(eligible - consent)} with a contact point" in second.reason
            assert third.left is None or "no consent" in third.because
    assert exact
    assert between


def test_on_the_way_members_engage_and_answer(cubes: Cubes, manager: Viewer) -> None:
    told = 0
    for name in cubes.campaigns:
        own = replace(ALL, campaign=(name,))
        rows = {row.key[0]: row.values for row in measure(ANSWERS, ("channel",), own, manager, cubes).rows}
        for flow in (one for one in flows(own, manager, cubes) if one.to == ANSWER):
            assert [one.name for one in flow.falls.falls] == ["Engaged", "Answered yes"]
            channel = next((key for key in rows if CHANNEL_LABELS.get(str(key)) == flow.name), None)
            engaged = fall(flow, "Engaged")
            if channel is None or engaged.left is None:
                continue
            reached, done, _ = (rows[channel][metric].value for metric in ANSWERS)
            assert (flow.falls.start, engaged.left) == (reached, (reached or 0) - (done or 0))
            told += 1
    assert told >= 3


def test_what_the_lake_does_not_hold_is_not_available_and_never_nothing(
    cubes: Cubes, manager: Viewer
) -> None:
    found = flows(replace(ALL, campaign=("flu-2025",)), manager, cubes)[0].falls
    for name in ("Gap open", "Not capped", "Permitted hours", "Scheduled"):
        fall = next(one for one in found.falls if one.name == name)
        assert fall.left is None
        assert "not available" in fall.reason


@pytest.mark.parametrize("more", [{"channel": ("email",)}, {"period": Period("last_month")}])
def test_counts_of_other_members_are_not_joined(
    more: dict[str, object], cubes: Cubes, manager: Viewer
) -> None:
    for name in cubes.campaigns:
        for flow in flows(replace(ALL, campaign=(name,), **more), manager, cubes):  # type: ignore[arg-type]
            if flow.name == "Across channels":
                assert "Sent" not in [fall.name for fall in flow.falls.falls]


def test_the_panel_is_short(cubes: Cubes, manager: Viewer) -> None:
    for name in cubes.campaigns:
        made = campaign_waterfall.steps(replace(ALL, campaign=(name,)), manager, cubes)
        assert len(json.dumps(made, cls=PlotlyJSONEncoder, separators=(",", ":"))) < 14_000


def test_the_file_is_the_screen_and_balances(cubes: Cubes, manager: Viewer) -> None:
    table = TABLES["campaign"]["waterfall"]
    assert isinstance(table, ListTable)
    told = 0
    for filters in (ALL, replace(ALL, period=Period("last_month"))):
        for name in cubes.campaigns:
            own = replace(filters, campaign=(name,))
            rows: list[dict[str, Any]] = [
                dict(zip(COLUMNS, row, strict=True))
                for row in table.listing(manager, cubes, {}, None, own).rows
            ]
            for flow in flows(own, manager, cubes):
                mine = [row for row in rows if (row["waterfall"], row["leads"]) == (flow.name, flow.to)]
                assert [(row["step"], row["left"], row["remain"]) for row in mine] == [
                    (flow.start, None, flow.falls.start),
                    *((fall.name, fall.left, fall.remain) for fall in flow.falls.falls),
                ]
                assert mine[0]["remain"] == sum(row["left"] or 0 for row in mine) + mine[-1]["remain"]
                assert all(row["told"] is not None and (row["because"] or row["reason"]) for row in mine[1:])
                told += 1
    assert told > 20


def test_the_file_is_of_one_campaign_that_the_viewer_may_see(cubes: Cubes, manager: Viewer) -> None:
    limited = replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))
    table = TABLES["campaign"]["waterfall"]
    assert isinstance(table, ListTable)
    for viewer, name in ((manager, ""), (limited, "a1c-2026-arms")):
        with pytest.raises(LookupError):
            table.listing(viewer, cubes, {}, None, replace(ALL, campaign=(name,) if name else ()))
