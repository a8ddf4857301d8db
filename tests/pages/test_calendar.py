"""The calendar: who runs when, nothing out of scope, and notes that can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from config.permissions import PERMISSIONS, Role
from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period, day_date, day_number, month_of, week_start
from data.viewer import Scope, Viewer
from pages import calendar, calendar_bars, explore_chart, overview_panels
from pages.answers import ask
from pages.calendar import chart, layout
from pages.calendar_bars import bars, table
from pages.calendar_notes import WHOLE, act, contents
from pages.calendar_sends import TABLES, runs, sends, sent_words
from pages.calendar_span import MOST, Span, at_once, later, span_of, undated, within
from pages.day_notes import notes_of
from pages.explore_asked import answer, asked
from state.store import Store
from tests.drawn import words


@pytest.fixture
def limited(cubes: Cubes) -> Viewer:
    line = next(iter({one.line_of_business for one in cubes.campaigns.values()}))
    return Viewer("limited", "manager", frozenset(PERMISSIONS[Role.MANAGER]), Scope(None, frozenset({line})))


def test_months_are_counted_over_years_and_addresses_say_them_again(cubes: Cubes) -> None:
    assert [later(202611, step) for step in (-11, -1, 1, 2, 14)] == [202512, 202610, 202612, 202701, 202801]
    for span in (Span(202611, 3), Span(202601, 1), Span(202602, 12)):
        query = dict(part.split("=") for part in span.address().partition("?")[2].split("&"))
        assert span_of(query, cubes) == span
    assert span_of({"month": "2026-11", "skip": "16"}, cubes) == Span(202611, 3, 16)
    for junk in (
        {"skip": "-1"},
        {"skip": "x"},
        {"month": "2026-13"},
        {"month": "x"},
        {"months": "7"},
        {"months": "x"},
        {},
    ):
        found = span_of(junk, cubes)
        assert found.days[0] <= cubes.today <= found.days[1]
        assert (found.months, found.skip) == (3, 0)


def test_a_campaign_is_shown_where_a_day_of_it_lies_in_the_months(cubes: Cubes, manager: Viewer) -> None:
    for one in cubes.campaigns.values():
        if one.start_day is None:
            assert one in undated(manager, cubes)
            continue
        month = month_of(one.start_day)
        assert one in within(Span(month, 1), manager, cubes)
        assert one not in within(Span(later(month, -1), 1), manager, cubes)
        if one.end_day is not None:
            assert one in within(Span(month_of(one.end_day), 1), manager, cubes)
            assert one not in within(Span(later(month_of(one.end_day), 1), 1), manager, cubes)


def test_the_weeks_say_how_many_run_at_once(cubes: Cubes, manager: Viewer) -> None:
    span = span_of({}, cubes)
    found = within(span, manager, cubes)
    week = week_start(cubes.today)
    running = [one for one in found if (one.start_day or 0) <= week + 6 and (one.end_day or week) >= week]
    assert at_once(found, week, week + 6) == len(running) > 1
    drawn = words(bars(span, found, manager, cubes))
    assert f'"children": "{len(running)}", "className": "load-' in drawn
    assert "Today" in drawn
    assert "Today" not in words(bars(Span(201001, 3), [], manager, cubes))


def test_page_and_file_hold_the_campaigns_in_scope_alone(
    cubes: Cubes, manager: Viewer, limited: Viewer
) -> None:
    (listed,) = TABLES
    first = min(one.start_day for one in cubes.campaigns.values() if one.start_day is not None)
    query = {"month": f"{day_date(first):%Y-%m}", "months": "12"}
    every = listed.listing(manager, cubes, query)
    own = listed.listing(limited, cubes, query)
    assert {row[0] for row in own.rows} < {row[0] for row in every.rows}
    shown = words([layout(limited, cubes, **query), chart(span_of(query, cubes), limited, cubes)])
    others = [one.name for one in cubes.campaigns.values() if one.line_of_business not in limited.scope.lines]  # type: ignore[operator]
    assert others
    assert [name for name in others if json.dumps(name)[1:-1] in shown] == []


def test_days_of_sends_are_those_of_released_messages_and_told_in_words(
    cubes: Cubes, manager: Viewer, limited: Viewer
) -> None:
    span = Span(later(month_of(cubes.today), -11), 12)
    found = within(span, manager, cubes)
    sent = sends(span, found, manager, cubes)
    one = next(one for one in found if len(sent.get(one.id, [])) == 3)
    days = Filters(period=Period("all_time"), compare="none", campaign=(one.id,))
    told = {row.key[0] for row in ask(("sent",), ("day",), days, manager, cubes).rows
            if row.values["sent"].value}  # fmt: skip
    first, last = span.days
    assert {day for a, b in sent[one.id] for day in (a, b)} <= told
    left = [day for day in told if first <= day <= last]
    assert [day for day in left if not any(a <= day <= b for a, b in sent[one.id])] == []
    drawn = words(bars(span, [one], manager, cubes))
    assert sent_words(sent[one.id]) in drawn
    assert f'"data-sent": "{sent[one.id][0][0] - first}-{sent[one.id][0][1] - first} ' in drawn
    others = [one for one in found if one.line_of_business not in limited.scope.lines]  # type: ignore[operator]
    assert others
    assert sends(span, others, limited, cubes) == {}


def test_runs_of_days_are_said_as_one_reads_them() -> None:
    day = day_number(date(2026, 9, 28))
    assert runs([day + 9, day, day + 1, day + 4]) == [(day, day + 4), (day + 9, day + 9)]
    assert sent_words([(day, day + 1)]) == "sent 28–29 Sep"
    assert sent_words([(day, day + 4), (day + 9, day + 9)]) == "sent 28 Sep – 2 Oct, 7 Oct"
    assert (
        sent_words([(day + 9 * one, day + 9 * one) for one in range(5)])
        == "sent 5 times from 28 Sep to 3 Nov"
    )
    assert sent_words([]) == ""


@pytest.mark.parametrize("months", [1, 3, 12])
def test_two_hundred_campaigns_are_answered_in_parts(
    cubes: Cubes, manager: Viewer, months: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = month_of(cubes.today)
    first, last = Span(begin, months).days
    some = next(one for one in cubes.campaigns.values() if one.start_day is not None)
    many = [
        replace(some, id=f"camp-{n:03}", name=f"A campaign with rather a long name, {n:03}",
                program=f"P{n // 9}", start_day=first + n % 5, end_day=last - n % 7)
        for n in range(200)
    ]  # fmt: skip
    monkeypatch.setattr(calendar, "within", lambda *_of: many)
    dates = {one.id: [(first + 9 * at, first + 9 * at + 2) for at in range(4)] for one in many}
    monkeypatch.setattr(calendar_bars, "sends", lambda *_of: dates)
    monkeypatch.setattr(calendar_bars, "status", lambda *_of: "Scheduled")
    seen: set[str] = set()
    skip = 0
    while skip < len(many):
        span = Span(begin, months, skip)
        for drawn in (words(chart(span, manager, cubes)), words(table(span, many, manager, cubes))):
            assert len(drawn.encode()) < 15_000
            assert {one.id for one in many if f"={one.id}" in drawn} == {
                one.id for one in many[skip : skip + MOST]
            }
        seen |= {one.id for one in many if f"={one.id}" in drawn}
        skip += MOST
    assert len(seen) == 200
    assert f"Campaigns 1 to {MOST} of 200" in words(chart(Span(begin, months, 999), manager, cubes))
    every = Span(later(month_of(cubes.today), -11), 12)
    monkeypatch.undo()
    assert len(words(chart(every, manager, cubes)).encode()) < 13_500


def test_a_note_is_written_listed_removed_and_brought_back(
    cubes: Cubes, manager: Viewer, store: Store
) -> None:
    name = next(iter(cubes.campaigns))
    span = (day_number(day_date(cubes.today)) - 5, cubes.today)
    for of, text in ((WHOLE, "A holiday"), (name, "New text")):
        ask = {"do": "add", "day": day_date(cubes.today).isoformat(), "text": text, "campaign": of}
        said = act(ask, manager, cubes, store)
        assert "is added" in said.words
        assert said.undo
    assert [note.text for note in store.notes([name], *span)] == ["A holiday", "New text"]
    shown = words(contents(span, said, manager, cubes, store))
    assert "A holiday" in shown
    assert "for all campaigns" in shown
    act(said.undo, manager, cubes, store)
    assert "New text" not in words(contents(span, None, manager, cubes, store))
    act({"do": "restore", "id": said.undo["id"]}, manager, cubes, store)
    assert "New text" in words(contents(span, None, manager, cubes, store))
    reader = Viewer("reader", "executive", frozenset(PERMISSIONS[Role.EXECUTIVE]))
    assert "calendar-ask" not in words(contents(span, None, reader, cubes, store))


def test_nobody_reads_or_changes_notes_out_of_scope(
    cubes: Cubes, manager: Viewer, limited: Viewer, store: Store
) -> None:
    other = next(
        one.id
        for one in cubes.campaigns.values()
        if one.line_of_business not in limited.scope.lines  # type: ignore[operator]
    )
    day = day_date(cubes.today).isoformat()
    for of in (other, WHOLE):
        ask = {"do": "add", "day": day, "text": "Secret", "campaign": of}
        assert act(ask, limited, cubes, store).failed
    made = act({"do": "add", "day": day, "text": "Secret", "campaign": other}, manager, cubes, store)
    assert "Secret" not in words(contents((0, 99_000), None, limited, cubes, store))
    assert made.undo is not None
    assert act({"do": "remove", "id": made.undo["id"]}, limited, cubes, store).failed
    assert len(store.notes([other], 0, 99_000)) == 1


@pytest.mark.parametrize(
    "ask", [None, {}, {"do": "add"}, {"do": "add", "day": "2026-11-01", "text": "", "campaign": WHOLE},
            {"do": "add", "day": "1850-01-01", "text": "x", "campaign": WHOLE}, {"do": "remove", "id": "1"}],
)  # fmt: skip
def test_what_is_no_act_is_refused_in_words(ask: object, cubes: Cubes, manager: Viewer, store: Store) -> None:
    said = act(ask, manager, cubes, store)
    assert said.failed
    assert said.words


def test_notes_stand_by_number_over_charts_of_several_campaigns(
    cubes: Cubes, manager: Viewer, limited: Viewer, store: Store
) -> None:
    view = asked({"metrics": "sent", "by": "month"}, manager, cubes)
    first, last = view.filters.days(cubes) or (0, 0)
    store.add_note(None, last - 1, "A storm", "Ann")
    store.add_note(None, first - 400, "Long ago", "Ann")
    name = next(one.id for one in cubes.campaigns.values() if one.line_of_business in limited.scope.lines)  # type: ignore[operator]
    store.add_note(name, last - 1, "Of one campaign", "Ann")
    notes = notes_of(view.filters, manager, cubes, store)
    assert [note.text for note in notes] == ["A storm"]
    drawn = words(explore_chart.panel_of(view, answer(view, manager, cubes), notes, manager, cubes, "light"))
    assert "A storm" in drawn
    over = words(overview_panels.trend(view.filters, manager, cubes, "light", notes))
    assert "A storm" in over
    reader = Viewer("reader", "executive", frozenset(PERMISSIONS[Role.EXECUTIVE]))
    plain = words(overview_panels.trend(view.filters, reader, cubes, "light", notes))
    way = f"/calendar?month={day_date(last):%Y-%m}&months=1#calendar-notes"
    assert [way in shown for shown in (drawn, over, plain)] == [True, True, False]
    chosen = asked({"metrics": "sent", "by": "month", "campaign": name}, limited, cubes)
    assert {note.text for note in notes_of(chosen.filters, limited, cubes, store)} == {
        "A storm",
        "Of one campaign",
    }
