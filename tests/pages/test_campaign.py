"""The Campaign page shows what the one door answers and the raw files hold, and what people wrote."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dash import no_update
from flask import Flask
from msgspec import structs
from pydantic import SecretStr

from app.factory import create_app
from callbacks import campaign as wires
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.answer import Released, Status
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period
from data.snapshot import Lake
from data.viewer import Viewer
from pages import campaign_head, campaign_outcomes, campaign_steps
from pages import campaign_questions as questions
from pages.campaign import layout
from pages.campaign_ids import LIVE
from pages.registry import TABLES
from pages.table import Table
from state.store import Store
from tests.asking import fire, signed_in
from tests.drawn import compact
from ui.numbers import written

CLOSED, TINY, SCHEDULED, UNRECORDED = "flu-2025", "a1c-house-calls", "mammogram-2027-co", "refill-pilot-22"
ANSWER = 15_000


def alone(campaign: str, **more: Any) -> Filters:
    return Filters(period=Period("all_time"), campaign=(campaign,), **more)


@pytest.fixture
def executive() -> Viewer:
    return Viewer("an executive", Role.EXECUTIVE, frozenset(PERMISSIONS[Role.EXECUTIVE]))


def raw(sample: Settings, name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with (sample.var.parent / "raw" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def panels(name: str, viewer: Viewer, cubes: Cubes, store: Store, **query: str) -> dict[str, Any]:
    """Every panel of a campaign's page, by the id it is drawn into."""
    found: dict[str, Any] = {}
    given = {
        "filters-query.data": {"campaign": name, **query},
        "campaign-id.data": name,
        "campaign-history-opener.n_clicks": 1,
    }
    for wire in wires.wires.recorded:
        if not callable(wire.function) or "_ask" in wire.function.__name__ or wire.needs != wires.PAGE.needs:
            continue
        ends = [end for end in wire.ends if type(end).__name__ != "Output"]
        values = [given.get(str(end)) for end in ends]
        extra = (store,) if wire.store else ()
        found[str(wire.ends[0]).split(".")[0]] = wire.function(viewer, cubes, *extra, *values)
    return found


def test_every_card_shows_the_released_value(cubes: Cubes, manager: Viewer) -> None:
    filters = alone(CLOSED)
    answer = questions.key_figures(filters, manager, cubes)
    cards = campaign_head.cards(filters, manager, cubes)
    assert answer.metrics == (
        "eligible", "reach", "engaged_reach", "outcome_rate", "opt_outs_per_1000", "cost", "cost_per_outcome",
    )  # fmt: skip
    straight = measure(answer.metrics, (), filters, manager, cubes)
    for card, name in zip(cards[:-1], answer.metrics, strict=True):
        assert answer.one(name) == straight.one(name)
        value = structs.replace(answer.one(name), approximate=False)
        assert written(value, METRICS[name], brief=True) in compact(card)


def test_assigned_and_held_out_are_those_of_the_raw_file(
    sample: Settings, cubes: Cubes, manager: Viewer
) -> None:
    rows = {row["member_id"]: row for row in raw(sample, "assignments.csv") if row["campaign_id"] == CLOSED}
    arms = Counter(row["arm"] for row in rows.values() if row["assigned"] == "Y")
    answer = questions.arms(alone(CLOSED), manager, cubes)
    shown = {str(row.key[0]): row.values["assigned"].value for row in answer.rows}
    assert {arm: count for arm, count in shown.items() if count} == dict(arms)
    held = questions.steps(alone(CLOSED), manager, cubes).one("held_out")
    assert held.value == arms["Holdout"] > 0


def test_calls_and_their_cost_are_those_of_the_raw_file(
    sample: Settings, cubes: Cubes, manager: Viewer
) -> None:
    name = "a1c-2026-arms"
    calls = {row["Call ID"]: row for row in raw(sample, "calls.csv", ";") if row["Campaign"] == name}
    answer = questions.cost(alone(name), manager, cubes)
    phone = next(row.values for row in answer.rows if row.key == ("phone",))
    assert phone["cost_per_send"].denominator == len(calls) > 0
    spent = sum(float(row["Cost"].replace(",", ".") or 0) for row in calls.values())
    assert phone["cost"].value == pytest.approx(spent)


@pytest.mark.parametrize("name", [CLOSED, TINY, SCHEDULED, UNRECORDED, "refill-2026"])
def test_every_panel_is_drawn_and_short(name: str, cubes: Cubes, manager: Viewer, store: Store) -> None:
    sizes = {
        place: len(compact(part).encode()) for place, part in panels(name, manager, cubes, store).items()
    }
    assert len(sizes) >= 16
    assert {place: size for place, size in sizes.items() if size > ANSWER} == {}


