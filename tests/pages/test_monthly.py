"""The monthly report says what `measure` answers, what raw rows add up to, and why not the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period, day_date, month_span
from data.viewer import EVERYTHING, Scope, Viewer
from documents.model import Bars, Document, Figures, Lines, Table, Value, decoded, encoded
from insight.experiments import Arm
from insight.incremental import incremental
from pages import evidence, monthly_month
from pages.evidence import Evidence
from pages.monthly_blocks import open_range, outcome_words
from pages.monthly_document import OVERVIEW, SECTION, document
from pages.monthly_questions import honest
from pages.monthly_returns import FREE, NO_COST, NO_VALUE, returns, value_of_one
from ui.numbers import count, written

SPLICED = 202510
ALL_TIME = Filters(period=Period("all_time"), compare="none")


@pytest.fixture(scope="module")
def month(cubes: Cubes) -> int:
    return monthly_month.usual(EVERYTHING, cubes)


@pytest.fixture(scope="module")
def told(cubes: Cubes, month: int) -> Document:
    return document(month, Filters(), EVERYTHING, cubes, plan="The plan")


def days_of(month: int, **kept: Any) -> Filters:
    first, last = month_span(month)
    return Filters(period=Period("custom", day_date(first), day_date(last)), compare="none", **kept)


def block(of: Document, name: str) -> Any:
    return next(one for one in of.blocks if isinstance(one, (Table, Bars, Lines)) and one.name == name)


def values(of: Document) -> list[Value]:
    found: list[Value] = []
    for one in of.blocks:
        if isinstance(one, Figures):
            found += [item.value for item in one.items]
        if isinstance(one, (Table, Bars)):
            found += [value for row in one.rows for value in row.values]
        if isinstance(one, Lines):
            found += [value for series in one.series for value in series.values]
    return found


def test_the_usual_month_is_the_last_of_which_every_day_is_complete(cubes: Cubes, month: int) -> None:
    offered = monthly_month.months(EVERYTHING, cubes)
    assert offered == sorted(offered, reverse=True)
    assert monthly_month.is_over(month, cubes)
    assert not any(monthly_month.is_over(one, cubes) for one in offered if one > month)


@pytest.mark.parametrize("by", ["campaign", "region", "segment"])
def test_each_row_is_what_measure_answers(cubes: Cubes, told: Document, month: int, by: str) -> None:
    names = ("sent", "delivered", "delivered_rate", "members_responded", "response_rate", "conversions")
    answer = honest(measure(names, (by,), days_of(month), EVERYTHING, cubes))
    opens = measure(("open_rate",), (by,), days_of(month, channel=("email",)), EVERYTHING, cubes)
    mail = {row.key[0]: row.values["open_rate"] for row in opens.rows}
    rows = {row.key: row.values for row in block(told, f"{by}s").rows}
    assert rows
    for row in answer.rows:
        shown = rows.pop(str(row.key[0]), None)
        if shown is None:
            assert row.values["sent"].value in (0, None)
            continue
        sent, delivered, opened, responded = shown
        assert (sent.value, sent.text) == (
            row.values["sent"].value,
            written(row.values["sent"], METRICS["sent"]),
        )
        assert delivered.value == row.values["delivered_rate"].value
        share = row.values["response_rate"]
        assert responded.value == (share if share.shown else row.values["members_responded"]).value
        assert opened.value == (mail[row.key[0]].value if row.key[0] in mail else None)
    assert rows == {}


def test_messages_sent_are_those_of_the_raw_rows(cubes: Cubes, told: Document, month: int) -> None:
    zone = ZoneInfo(str(cubes.snapshot.terms["zone"]))
    rows = cubes.lake.frame("messages", cubes.snapshot.versions["messages"])
    sent = rows.filter(pl.col("sent_us").is_not_null()).select("campaign", "sent_us").iter_rows()
    first, last = (day_date(day) for day in month_span(month))
    counted = Counter(
        campaign
        for campaign, at in sent
        if first <= datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone).date() <= last
    )
    shown = {row.key: row.values[0].value for row in block(told, "campaigns").rows}
    assert sum(counted.values()) > 1_000
    assert {name: counted[name] for name, value in shown.items() if value is not None} == {
        name: value for name, value in shown.items() if value is not None
    }


def test_the_lines_add_up_to_the_figure_of_the_month(cubes: Cubes, told: Document, month: int) -> None:
    lines = block(told, "days")
    first, last = month_span(month)
    assert len(lines.x) == last - first + 1
    for name, series in zip(("sent", "delivered"), lines.series[:2], strict=True):
        whole = measure((name,), (), days_of(month), EVERYTHING, cubes).one(name)
        assert sum(value.value or 0 for value in series.values) == whole.value
        assert all(value.text != "0" for value in series.values if value.value is None)


def test_opens_are_a_range_of_e_mail_alone(cubes: Cubes, month: int) -> None:
    rates = ("open_rate_human", "open_rate")
    for one in (202610, 202608):
        answer = measure(rates, ("campaign",), days_of(one, channel=("email",)), EVERYTHING, cubes)
        low = {row.key[0]: row.values["open_rate_human"] for row in answer.rows}
        for row in block(document(one, Filters(), EVERYTHING, cubes), "campaigns").rows:
            opened = row.values[2]
            if row.key not in low:
                assert opened.text == "not available"
            if "–" in opened.text and opened.value is not None:
                assert low[row.key].value <= opened.value
            elif opened.value is not None:
                assert opened.text.startswith("up to ")


def test_spliced_history_is_marked_and_members_are_not_compared_across_it(cubes: Cubes) -> None:
    told = document(SPLICED + 100, Filters(), EVERYTHING, cubes)
    groups = measure(("sent",), (), days_of(SPLICED), EVERYTHING, cubes).groups("sent")
    last = groups.filter(pl.col("origin") == "counts")["last_day"].max()
    assert isinstance(last, int)
    after = day_date(last + 1).replace(year=2026)
    assert block(told, "days").seam == after.isoformat()
    change = {row.key: row.values[2].text for row in block(told, "year").rows}
    assert "knows no members" in change["members_responded"]
    assert "knows no members" in change["reach"]
    assert "%" in change["sent"]
    said = " ".join(
        one.text for part in told.blocks for one in getattr(part, "items", ()) if hasattr(one, "of")
    )
    assert "spliced" in said


def test_what_was_before_the_data_is_not_available_and_never_zero(cubes: Cubes) -> None:
    begin = monthly_month.months(EVERYTHING, cubes)[-1]
    told = document(begin + 3, Filters(), EVERYTHING, cubes)
    before = [row.values[1] for row in block(told, "year").rows]
    assert {value.text for value in before} == {"not available"}
    assert not any(one.dashed for one in block(told, "days").series)


def test_a_month_without_data_says_so_and_can_be_set(cubes: Cubes) -> None:
    told = document(202903, Filters(), EVERYTHING, cubes)
    assert "Nothing is told to have been sent" in told.blocks[0].items[0].text  # type: ignore[union-attr]
    assert not [one for one in told.blocks if isinstance(one, Lines)]
    assert block(told, "campaigns").rows == ()
    assert block(told, "experiments").empty
    assert decoded(encoded(told)) == told


@pytest.mark.parametrize("text", ["2026-13", "last month", "2026-1", "99999-01", "'; --"])
def test_a_month_that_is_none_is_said(cubes: Cubes, month: int, text: str) -> None:
    found = monthly_month.asked({"month": text}, EVERYTHING, cubes)
    assert found.month == month
    assert found.problems == ("A month is written like 2026-10.",)


def test_filters_narrow_every_block_alike(cubes: Cubes, month: int) -> None:
    asked = monthly_month.asked({"attr.region": "North", "channel": "email"}, EVERYTHING, cubes)
    assert asked.filters.channel == ()  # no filter of this report
    told = document(asked.month, asked.filters, EVERYTHING, cubes)
    kept = days_of(month, attributes=(("region", ("North",)),))
    whole = measure(("sent",), (), kept, EVERYTHING, cubes).one("sent")
    assert next(one for one in told.blocks if isinstance(one, Figures)).items[0].value.value == whole.value
    assert [row.key for row in block(told, "regions").rows] == ["North"]
    assert not [one for one in told.blocks if isinstance(one, Lines)]
    assert told.query == {"month": monthly_month.written(month), "attr.region": "North"}


def test_two_attributes_that_are_not_told_together_are_refused_in_words(cubes: Cubes, month: int) -> None:
    kept = Filters(attributes=(("age_band", ("18–39",)),))
    assert "Ask one at a time" in block(document(month, kept, EVERYTHING, cubes), "regions").empty


def test_a_viewer_is_told_of_the_campaigns_in_scope_alone(cubes: Cubes, told: Document, month: int) -> None:
    line = "Medicaid"
    scoped = Viewer("someone", "manager", scope=Scope(lines=frozenset((line,))))
    rows = block(document(month, Filters(), scoped, cubes), "campaigns").rows
    assert rows
    assert {cubes.campaigns[row.key].line_of_business for row in rows} == {line}
    assert len(rows) < len(block(told, "campaigns").rows)


def test_what_is_withheld_has_no_number_anywhere(cubes: Cubes) -> None:
    seen = 0
    for one in (202610, 202608, 202603):
        for value in values(document(one, Filters(), EVERYTHING, cubes)):
            if value.status in (Status.WITHHELD, Status.NOT_AVAILABLE):
                seen += 1
                assert value.value is None
                assert not any(letter.isdigit() for letter in value.text)
    assert seen


def test_experiments_have_the_words_and_figures_of_evidence(cubes: Cubes) -> None:
    found, words, returns = evidence.of(ALL_TIME, EVERYTHING, cubes), set(), set()
    for one in (202610, 202603):
        for row in block(document(one, Filters(), EVERYTHING, cubes), "experiments").rows:
            verdict, observed, _expected, more, _each, roi = row.values
            words.add(verdict.text)
            assert verdict.text == found[row.key].word
            inside = found[row.key].found
            if inside is None:
                assert (more.value, roi.value, more.text, roi.text) == (None, None, "–", "–")
                continue
            assert observed.text == count(inside.observed)
            assert more.value == inside.value
            assert (inside.low <= 0 <= inside.high) == (roi.text == "not estimable")
            returns.add(roi.text)
    assert {"too early", "not causally measured", "too small to tell"} <= words
    assert returns == {"not estimable"}


def test_a_return_is_worked_out_of_the_recorded_value_and_the_cost_that_is_told(cubes: Cubes) -> None:
    campaign = cubes.campaigns["flu-2025"]
    each = value_of_one(campaign)
    assert each is not None
    cost = measure(("cost",), (), replace(ALL_TIME, campaign=(campaign.id,)), EVERYTHING, cubes).one("cost")
    assert cost.value is not None
    found = incremental(Arm("out", 10_000, 1_000), Arm("held", 10_000, 800, control=True), cost.value)
    told = returns(Evidence("works", found=found), cost, campaign)
    assert told["roi"].value == pytest.approx((found.value * each - cost.value) / cost.value)
    assert told["roi_low"].value == pytest.approx((found.low * each - cost.value) / cost.value)
    bare = replace(campaign, record="{}")
    free, unknown = Released(0.0, Status.RELEASED), Released(None, Status.WITHHELD)
    for one, spent, why in ((bare, cost, NO_VALUE), (campaign, free, FREE), (campaign, unknown, NO_COST)):
        nothing = returns(Evidence("works", found=found), spent, one)["roi"]
        assert (nothing.value, nothing.status, nothing.reason) == (None, Status.NOT_AVAILABLE, why)


def test_the_section_alone_says_what_it_says_inside_the_report(
    cubes: Cubes, told: Document, month: int
) -> None:
    alone = document(month, Filters(), EVERYTHING, cubes, section=SECTION)
    assert alone.title == OVERVIEW
    assert alone.query["section"] == SECTION
    assert alone.blocks[1:-1] == told.blocks[1 : len(alone.blocks) - 1]


def test_it_names_plan_period_filters_and_clocks(told: Document) -> None:
    assert told.plan == "The plan"
    assert told.words.endswith("all campaigns · all channels")
    assert told.outreach_through
    assert told.outcomes_through
    assert outcome_words("well_child_visit") == "Well child visit"


def test_a_lower_end_that_is_not_told_or_lies_above_is_not_shown() -> None:
    every, low, high = (Released(share, Status.RELEASED) for share in (0.4, 0.2, 0.5))
    assert open_range({"open_rate": every, "open_rate_human": low}).text == "20.0% – 40.0%"
    hidden = Released(None, Status.WITHHELD)
    for human in (high, hidden):
        assert open_range({"open_rate": every, "open_rate_human": human}).text == "up to 40.0%"
    assert open_range({"open_rate": hidden, "open_rate_human": low}).text == "withheld"
    assert open_range({}).text == "not available"
