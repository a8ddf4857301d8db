"""The Data page says what the lake's own catalogue holds, and to a viewer of a part nothing of the whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from dash import Input

from callbacks import data as wired
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.catalogue import catalogue
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.metrics import METRICS
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from etl.commands import recorded
from etl.door import import_file, quarantine_of, replay
from pages import data_clocks, data_gaps, data_health, data_loads, data_questions, data_refused, data_sources
from pages.data_page import layout
from pages.data_questions import TABLES, View, WholePlan, view_of
from pages.table import ListTable
from tests.drawn import compact
from tests.feeds import load, mapping_of, settings_of
from tests.worlds import deal, world
from ui.numbers import count, written

LIMIT = 16_000
PLAN_WIDE = {"sources", "loads", "refused", "left-out", "waiting", "checks", "runs", "clocks"}


@pytest.fixture
def analyst() -> Viewer:
    return Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))


@pytest.fixture
def narrow(analyst: Viewer) -> Viewer:
    return replace(analyst, scope=Scope(lines=frozenset({"Medicaid"})))


def listing(name: str, viewer: Viewer, cubes: Cubes, **query: str) -> list[dict[str, object]]:
    (table,) = [one for one in TABLES if one.name == name]
    assert isinstance(table, ListTable)
    found = table.listing(viewer, cubes, query)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def drawn(viewer: Viewer, cubes: Cubes, view: object = None) -> dict[str, str]:
    """What every wire of the page answers that shows what the lake says of itself."""
    shown = {}
    for wire in wired.wires.recorded:
        if callable(wire.function) and wire.function.__module__ == wired.__name__:
            takes = sum(isinstance(end, Input) for end in wire.ends)
            given = ((view or {}), 1)[-takes:] if takes == 1 else (view or {}, 1)
            shown[wire.function.__name__] = compact(wire.function(viewer, cubes, *given))
    return shown


def test_every_panel_is_drawn_and_small(cubes: Cubes, analyst: Viewer) -> None:
    for view in ({}, {"loads": 1, "reasons": 1, "waiting": 1, "sources": 1}, {"source": "sample_email"}):
        sizes = {name: len(text) for name, text in drawn(analyst, cubes, view).items()}
        assert len(sizes) == 8
        assert max(sizes.values()) <= LIMIT, sizes
        assert len(compact(layout(analyst, cubes))) <= LIMIT


def test_every_load_adds_up_and_says_so(cubes: Cubes, analyst: Viewer) -> None:
    rows = listing("loads", analyst, cubes)
    assert len(rows) == catalogue(cubes).loads.height
    for row in rows:
        parts = ("loaded", "already_present", "skipped", "refused")
        assert sum(int(str(row[part])) for part in parts) == row["rows_in"]
        assert "/" not in str(row["file_name"])
    seen = ""
    for page in range(len(rows) // data_loads.SIZE + 1):
        seen += compact(data_loads.panel_of(View(pages=(("loads", page),)), analyst, cubes))
    for row in rows:
        for name in ("file_name", "sha256", "mapping_sha256", "load_id"):
            assert str(row[name]) in seen
        assert count(int(str(row["rows_in"]))) in seen
    assert "does not add up" not in seen
    total = sum(int(str(row["rows_in"])) for row in rows)
    assert f"{count(total)} rows in {len(rows)} files, every one accounted for" in seen


def test_a_load_that_does_not_add_up_is_not_hidden(cubes: Cubes, analyst: Viewer) -> None:
    row = data_questions.loads(analyst, cubes)[0]
    wrong = [{**row, "balanced": False}]
    assert "1 load does not add up" in data_loads.title(wrong)
    assert "does not add up" in compact(data_loads._row(wrong[0], "UTC", None, analyst))


def test_refused_rows_are_those_of_the_quarantine(sample: Settings, cubes: Cubes, analyst: Viewer) -> None:
    entries = quarantine_of(sample).entries()
    waiting = listing("waiting", analyst, cubes)
    assert sum(int(str(row["rows"])) for row in waiting) == sum(entry.rows for entry in entries)
    refused = listing("refused", analyst, cubes)
    assert sum(int(str(row["rows"])) for row in refused) == int(catalogue(cubes).loads["refused"].sum())
    seen = ""
    for page in range(len(entries)):
        seen += compact(data_refused.waiting(View(pages=(("waiting", page),)), analyst, cubes))
    for entry in entries:
        assert f"etl refused {entry.load_id} --out" in seen
        assert f"etl replay {entry.load_id} --mapping MAPPING.toml" in seen
    assert f"{count(sum(entry.rows for entry in entries))} refused rows wait" in seen


def test_a_source_narrows_files_and_refusals_and_is_kept_in_the_address(
    cubes: Cubes, analyst: Viewer
) -> None:
    view = view_of({"source": "sample_labs"}, analyst, cubes)
    for panel in (data_loads.panel_of, data_refused.reasons, data_refused.waiting):
        said = compact(panel(view, analyst, cubes))
        assert "labs.csv" in said or "sample_labs" in said
        assert "sample_email" not in said
        assert ".csv?source=sample_labs" in said
    assert {row["source"] for row in listing("loads", analyst, cubes, source="sample_labs")} == {
        "sample_labs"
    }
    said = compact(layout(analyst, cubes, source="sample_labs", loads="2", utm_source="x"))
    assert '"source":"sample_labs"' in said
    assert '"loads":1' in said


@pytest.mark.parametrize(
    "given",
    [None, 3, [], {"source": 5}, {"source": "nothing"}, {"campaign": []}, {"loads": "-1"}, {"loads": "²"},
     {"loads": "9" * 400, "source": {"a": 1}}],
)  # fmt: skip
def test_what_a_browser_sends_is_never_trusted(given: object, cubes: Cubes, analyst: Viewer) -> None:
    view = view_of(given, analyst, cubes)
    assert (view.source, view.campaign) == ("", "")
    assert data_loads.panel_of(view, analyst, cubes)
    assert layout(analyst, cubes, loads="9" * 50, source="x")


def test_the_clocks_say_who_sets_them(cubes: Cubes, analyst: Viewer) -> None:
    rows = {row["clock"]: row for row in listing("clocks", analyst, cubes)}
    setting = str(rows["outreach_through"]["set_by"])
    assert setting
    said = compact(data_clocks.clocks(analyst, cubes))
    assert f"Set by {setting}" in said
    known = catalogue(cubes)
    stated = cubes.snapshot.clocks
    (through,) = {one.last_us // 3_600_000_000 * 3_600_000_000 for one in known.outreach if one.sets}
    assert through == stated["outreach_through_us"]
    assert {one.outcome: one.day for one in known.outcomes} == stated["outcomes_through"]
    sources = {one.name: one for one in data_questions.all_sources(analyst, cubes)}
    assert [one.name for one in sources.values() if one.sets_outreach] == [setting]


def test_unlinked_messages_are_the_released_ones(cubes: Cubes, analyst: Viewer) -> None:
    answer = data_questions.unlinked(Filters(), analyst, cubes)
    assert any(row.values["unlinked"].value for row in answer.rows)
    said = compact(data_gaps.unlinked(analyst, cubes))
    by_channel = data_gaps.measured(
        data_questions.UNLINKED, ("channel",), data_questions.ever(Filters()), analyst, cubes
    )
    for row in by_channel.rows:
        for name, value in row.values.items():
            assert written(value, METRICS[name]) in said


def test_coverage_tells_reported_from_totals_and_absent(cubes: Cubes, analyst: Viewer) -> None:
    rows = listing("coverage", analyst, cubes)
    told = cubes.coverage
    for row in rows[::7]:
        facts = told.filter((pl.col("campaign") == row["campaign"]) & (pl.col("channel") == row["channel"]))
        names = {"bounced", "failed", "returned"} if row["fact"] == "bounced" else {row["fact"]}
        origins = set(facts.filter(pl.col("fact").is_in(list(names)))["origin"])
        expected = "reported" if "rows" in origins else "totals only" if origins else "not available"
        assert row["status"] == expected, row
    assert {row["status"] for row in rows} == {"reported", "totals only", "not available"}
    one = compact(data_gaps.reported(View(campaign="flu-2025"), analyst, cubes))
    assert "What can be told of" in one
    assert "totals only" in one


def test_a_viewer_of_a_part_sees_nothing_of_the_whole_plan(
    cubes: Cubes, analyst: Viewer, narrow: Viewer
) -> None:
    known = catalogue(cubes)
    foreign = {one.name for one in cubes.campaigns.values() if one.line_of_business != "Medicaid"}
    secrets = (
        foreign | set(known.loads["source"]) | set(known.loads["file_name"]) | set(known.loads["sha256"])
    )
    secrets |= {str(one) for one in known.loads["load_id"]} | {count(int(known.loads["rows_in"].sum()))}
    said = compact(layout(narrow, cubes, source="sample_labs", campaign="flu-2025"))
    said += "".join(drawn(narrow, cubes, {"source": "sample_labs", "campaign": "flu-2025"}).values())
    assert [one for one in secrets if one in said] == []
    whole = "".join(drawn(analyst, cubes).values())
    assert any(one in whole for one in secrets), "a viewer of the whole plan does see them"
    for table in TABLES:
        if isinstance(table, ListTable) and table.name in PLAN_WIDE:
            with pytest.raises(WholePlan):
                table.listing(narrow, cubes, {})
    assert {row["campaign_name"] for row in listing("coverage", narrow, cubes)} & foreign == set()
    assert listing("coverage", narrow, cubes, campaign="flu-2025") == listing("coverage", narrow, cubes)
    answer = data_questions.unlinked(Filters(), narrow, cubes)
    assert {cubes.campaigns[str(row.key[0])].line_of_business for row in answer.rows} == {"Medicaid"}


def test_only_who_may_export_is_offered_files(cubes: Cubes, analyst: Viewer) -> None:
    officer = Viewer("an officer", Role.PRIVACY_OFFICER, frozenset(PERMISSIONS[Role.PRIVACY_OFFICER]))
    assert ".csv?" not in "".join(drawn(officer, cubes).values())
    assert "/data/sources.csv" in drawn(analyst, cubes)["sources"]
    assert "/data/sources.csv" not in drawn(officer, cubes)["sources"]


def test_an_empty_lake_says_how_the_first_file_comes_in(settings: Settings, analyst: Viewer) -> None:
    empty = Shelf(Lake(settings.lake)).current()
    said = compact(layout(analyst, empty))
    assert "python -m etl import FILE.csv --mapping MAPPING.toml --dry-run" in said
    assert all(drawn(analyst, empty).values())


def test_a_load_that_came_after_the_snapshot_waits_and_a_blocked_publish_is_first(
    tmp_path: Path, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from etl import checks

    settings = settings_of(tmp_path)
    pieces = deal(world(0, 12, 2, days=12), 4, 1)
    load(settings, pieces[:-1])
    recorded(settings, "by hand")
    cubes = Shelf(Lake(settings.lake)).current()
    assert data_health.notices(analyst, cubes) == []
    load(settings, pieces[-1:])
    said = compact(data_health.notices(analyst, cubes))
    assert "1 load waits for the next refresh" in said
    newest = data_questions.loads(analyst, cubes)[0]
    assert newest["waits"]
    assert "waits for the next refresh" in compact(data_loads.panel_of(View(), analyst, cubes))
    bad = checks.Check("never_right", "A check that always finds a bad row.", "select 1")
    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, bad))
    with pytest.raises(checks.PublishBlocked):
        recorded(settings, "by hand")
    said = compact(data_health.notices(analyst, cubes))
    assert "Publishing is blocked since" in said
    assert "All figures are those of snapshot 1" in said
    assert "1 of" in compact(data_health.checks(analyst, cubes))
    assert "blocked" in compact(data_health.runs(analyst, cubes))


def test_a_source_is_late_by_its_own_rhythm(
    sample: Settings, tmp_path: Path, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample.lake, tmp_path / "lake")
    cubes = Shelf(Lake(tmp_path / "lake")).current()
    claims = {one.name: one for one in data_questions.all_sources(analyst, cubes)}["sample_claims"]
    assert claims.usual_us is not None
    assert claims.latest_us is not None
    for waited, late in ((1.9, False), (2.1, True)):
        at = claims.latest_us + int(waited * claims.usual_us)
        monkeypatch.setattr(data_questions, "now_us", lambda at=at: at)
        (found,) = [one for one in data_questions.all_sources(analyst, cubes) if one.name == "sample_claims"]
        assert bool(found.late_us) is late
        said = compact(data_sources.panel_of(View(), analyst, cubes))
        assert ("sample_claims by" in said) is late
        assert ("late by" in said) is late


def test_a_replay_is_told_as_one_and_what_it_brought_waits_no_more(tmp_path: Path, analyst: Viewer) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    files.mkdir()
    file = files / "x.csv"
    file.write_text("sid,at,what,class\na,1780000000000,reply,x\nb,1780000000001,rely,x\n")
    mapping = mapping_of(files, "replies")
    mended = files / "mended.toml"
    mended.write_text(mapping.read_text().replace('reply = "replied"', 'reply = "replied", rely = "replied"'))
    first = import_file(settings, file, mapping)
    cubes = Shelf(Lake(settings.lake)).current()
    assert "1 refused row waits" in compact(data_refused.waiting(View(), analyst, cubes))
    replay(settings, first.load_id, mended)
    assert "No refused rows wait" in compact(data_refused.waiting(View(), analyst, cubes))
    assert "replay of load 1" in compact(data_loads.panel_of(View(), analyst, cubes))
    (reason,) = data_questions.refused(analyst, cubes)
    assert (reason.rows, reason.waiting) == (1, 0)