def test_a_period_or_attribute_without_distinct_members_counts_once_per_channel(
    cubes: Cubes, manager: Viewer
) -> None:
    filters = alone(CLOSED, attributes=(("region", ("North",)),))
    assert "members_delivered" in questions.steps(filters, manager, cubes).metrics
    assert "once per channel" in compact(campaign_steps.steps(filters, manager, cubes))


def test_a_campaign_too_small_to_tell_says_so_once_and_keeps_its_record(
    cubes: Cubes, manager: Viewer, store: Store
) -> None:
    drawn = panels(TINY, manager, cubes, store)
    assert compact(drawn).count("Withheld for privacy") == 1
    assert "house call" in compact(drawn["campaign-record"]).lower()
    for place in ("arms", "channels", "waves", "trend", "cost", "members", "curve"):
        assert drawn[f"campaign-{place}"] == [], place


def test_a_campaign_to_come_says_when_it_starts(cubes: Cubes, manager: Viewer, store: Store) -> None:
    drawn = panels(SCHEDULED, manager, cubes, store)
    assert "nothing has been sent yet" in compact(drawn["campaign-steps"])
    assert "Starts " in compact(layout(manager, cubes, campaign=SCHEDULED))


Told = tuple[Released, str]


def step(value: float | None, status: Status = Status.RELEASED, *, about: bool = False) -> Told:
    return Released(value, status, value, approximate=about), "assigned"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (step(1000), step(900), "90.0% of eligible, 100 fewer"),
        (step(1000), step(989), "98.9% of eligible, 11 fewer"),
        (step(1000), step(990), "99.0% of eligible"),
        (step(1000), step(999), "99.9% of eligible"),
        (step(1000), step(1000), "100% of eligible, nobody fewer"),
        (step(1000), step(900, about=True), "90.0% of eligible"),
        (step(1000), step(900, Status.PARTIAL), "counted in part: not compared"),
        (step(1000), step(None, Status.WITHHELD), ""),
        (step(None, Status.WITHHELD), step(900), ""),
    ],
)
def test_a_drop_of_one_to_ten_is_never_told_as_a_number(
    before: tuple[Released, str], now: tuple[Released, str], told: str
) -> None:
    contactable = next(one for one in campaign_steps.STEPS if one.label == "Contactable")
    assert campaign_steps._drop(contactable, {"Eligible": before, "Contactable": now}) == told


def told(value: float | None, status: Status = Status.RELEASED) -> Released:
    return Released(value, status, value)


@pytest.mark.parametrize(
    ("slots", "points"),
    [
        ({"00d": told(20), "30d": told(30)}, (0.1, 0.1, 0.25, 0.25, 0.25)),
        (
            {"00d": told(20), "14d": told(None, Status.WITHHELD), "30d": told(30)},
            (0.1, None, None, None, None),
        ),
        ({"00d": told(20, Status.PARTIAL)}, (None,) * 5),
        ({}, (0.0,) * 5),
    ],
)
def test_a_curve_rises_and_ends_where_a_part_is_not_told(
    slots: dict[object, Released], points: tuple[float | None, ...]
) -> None:
    assert campaign_outcomes._points(slots, 200) == points


def test_the_curves_of_arms_end_at_their_outcome_rate(cubes: Cubes, manager: Viewer) -> None:
    for name in cubes.campaigns:
        curves = campaign_outcomes.curves(alone(name), manager, cubes)
        arms = questions.arms(alone(name), manager, cubes)
        rates = {str(row.key[0]): row.values["outcome_rate"] for row in arms.rows}
        for curve in curves:
            if curve.points[-1] is not None:
                assert curve.points[-1] == pytest.approx(rates[curve.arm].value)
        assert sum(curve.held for curve in curves) <= 1


def test_with_a_holdout_both_rates_and_the_verdict_stand_there(cubes: Cubes, manager: Viewer) -> None:
    said = compact(campaign_head.cards(alone(CLOSED), manager, cubes))
    assert "Holdout (held out)" in said
    assert "Too small to tell" in said
    everything = compact([campaign_head.cards(alone(one), manager, cubes) for one in cubes.campaigns])
    assert "not causally measured" in everything
    assert "uplift" not in everything.lower()


