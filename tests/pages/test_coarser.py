"""Where a panel can tell little it says how little and why, and what it offers instead has an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlparse

import pytest

from data.answer import Answer, Released, Status
from data.codebook import SEVERAL
from data.columns import counted
from data.cubes import Cubes
from data.filters import Filters, parse
from data.measure import measure
from data.periods import Period, day_date, day_number, month_of, month_span
from data.release import EARLY
from data.untold import FEW_INSIDE, LEFT_OUT, ONLY_ZEROS, TOO_FEW, WHOLE_MONTHS, Untold
from data.viewer import EVERYTHING, Viewer
from pages import (
    buckets,
    campaign_members,
    campaign_outcomes,
    campaign_questions,
    campaign_scope,
    coarser,
    overview_arms,
    overview_heat,
    overview_panels,
    questions,
)
from tests.drawn import words
from ui.coarser import Offer

ALWAYS = Filters(period=Period("all_time"), compare="none")
DECEMBER = day_number(date(2026, 12, 7))
NOVEMBER = (day_number(date(2026, 11, 3)), day_number(date(2026, 11, 20)))


def share(answer: Answer, metric: str, whole: float) -> float:
    single = [row.values[metric] for row in answer.rows if SEVERAL not in row.key]
    return sum(value.numerator or 0 for value in single if value.shown) / whole


def _hidden(answer: Answer) -> int:
    return counted(answer, Status.WITHHELD, Status.PARTIAL)


@pytest.mark.parametrize(
    ("untold", "whole", "part"),
    [
        (Untold(few=True), TOO_FEW, LEFT_OUT),
        (
            Untold(until=DECEMBER),
            "Told once complete, by 7 Dec 2026.",
            "What is not complete yet is left out, until 7 Dec 2026.",
        ),
        (
            Untold(months=frozenset({202611})),
            WHOLE_MONTHS,
            "Told for whole months; 3–20 Nov is left out.",
        ),
        (
            Untold(True, DECEMBER, frozenset({202611})),
            "Too few members to tell apart so far; the rest is told by 7 Dec 2026.",
            "Left out: groups too small, 3–20 Nov (told by whole months) and what is complete by 7 Dec 2026.",
        ),
    ],
)
def test_what_is_left_out_says_why_and_until_when(untold: Untold, whole: str, part: str) -> None:
    assert untold.whole() == whole
    assert untold.part(NOVEMBER, NOVEMBER[1]) == part
    assert Untold(few=True).whole(zeros=True) == ONLY_ZEROS


def test_a_period_that_cuts_a_month_leaves_it_out_and_says_which_days(cubes: Cubes) -> None:
    month = month_of(month_span(month_of(cubes.today))[0] - 60)
    first, last = month_span(month)
    always = replace(ALWAYS, campaign=("refill-2026",))  # sends on every day of the month
    span = Period("custom", day_date(first + 9), day_date(cubes.today))
    rows = measure(("sent",), ("sex",), replace(always, period=span), EVERYTHING, cubes).rows
    part = [value for row in rows if (value := row.values["sent"]).status is Status.PARTIAL]
    assert part
    assert any(f"10–{day_date(last).day} {day_date(last):%b}" in value.reason for value in part)
    inside = Period("custom", day_date(first + 9), day_date(last - 5))
    hidden = measure(("sent",), ("sex",), replace(always, period=inside), EVERYTHING, cubes).column("sent")
    assert hidden
    assert {value.status for value in hidden} == {Status.WITHHELD}
    assert {value.reason for value in hidden} <= {WHOLE_MONTHS, FEW_INSIDE}
    assert WHOLE_MONTHS in {value.reason for value in hidden}


def test_what_is_not_complete_names_the_day_by_which_it_is(cubes: Cubes) -> None:
    one = replace(ALWAYS, campaign=("flu-2026-ma",))
    rates = measure(("outcome_rate", "assigned"), ("arm",), one, EVERYTHING, cubes).rows
    last = month_span(month_of(cubes.today))[1]
    told = [row.values["outcome_rate"].reason for row in rates if row.values["assigned"].value]
    days = {(day_date(last) + timedelta(days=90 + 60 + more)).strftime("%b %Y") for more in (-61, -31, 1)}
    assert told
    assert all(reason.startswith("Told once complete, by ") for reason in told)
    assert {reason.split(maxsplit=5)[-1].rstrip(".") for reason in told} <= days
    assert set(cubes.withheld("arm", ("with_outcome",)).filter(campaign="flu-2026-ma")["why"]) == {EARLY}


def test_arms_without_a_complete_outcome_say_when_and_name_no_rate(cubes: Cubes, manager: Viewer) -> None:
    filters = questions.all_of("flu-2026-ma")
    for said in (
        words(overview_arms.arms(filters, manager, cubes)),
        words(campaign_outcomes.arms(filters, manager, cubes)),
    ):
        assert "Who was assigned to which arm" in said
        assert "The outcomes by arm: told once complete, by " in said
        assert "See the totals" in said
        assert "by outcome rate" not in said.split("panel-caption")[0]
        assert "is-so-far" not in said


def _again(offer: Offer, viewer: Viewer, cubes: Cubes) -> tuple[Filters, dict[str, str]]:
    query = dict(parse_qsl(urlparse(offer.address).query))
    if offer.address.startswith("/campaign"):
        return campaign_questions.asked(query, viewer, cubes)[0], query
    return parse(query, cubes, viewer)[0], query


def test_every_coarser_question_of_members_has_an_answer(cubes: Cubes, manager: Viewer) -> None:
    """In all campaigns, over all time and over days that cut months, also crossed with an attribute."""
    links = totals = 0
    for campaign in cubes.campaigns:
        whole = replace(ALWAYS, campaign=(campaign,))
        days = Period("custom", day_date(cubes.today - 100), day_date(cubes.today - 12))
        for filters in (
            whole,
            replace(whole, period=days),
            replace(whole, attributes=(("sex", ("F",)),)),
        ):
            offer = campaign_scope.by_attribute("age_band", filters, manager, cubes)
            if offer is None or not offer.address:
                continue
            if offer.address.startswith("#"):
                totals += 1
                continue
            links += 1
            kept, query = _again(offer, manager, cubes)
            cut = query[campaign_questions.MEMBERS_BY]
            answer = campaign_questions.members(kept, manager, cubes, cut)
            assert any(v.shown and v.value for row in answer.rows for v in row.values.values()), offer
            assert (kept, cut) != (filters, "age_band")
    assert links
    assert totals


def test_the_map_offers_the_whole_months_of_days_that_cut_them(cubes: Cubes, manager: Viewer) -> None:
    first, last = month_span(month_of(month_span(month_of(cubes.today))[0] - 60))
    filters = Filters(period=Period("custom", day_date(first + 3), day_date(last - 3)))
    said = words(overview_heat.heat_map(filters, manager, cubes, "sex", "delivered_rate"))
    query = {"from": day_date(first).isoformat(), "to": day_date(last).isoformat()}
    assert f"from={query['from']}&to={query['to']}&heat=sex&of=delivered_rate" in said
    kept, _ = parse(query, cubes, manager)
    found = []
    for one in (filters, kept):
        whole = measure(("delivered_rate",), (), one, manager, cubes).one("delivered_rate").numerator
        assert whole
        found.append(share(overview_heat.heat_answer(one, manager, cubes, "sex"), "delivered_rate", whole))
    assert found[0] < 0.5
    assert found[1] >= found[0] + 0.2


def test_a_period_of_days_leads_to_its_whole_months_where_they_tell_more(
    cubes: Cubes, manager: Viewer
) -> None:
    led = 0
    for back in range(2, 12):
        first, last = month_span(month_of(cubes.today - 30 * back))
        days = Filters(period=Period("custom", day_date(first + 3), day_date(last - 3)))
        months = Filters(period=Period("custom", day_date(first), day_date(last)))
        said = words(overview_panels.scope(days, [], manager, cubes))
        hidden = [
            _hidden(measure(questions.CHANNEL, ("channel",), one, manager, cubes)) for one in (days, months)
        ]
        assert (coarser.BY_MONTHS in said) == (hidden[1] < hidden[0])
        if coarser.BY_MONTHS in said:
            led += 1
            assert f"from={day_date(first).isoformat()}&to={day_date(last).isoformat()}" in said
        assert coarser.BY_MONTHS not in words(overview_panels.scope(months, [], manager, cubes))
    assert led


def test_a_day_without_deliveries_has_no_rate_to_withhold(cubes: Cubes, manager: Viewer) -> None:
    none, some = Released(0, Status.RELEASED, 0), Released(40, Status.RELEASED, 40)
    hidden = Released(None, Status.WITHHELD, reason=TOO_FEW)
    early = Released(None, Status.WITHHELD, reason=Untold(until=DECEMBER).whole())
    assert buckets.rates_of([none, some, hidden], [hidden, hidden, hidden]) == [
        buckets.NOTHING,
        hidden,
        hidden,
    ]
    assert "× 1 rates withheld: too few members" in words(buckets.key_of("day", [], [hidden, some], "rates"))
    key = words(buckets.key_of("day", [], [hidden, early, some], "rates"))
    assert "× 2 rates withheld: too few members, or not complete yet" in key


def test_a_crossed_attribute_is_offered_to_be_taken_away(
    cubes: Cubes, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coarser, "ENOUGH", 0.01)  # the sample is small
    crossed = replace(ALWAYS, attributes=(("sex", ("F",)),))
    said = words(overview_heat.heat_map(crossed, manager, cubes, "segment", "delivered_rate"))
    assert "Ask one at a time" in said
    assert "Ask without the filter by sex" in said
    assert '"/?period=all_time&compare=none&heat=segment&of=delivered_rate"' in said


def test_a_panel_that_tells_enough_offers_nothing(cubes: Cubes, manager: Viewer) -> None:
    one = replace(ALWAYS, campaign=("flu-2025",))
    said = words(campaign_outcomes.arms(one, manager, cubes))
    assert "Outreach" in said
    assert "coarser" not in said


def test_every_campaign_says_why_by_every_attribute(cubes: Cubes, manager: Viewer) -> None:
    """A panel without a figure says why, and leads on where anything of the campaign is told."""
    faces = 0
    for campaign in cubes.campaigns:
        filters = replace(ALWAYS, campaign=(campaign,))
        if campaign_scope.quiet(filters, manager, cubes):
            continue
        for attribute in cubes.attributes:
            said = words(campaign_members.members(filters, manager, cubes, attribute))
            offer = campaign_scope.by_attribute(attribute, filters, manager, cubes)
            if "face-withheld" in said and offer is not None:
                faces += 1
                assert offer.words in said
                assert offer.address in said
                assert offer.address
    assert faces
