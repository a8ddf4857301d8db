"""The waterfall balances on the real lake, for every campaign under every filter."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period
from data.viewer import Scope, Viewer
from pages import campaign_waterfall
from pages.campaign_falls import COLUMNS
from pages.campaign_waterfall import flows
from pages.registry import TABLES
from pages.table import ListTable

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
    assert {"E-mail", "SMS"} <= {flow.name for flow in found}
    names = [fall.name for fall in found[0].falls.falls]
    assert names == [
        "Gap open", "Contact point, valid", "Consented", "Not capped", "Permitted hours", "Assigned",
        "Not held out", "Sent", "Delivered", "Engaged", "Responded", "Scheduled", "Outcome",
    ]  # fmt: skip


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
                mine = [row for row in rows if row["waterfall"] == flow.name]
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
