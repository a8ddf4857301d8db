"""What people edit in the app reaches the figures: exactly, once, and until the source itself changes."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.records import BROWSER, FIELDS, history, shown
from data.snapshot import Lake
from data.tables import CAMPAIGNS, TABLES
from data.viewer import EVERYTHING
from etl.refresh import refresh
from state.store import Store
from tests import reference, stated
from tests.crashes import Crash, allow
from tests.feeds import Piece, load, settings_of
from tests.lakes import cells_of, differences, state
from tests.worlds import deal, world

RECORD = {
    "id": "c", "name": "C", "program": "A1C", "line": "Medicaid", "outcome": "visit", "window": "30",
    "lag": "", "costs": "mail=0.5",
}  # fmt: skip


def records(number: int, *changes: dict[str, str]) -> Piece:
    """A file of the campaign system: the record with each of the changes."""
    return Piece("records", number, tuple(tuple({**RECORD, **change}.items()) for change in changes))


def letters(count: int) -> list[Piece]:
    base = {"state": "printed", "campaign": "c", "variant": ""}
    rows = [{"letter": f"L{n}", "member": f"M{n}", **base} for n in range(count)]
    return [Piece("letters", 0, tuple(tuple(row.items()) for row in rows))]


def store_of(settings: Settings) -> Store:
    return Store(settings.state)


def edit(settings: Settings, campaign: str, **values: Any) -> int:
    """Edit as a page does: on top of what is shown now."""
    store = store_of(settings)
    cubes = cubes_of(settings)
    known = cubes.campaigns.get(campaign)
    record = {} if known is None else json.loads(known.record)
    now = shown(record, 0 if known is None else known.edited_us, store.edits(campaign))
    changes = {name: [now.record.get(name), value] for name, value in values.items()}
    return store.add_edit(campaign, changes, "Ann", base=now.base).id


def cubes_of(settings: Settings) -> Cubes:
    lake = Lake(settings.lake)
    return Cubes(lake, lake.latest())


def record_of(settings: Settings, campaign: str = "c") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cubes_of(settings).campaigns[campaign].record)
    return found


def figure(settings: Settings, metric: str, campaign: str) -> Any:
    filters = Filters(period=Period("all_time"), campaign=(campaign,))
    return measure([metric], (), filters, EVERYTHING, cubes_of(settings)).one(metric)


def people(count: int) -> list[Piece]:
    """Members assigned on one day, of whom the nth has a visit n days later."""
    told = {
        "campaign": "c", "updated": "1", "arm": "a", "assigned": "yes", "date": "2026-01-10",
        "eligible": "yes", "contactable": "yes", "consented": "yes", "segment": "",
    }  # fmt: skip
    day = date(2026, 1, 10).toordinal()
    visits = [
        {
            "claim": str(n), "member": f"M{n}", "outcome": "visit", "value": "",
            "service": date.fromordinal(day + n).isoformat(),
        }
        for n in range(count)
    ]  # fmt: skip
    return [
        Piece("assignments", 0, tuple(tuple({"member": f"M{n}", **told}.items()) for n in range(count))),
        Piece("claims", 0, tuple(tuple(row.items()) for row in visits)),
    ]


def test_an_edited_window_moves_the_outcome_rate_exactly(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {}), *people(100)])
    for window in (30, 50, 14):
        if window != 30:
            edit(settings, "c", window_days=window)
        refresh(settings)
        rate = figure(settings, "outcome_rate", "c")
        assert (rate.numerator, rate.denominator) == (window + 1, 100)
    edit(settings, "c", outcome="lab")
    refresh(settings)
    assert figure(settings, "outcome_rate", "c").value in (0, None), "nobody has a lab result"


def test_runs_between_loads_and_edits_end_where_a_rebuild_does(tmp_path: Path) -> None:
    seed = 1
    rng, settings = random.Random(seed), settings_of(tmp_path)
    plan = world(seed, 20, 2, days=40)
    dealt = deal(plan, seed, 2)
    while dealt:
        load(settings, dealt[:7])
        dealt = dealt[7:]
        campaign = rng.choice(plan.campaigns)
        change = rng.choice(
            [
                {"window_days": rng.choice((None, 2, 60))},
                {"outcome": rng.choice((None, "lab", "booked"))},
                {"unit_costs": rng.choice((None, {"email": 0.01}, {"mail": 1, "sms": 0.5}))},
                {"goal": rng.random()},
            ]
        )
        if next(iter(change.values())) != shown_now(settings, campaign).get(next(iter(change))):
            edit(settings, campaign, **change)
        refresh(settings)
    lake = Lake(settings.lake)
    assert cells_of(lake) == reference.cells(reference.counts(stated.said(lake)))
    grown = state(settings)
    refresh(settings, rebuild=True)
    assert not differences(grown, state(settings))


def shown_now(settings: Settings, campaign: str) -> dict[str, Any]:
    known = cubes_of(settings).campaigns.get(campaign)
    record = {} if known is None else json.loads(known.record)
    edited = 0 if known is None else known.edited_us
    return shown(record, edited, store_of(settings).edits(campaign)).record


def test_a_file_imported_again_undoes_no_edit_but_a_change_in_it_does(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {})])
    refresh(settings)
    edit(settings, "c", window_days=45, owner="Pharmacy team")
    refresh(settings)
    assert record_of(settings)["window_days"] == 45
    (again,) = load(settings, [records(1, {}, {"id": "d"})])
    assert (again.loaded, again.already_present) == (1, 1), "the source said nothing new of this campaign"
    load(settings, [records(2, {"name": "Another name"})])
    refresh(settings)
    assert (record_of(settings)["window_days"], record_of(settings)["name"]) == (45, "Another name")
    load(settings, [records(3, {"name": "Another name", "window": "60"})])
    refresh(settings)
    record = record_of(settings)
    assert (record["window_days"], record["owner"]) == (60, "Pharmacy team")
    told = history(cubes_of(settings).versions("c"), store_of(settings).edits("c"))
    assert [(one.source, one.by) for one in told] == [
        ("records", ""), ("records", ""), (BROWSER, "Ann"), ("records", ""),
    ]  # fmt: skip
    assert told[0].changes == {"window_days": [45, 60]}
    assert told[2].changes == {"owner": [None, "Pharmacy team"], "window_days": [30, 45]}


def test_an_undone_edit_leaves_the_figures_as_they_were(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {}), *letters(40)])
    refresh(settings)
    before, cost = state(settings), figure(settings, "cost", "c").value
    made = edit(settings, "c", unit_costs={"mail": 0.75})
    refresh(settings)
    assert cost == pytest.approx(20)
    assert figure(settings, "cost", "c").value == pytest.approx(30)
    store_of(settings).undo(made, "Bo")
    refresh(settings)
    assert not differences(before, state(settings))
    assert record_of(settings)["unit_costs"] == {"mail": 0.5}


def test_an_edit_alone_is_published_once_and_makes_a_first_record(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, letters(20))
    refresh(settings)
    assert not cubes_of(settings).campaigns["c"].recorded
    edit(settings, "c", name="Letters", program="Flu shot", start="2026-01-05")
    assert cubes_of(settings).campaigns["c"].name == "c", "figures do not know it before a run"
    assert refresh(settings).changed
    campaign = cubes_of(settings).campaigns["c"]
    assert (campaign.recorded, campaign.name, campaign.program) == (True, "Letters", "Flu shot")
    assert campaign.start_day == 20458
    assert not shown(json.loads(campaign.record), campaign.edited_us, store_of(settings).edits("c")).waiting
    assert not refresh(settings).changed
    assert Lake(settings.lake).latest().clocks["last_load_us"] is not None


def test_a_record_alone_makes_a_first_snapshot(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    edit(settings, "planned", name="Planned", start="2027-01-05")
    assert refresh(settings).changed
    assert cubes_of(settings).campaigns["planned"].name == "Planned"
    assert Lake(settings.lake).latest().clocks["last_load_us"] is None


def test_a_source_that_changes_a_field_after_the_edit_counts(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {})])
    refresh(settings)
    edit(settings, "c", window_days=45, name="Ours")
    load(settings, [records(1, {"window": "60"})])
    refresh(settings)
    record = record_of(settings)
    assert (record["window_days"], record["name"]) == (60, "Ours")
    told = history(cubes_of(settings).versions("c"), store_of(settings).edits("c"))
    assert [one.overtaken for one in told if one.source == BROWSER] == [("window_days",)]
    assert not refresh(settings).changed, "an edit that was overtaken does not wait for ever"


def test_edits_outlive_a_lake_that_is_loaded_anew(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {})])
    refresh(settings)
    edit(settings, "c", window_days=45)
    refresh(settings)
    edit(settings, "c", window_days=50)
    refresh(settings)
    (settings.var / "lake").rename(tmp_path / "lost")
    load(settings, [records(0, {})])
    refresh(settings)
    assert record_of(settings)["window_days"] == 50


def test_a_crash_at_any_write_lands_an_edit_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {}), *letters(20)])
    refresh(settings)
    edit(settings, "c", unit_costs={"mail": 0.75})
    edit(settings, "c", window_days=45)
    crashed = 0
    for allowed in range(40):
        with monkeypatch.context() as patched:
            allow(patched, allowed)
            try:
                refresh(settings)
            except Crash:
                crashed += 1
                assert Lake(settings.lake).latest().number == 1
            else:
                break
    assert crashed > 6, "landing and publishing take more writes than that"
    landed = Lake(settings.lake).frame("campaigns", where="partial")
    assert landed.height == 2
    assert figure(settings, "cost", "c").value == pytest.approx(15)
    assert not refresh(settings).changed


def test_a_lake_of_before_edits_opens_and_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path)
    then = dataclasses.replace(CAMPAIGNS, columns=tuple(c for c in CAMPAIGNS.columns if c.name != "partial"))
    with monkeypatch.context() as patched:
        patched.setitem(TABLES, "campaigns", then)
        load(settings, [records(0, {}), records(1, {"window": "20"})])
    table = Lake(settings.lake).open("campaigns")
    assert table is not None
    assert "partial" not in {field.name for field in table.schema().fields}
    refresh(settings)
    assert record_of(settings)["window_days"] == 20
    edit(settings, "c", window_days=45)
    refresh(settings)
    assert record_of(settings)["window_days"] == 45


def test_a_state_database_that_cannot_be_read_keeps_no_figures_back(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {})])
    refresh(settings)
    load(settings, letters(1))
    (settings.var / "state.db").write_text("no database at all, but long enough to be looked at" * 50)
    run = refresh(settings)
    assert run.changed
    assert run.warnings[0].startswith("edits: the state database cannot be opened (DatabaseError)")


def test_an_edit_that_cannot_stand_in_a_record_stops_no_run(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, [records(0, {})])
    store = store_of(settings)
    store.add_edit("c", {"start": [None, "soon"], "window_days": [30, -1], "nonsense": [None, 1]}, "Ann")
    store.add_edit("c", {"goal": [None, 0.2]}, "Ann", base=1)
    refresh(settings)
    assert record_of(settings) == {**record_of(settings), "goal": 0.2, "window_days": 30}
    assert set(record_of(settings)) <= {"id", *FIELDS}