def test_without_a_period_the_whole_schedule_is_meant(cubes: Cubes, manager: Viewer) -> None:
    filters, campaign, _ = questions.asked({"campaign": CLOSED}, manager, cubes)
    assert filters.period.all_time
    assert campaign is not None
    assert campaign.id == CLOSED
    filters, _, _ = questions.asked({"campaign": CLOSED, "period": "last_6_months"}, manager, cubes)
    assert filters.period.preset == "last_6_months"


@pytest.mark.parametrize("name", ["nobody", "a1c-2026-arms", "flu-2025,flu-2026-ma", "x" * 5000, "<script>"])
def test_a_campaign_out_of_scope_is_one_that_does_not_exist(
    name: str, cubes: Cubes, limited: Viewer, store: Store
) -> None:
    said = compact(layout(limited, cubes, campaign=name))
    assert "No such campaign" in said
    assert "A1C" not in said.replace(name[:80], "")
    for place, part in panels(name, limited, cubes, store).items():
        told = [] if place == LIVE.told else part
        assert told == [] or told is no_update or place == "campaign-found", place
        assert place != LIVE.told or part[2] is True, "a live strip is shown"


def test_lists_and_neighbours_name_no_campaign_out_of_scope(cubes: Cubes, limited: Viewer) -> None:
    hidden = [one.name for one in cubes.campaigns.values() if one.program != "Flu shot"]
    queries: list[dict[str, str]] = [{}, {"find": "a1c"}, {"campaign": CLOSED}]
    said = compact([layout(limited, cubes, **query) for query in queries])
    assert CLOSED in said
    assert [name for name in hidden if name in said] == []


@pytest.mark.parametrize("name", ["Colon Kit, Fall 26", "50% off", "A%2CB", "a/b"])
def test_an_id_with_a_comma_or_a_percent_sign_is_found_by_its_own_link(
    name: str, cubes: Cubes, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = replace(next(iter(cubes.campaigns.values())), id=name)
    monkeypatch.setattr(cubes, "campaigns", {name: campaign})
    linked = Filters(campaign=(name,)).query()["campaign"]
    assert questions.visible(linked, manager, cubes) is campaign
    assert questions.visible(name, manager, cubes) is campaign


def test_near_misses_lead_on(cubes: Cubes, manager: Viewer) -> None:
    assert '"/campaign?campaign=flu-2025"' in compact(layout(manager, cubes, campaign="flu-2024"))


def test_the_list_groups_by_status(cubes: Cubes, manager: Viewer) -> None:
    said = compact(layout(manager, cubes))
    places = [said.index(f'"{name}"') for name in ("Active", "Maturing", "Scheduled", "Closed", "No record")]
    assert places == sorted(places)
    assert len(said) < ANSWER + 3_000


def test_an_empty_lake_has_a_page_all_the_same(settings: Settings, manager: Viewer) -> None:
    empty = Shelf(Lake(settings.lake)).current()
    assert "There is no campaign yet" in compact(layout(manager, empty))
    assert "No such campaign" in compact(layout(manager, empty, campaign="x"))


def test_every_table_is_a_file_of_one_campaign_alone(cubes: Cubes, manager: Viewer, limited: Viewer) -> None:
    tables = [table for table in TABLES["campaign"].values() if isinstance(table, Table)]
    assert len(tables) == 13
    for table in tables:
        assert table.ask(alone(CLOSED), manager, cubes).rows or table.name == "outcome-times"
        for filters, viewer in (
            (Filters(), manager),
            (replace(alone(CLOSED), campaign=(CLOSED, TINY)), manager),
            (alone("a1c-2026-arms"), limited),
        ):
            with pytest.raises(LookupError):
                table.ask(filters, viewer, cubes)


def test_a_viewer_without_the_permission_sees_no_way_to_edit_and_is_refused(
    cubes: Cubes, executive: Viewer, store: Store, sample: Settings
) -> None:
    store.add_note(CLOSED, 20_400, "read by all", "Ann")
    said = compact(panels(CLOSED, executive, cubes, store))
    assert "read by all" in said
    for mark in ("data-record-edit", "data-record-undo", "data-note-form", "data-note-remove", ".csv"):
        assert mark not in said
    server: Flask = create_app(sample.model_copy(update={"state_url": SecretStr(store.database.url)}))
    outputs = [
        name
        for name in server.extensions["reachboard.guard"].wires
        if "campaign-record-said.children" in name
    ]
    outputs += [
        name for name in server.extensions["reachboard.guard"].wires if "campaign-notes-said.children" in name
    ]
    assert len(outputs) == 2
    for output in outputs:
        assert fire(server, signed_in(server, "executive"), output).status_code == 403
        assert fire(server, signed_in(server, "manager"), output).status_code == 200
