"""The executive page through the real lake: figures are those of `measure`, and it is honest without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import contact
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period
from data.viewer import Scope, Viewer
from documents.model import Bars, Document, Figure, Figures, Sentences, Table
from documents.pdf import pdf
from pages import cohorts, evidence, executive_programs, questions
from pages.executive_questions import address, asked, document, key_figures
from state.store import Store
from tests.documents.test_pdf import read, squeezed
from ui.numbers import count, written

LAST_YEAR = {"from": "2026-11-01", "to": "2026-11-20"}  # the sample's data begin before these days of 2025


@pytest.fixture
def told(manager: Viewer, cubes: Cubes) -> Document:
    return document(asked({}, manager, cubes)[0], manager, cubes)


def figure(content: Document, name: str) -> Figure:
    (block,) = (one for one in content.blocks if isinstance(one, Figures))
    return next(one for one in block.items if one.name == name)


def table(content: Document, name: str) -> Table | Bars:
    return next(one for one in content.blocks if isinstance(one, (Table, Bars)) and one.name == name)


def test_figures_are_those_of_measure(told: Document, manager: Viewer, cubes: Cubes) -> None:
    filters, _ = asked({}, manager, cubes)
    for name in ("eligible", "opt_out_rate"):
        value = measure((name,), (), filters, manager, cubes).one(name)
        assert figure(told, name).value.text == written(value, METRICS[name])
        assert figure(told, name).value.numerator == value.numerator
    together = evidence.portfolio(filters, manager, cubes)
    caused = figure(told, "incremental_outcomes")
    assert caused.value.value == together.value
    assert f"95 %: {count(round(together.low or 0))} to" in caused.note


def test_reached_is_of_the_eligible_campaign_by_campaign(
    told: Document, manager: Viewer, cubes: Cubes
) -> None:
    filters, _ = asked({}, manager, cubes)
    rows = measure(("reach", "eligible"), ("campaign",), filters, manager, cubes).rows
    both = [(row.values["reach"].value, row.values["eligible"].value) for row in rows]
    known = [(reach, of) for reach, of in both if reach is not None and of]
    value = figure(told, "reach_rate").value
    assert (value.numerator, value.denominator) == (sum(r for r, _ in known), sum(of for _, of in known))
    assert value.approximate


def test_without_data_of_last_year_it_says_so_and_stays_full(told: Document) -> None:
    block = next(one for one in told.blocks if isinstance(one, Figures))
    assert len(block.items) == 5
    assert "data begin" in figure(told, "eligible").change
    assert figure(told, "eligible").before is None
    sentences = [one for one in told.blocks if isinstance(one, Sentences)]
    assert [len(one.items) for one in sentences] == [2, 3]
    assert all(item.text for one in sentences for item in one.items)


def test_against_the_same_days_of_last_year(manager: Viewer, cubes: Cubes) -> None:
    filters, _ = asked(LAST_YEAR, manager, cubes)
    earlier = filters.compared(cubes)
    assert earlier is not None
    past = measure(("eligible",), (), earlier, manager, cubes).one("eligible")
    found = figure(document(filters, manager, cubes), "eligible")
    assert found.before is not None
    assert found.before.value == past.value
    assert found.change == "counted in part: not compared"


def test_a_change_has_its_sign_its_word_and_what_it_is_against(manager: Viewer, cubes: Cubes) -> None:
    days = Filters(period=Period("last_3_months"), compare="previous")
    changed = [one for one in key_figures(days, manager, cubes).items if one.before and one.tone != "none"]
    assert changed
    for one in changed:
        assert one.tone == "neutral" or one.change.endswith(("better", "worse"))
        assert one.versus


def test_without_a_holdout_nothing_is_called_caused(manager: Viewer, cubes: Cubes) -> None:
    filters, _ = asked({"period": "all_time", "campaign": "colorectal-2026-md"}, manager, cubes)
    content = document(filters, manager, cubes)
    observed = figure(content, "observed_outcomes")
    assert "not causally measured" in observed.note
    assert all(one.name != "incremental_outcomes" for one in content.blocks[0].items)  # type: ignore[union-attr]
    (row,) = table(content, "programs").rows
    assert row.values[0].text == "not causally measured"
    assert row.values[1].text == "–"
    assert "holds some members out" in str(content.blocks)


def test_programs_are_ranked_by_evidence_and_each_is_its_own_portfolio(
    told: Document, manager: Viewer, cubes: Cubes
) -> None:
    filters, _ = asked({}, manager, cubes)
    rows = table(told, "programs").rows
    ranks = [evidence.ORDER.index(row.values[0].text) for row in rows]
    assert ranks == sorted(ranks)
    for row in (one for one in rows if one.values[1].value is not None):
        alone = evidence.portfolio(replace(filters, program=(row.key,)), manager, cubes)
        assert row.values[1].value == pytest.approx(alone.value)


def test_sentences_speak_of_figures_that_stand_there(told: Document) -> None:
    said = next(one for one in told.blocks if isinstance(one, Sentences) and len(one.items) == 3)
    names = {one.name for one in told.blocks[0].items}  # type: ignore[union-attr]
    tables = {
        one.name: {row.key for row in one.rows} for one in told.blocks if isinstance(one, (Table, Bars))
    }
    for of in (name for item in said.items for name in item.of):
        block, _, row = of.partition("/")
        assert block in names or (block in tables and (not row or row in tables[block]))


def test_the_pdf_is_one_sheet_with_every_value(told: Document) -> None:
    sheet = read(pdf(told))
    assert len(sheet.pages) == 1
    words = squeezed(sheet.pages[0].extract_text())
    for block in told.blocks:
        texts = [one.value.text for one in block.items] if isinstance(block, Figures) else []
        if isinstance(block, (Table, Bars)):
            texts = [value.text for row in block.rows for value in row.values]
        if isinstance(block, Sentences):
            texts = [item.text for item in block.items]
        assert [text for text in texts if squeezed(text) not in words] == []


def test_pacing_is_drawn_between_the_ranges_of_the_cohorts_and_beside_the_goal(
    told: Document, manager: Viewer, cubes: Cubes
) -> None:
    rows = {row.key: row for row in table(told, "pacing").rows}
    known = {name: row.band for name, row in rows.items() if row.band and row.band.middle is not None}
    assert 0 < len(known) < len(rows), "some are to be expected, of others it is too early to tell"
    for name, row in rows.items():
        assert row.band is not None
        assert row.band.goal == executive_programs.goal_of(cubes.campaigns[name]) == row.values[1].value
        assert (row.band.low is None) == (row.values[2].text == "too early")
    for name, band in known.items():
        parts = [row.values for row in cohorts.cohorts(questions.all_of(name), manager, cubes).rows]
        members = [part["assigned"].value or 0 for part in parts]
        ends = {"final_rate_low": band.low, "final_rate": band.middle, "final_rate_high": band.high}
        for metric, end in ends.items():
            rates = [part[metric].value or 0 for part in parts]
            whole = sum(n * rate for n, rate in zip(members, rates, strict=True))
            assert end == pytest.approx(whole / sum(members))
        assert rows[name].values[2].value == band.middle


def test_without_a_goal_the_sheet_stays_full(manager: Viewer, cubes: Cubes) -> None:
    filters, _ = asked({"period": "all_time", "campaign": "refill-pilot-22"}, manager, cubes)
    content = document(filters, manager, cubes)
    assert table(content, "pacing").rows == ()
    sheet = read(pdf(content))
    assert len(sheet.pages) == 1
    assert "No running campaign has a goal in its record." in " ".join(sheet.pages[0].extract_text().split())


def test_the_address_of_a_sheet_asks_for_the_same(told: Document, manager: Viewer, cubes: Cubes) -> None:
    assert told.query == {"period": "this_year"}
    for query in ({}, LAST_YEAR, {"period": "last_6_months", "program": "Flu shot"}):
        filters, problems = asked(query, manager, cubes)
        assert problems == []
        assert asked(address(filters), manager, cubes)[0] == filters


def test_out_of_scope_is_out_of_the_sheet(manager: Viewer, cubes: Cubes) -> None:
    limited = replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))
    content = document(asked({}, limited, cubes)[0], limited, cubes)
    assert {row.label for row in table(content, "programs").rows} == {"Flu shot"}
    others = [one.name for one in cubes.campaigns.values() if one.program != "Flu shot"]
    assert [name for name in others if name in str(content)] == []


def test_a_goal_that_is_decided_says_which_way(told: Document) -> None:
    rows = table(told, "pacing").rows
    assert rows
    for row in rows:
        rate, goal, expected = row.values
        if expected.text.startswith("misses"):
            assert (rate.value or 0) < (goal.value or 0)
        if expected.text.startswith("reaches"):
            assert (rate.value or 0) >= 0


def test_members_written_to_after_an_opt_out_are_the_largest_risk(
    manager: Viewer, cubes: Cubes, tmp_path: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    store.open()
    filters, _ = asked({}, manager, cubes)
    before = document(filters, manager, cubes, store)
    assert before == document(filters, manager, cubes)
    store.incidents.settle(contact.CONTACT, list(contact.found(37, 11)), (), 1)
    first = next(one for one in document(filters, manager, cubes, store).blocks if isinstance(one, Sentences))
    assert "at least 30 members more than a day after they had opted out" in first.items[0].text
    limited = replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))
    assert "opted out" not in str(document(filters, limited, cubes, store))
