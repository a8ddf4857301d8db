"""Slots of time: when messages were sent, how soon members responded, how soon outcomes came."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from config.vocabulary import DAYPARTS, OUTCOME_TIMES, SLOTS
from data.answer import Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.dimensions import UNTIMED, value_label
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.release import FIXED, NONE, POOLED
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl import slots
from etl.refresh import refresh
from tests import reference, stated, worlds
from tests.clocks import EPOCH, clock, daypart, outcome_time, response_time
from tests.feeds import ZONE, Piece, load, settings_of
from tests.recount import Asked, Truth, check, counted
from tests.sheets import text
from tests.worlds import World, deal, settled, world

HERE = ZoneInfo(ZONE)
ALL_TIME = Filters(period=Period("all_time"))
CUTS = (("daypart",), ("response_time",), ("outcome_time",), ("arm", "outcome_time"))
BESIDE: tuple[tuple[str, ...], ...] = ((), ("campaign",), ("month",), ("week",), ("day",), ("program",))


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Two weeks in the middle of which the clocks change, and a campaign at the edges of every slot."""
    settings = settings_of(tmp_path_factory.mktemp("plan"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "START", datetime(2026, 3, 1, 3, 0, tzinfo=UTC))
        plan = world(21, members=900, campaigns=1, days=14)
    at_the_edges(plan)
    load(settings, deal(settled(plan), 3, 2))
    refresh(settings)
    lake = Lake(settings.lake)
    said = stated.said(lake)
    return Truth(Cubes(lake, lake.latest()), reference.counts(said), stated.messages(said))


def at_the_edges(plan: World) -> None:
    """Members sent to, responding and having their outcome at the first and last second or day of a slot."""
    hours = [hour for start in (1, 4, 24, 72, 168) for hour in (start * 3600 - 1, start * 3600)]
    waits = [*hours, 0, -60, -3600, -3601]
    delays = [day for start in (14, 30, 60, 90) for day in (start - 1, start)]
    plan.add(
        "records", id="edges", name="", program="", line="", outcome="visit", window=180, lag="", costs=""
    )
    for number in range(1400):
        member, day = f"E{number:05d}", date(2026, 3, 7) + timedelta(days=number % 3)
        local = datetime.combine(day, time(number // 3 % 4 * 6), HERE)
        sent = int(local.timestamp()) - (1 if number % 2 else -(number % 5))
        shown = sent + 30
        base = {"msg": f"E{number}", "member": member, "campaign": "edges", "variant": ""}
        for event, at in (("sent", sent), ("shown", shown), ("acted", shown + waits[number % len(waits)])):
            plan.add("push", event=event, ts=at, **base)
        arm = "a" if number % 3 else "control"
        plan.add(
            "assignments", member=member, campaign="edges", updated=0, arm=arm, assigned="yes",
            date="2026-03-02", eligible="yes", contactable="yes", consented="yes", segment="new",
        )  # fmt: skip
        service = date(2026, 3, 2) + timedelta(days=delays[number % len(delays)])
        plan.add("claims", claim=member, member=member, outcome="visit", value="", service=service)


def filters_of(cut: tuple[str, ...], truth: Truth) -> Iterator[Filters]:
    yield ALL_TIME
    yield Filters(period=Period("custom", date(2026, 3, 8), date(2026, 3, 9)))
    yield Filters(period=Period("all_time"), campaign=("edges",))
    yield from (Filters(period=Period("all_time"), channel=(name,)) for name in truth.cubes.channels)
    if "arm" in cut:
        yield Filters(period=Period("all_time"), arm=("a", "b"))


@pytest.mark.parametrize("cut", CUTS, ids="|".join)
def test_answers_by_slot_equal_a_recount(truth: Truth, cut: tuple[str, ...]) -> None:
    shown, singles, rng = 0, set(), random.Random(5)
    channels = ((), ("channel",)) if cut[0] in ("daypart", "response_time") else ((),)
    for beside, channel, filters in product(BESIDE, channels, filters_of(cut, truth)):
        asked = Asked((*beside, *channel, *cut), filters)
        names = rng.sample(counted(asked.view), 4) if cut == ("daypart",) else counted(asked.view)
        answer = measure(names, asked.by, filters, EVERYTHING, truth.cubes)
        for name in names:
            shown += check(truth, asked, answer, name)
        place = asked.by.index(cut[-1])
        singles |= {
            str(row.key[place]) for row in answer.rows if any(value.value for value in row.values.values())
        }
    assert shown > 50
    assert len(singles - {SEVERAL, NONE}) >= len(SLOTS[cut[-1]]) // 2, singles


def test_the_slots_of_a_whole_add_up_to_it(truth: Truth) -> None:
    """Where nothing is withheld the parts and the pools together are the whole."""
    cells = truth.cubes.lake.frame("cells", truth.cubes.snapshot.versions["cells"])
    for kind, whole, column in (
        ("daypart", "message", "sent"),
        ("daypart", "message", "engaged"),
        ("response", "message", "members_engaged"),
        ("delay", "assignment", "with_outcome"),
    ):
        parts = cells.filter(pl.col("kind") == kind)
        assert parts[column].sum() == cells.filter(pl.col("kind") == whole)[column].sum() > 0
        assert set(parts["member_profile"]) == set(parts["profile"]) == {0}, "no attributes beside a slot"


def test_a_member_is_behind_a_slot_once_however_many_messages(truth: Truth) -> None:
    behind: dict[tuple[object, ...], set[object]] = {}
    for message in truth.messages:
        slot = daypart(message["sent"], ZONE)
        for column in reference.BY_DAYPART:
            if message["campaign"] and message[column] is not None:
                key = (message["campaign"], message["channel"], message["day"], slot, f"behind_{column}")
                behind.setdefault(key, set()).add(message["member"])
    columns = [f"behind_{column}" for column in reference.BY_DAYPART]
    cells = truth.cubes.lake.frame("cells").filter(pl.col("kind") == "daypart")
    long = cells.unpivot(columns, index=["campaign", "channel", "day", "slot"]).filter(pl.col("value") > 0)
    assert {row[:-1]: row[-1] for row in long.iter_rows()} == {key: len(who) for key, who in behind.items()}
    assert cells["sent"].sum() > cells["behind_sent"].sum(), "some member must have two messages in a slot"


def test_every_slot_stands_in_an_answer_and_none_that_does_not_exist(truth: Truth) -> None:
    for cut, metric in (
        ("daypart", "sent"),
        ("response_time", "members_engaged"),
        ("outcome_time", "with_outcome"),
    ):
        rows = measure([metric], (cut,), ALL_TIME, EVERYTHING, truth.cubes).rows
        keys = [str(row.key[0]) for row in rows]
        codes = [key for key in keys if key not in (SEVERAL, NONE)]
        assert codes == list(SLOTS[cut])
        assert all(value_label(cut, key) != key for key in keys if key != SEVERAL)


def test_what_a_slot_does_not_tell_is_not_available_and_says_why(truth: Truth) -> None:
    nonsense = [
        ("daypart", "members_sent"), ("daypart", "assigned"), ("daypart", "reach"), ("daypart", "bounced"),
        ("daypart", "members_engaged"), ("response_time", "members_delivered"), ("response_time", "sent"),
        ("response_time", "engaged_reach"), ("outcome_time", "assigned"), ("outcome_time", "outcome_rate"),
        ("outcome_time", "sent"),
    ]  # fmt: skip
    for cut, metric in nonsense:
        answer = measure([metric], (cut,), ALL_TIME, EVERYTHING, truth.cubes)
        assert answer.unavailable[metric].endswith("."), (cut, metric)
        assert not any(value.status is not Status.NOT_AVAILABLE for value in answer.column(metric))
    channel = Filters(period=Period("all_time"), channel=("email",))
    answer = measure(["with_outcome"], ("outcome_time",), channel, EVERYTHING, truth.cubes)
    assert answer.unavailable["with_outcome"] == "Assigned members have no channel, wave or variant."


def test_letters_without_a_time_have_no_daypart(truth: Truth) -> None:
    for filters in (Filters(period=Period("all_time"), channel=("mail",)),):
        answer = measure(["sent"], ("daypart",), filters, EVERYTHING, truth.cubes)
        assert not answer.rows
        assert answer.unavailable == {
            "sent": "No source of this selection states the time of day of sending."
        }


def test_a_released_slot_holds_no_count_that_its_cells_do_not(truth: Truth) -> None:
    released = truth.cubes.lake.frame("released", truth.cubes.snapshot.versions["released"])
    for view in FIXED:
        other = [c for c in released.columns if c in stated.BY_MESSAGE and c not in view.counts]
        rows = released.filter(pl.col("view") == view.name)
        assert rows.height
        assert all(rows[column].null_count() == rows.height for column in other), view.name


def test_words_of_slots() -> None:
    assert value_label("daypart", "1-06") == "Monday 6 to 12 h"
    assert value_label("response_time", f"004h{POOLED}{NONE}") == f"4 to 24 hours + {UNTIMED}"
    assert value_label("outcome_time", SEVERAL) == SEVERAL
    assert value_label("region", "1-06") == "1-06"
    for words in SLOTS.values():
        assert list(words) == sorted(words), "codes sort as time goes"
        assert len(set(words.values())) == len(words)


def test_a_file_says_a_slot_in_words(truth: Truth) -> None:
    answer = measure(["with_outcome"], ("arm", "outcome_time"), ALL_TIME, EVERYTHING, truth.cubes)
    rows = list(csv.DictReader(io.StringIO(text(answer, ALL_TIME, EVERYTHING, truth.cubes))))
    assert {row["outcome_time"] for row in rows} >= set(OUTCOME_TIMES.values())
    assert not {row["outcome_time"] for row in rows} & set(OUTCOME_TIMES)


def test_slots_start_and_end_where_the_calendar_says() -> None:
    hour = 3_600_000_000
    for cut, slot, start, end in slots.slots().iter_rows():
        for value, inside in (
            (start, True),
            (end - 1, True),
            (end, end == slots.FOREVER),
            (start - 1, False),
        ):
            assert (told(cut, value, hour) == slot) is inside, (cut, slot, value)


def told(cut: str, value: int, hour: int) -> str:
    """The slot by the plain clock. The local week begins on Monday 5 January 1970, here a UTC one."""
    if cut == "outcome_time":
        return outcome_time(value) if value >= 0 else ""
    if cut == "response_time":
        noon = 20_000 * 24 * hour + 12 * hour + 1
        ended = noon + min(value, 10_000 * hour)
        return response_time(noon, ended if clock(ended, "UTC") else ended + 1, "UTC")
    monday = 4 * 24 * hour
    return daypart(monday + value, "UTC") if value % (24 * hour) else daypart(monday + value + 1, "UTC")


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
)
def test_offsets_are_those_of_the_clock_at_every_hour(zone: str) -> None:
    hour = 3_600_000_000
    start = int((datetime(2023, 1, 1, tzinfo=UTC) - EPOCH) / timedelta(microseconds=1))
    frame = slots.offsets(zone, start, start + 3 * 366 * 24 * hour)
    assert frame["starts_us"][1:].to_list() == frame["ends_us"][:-1].to_list()
    rows = list(frame.iter_rows())
    rng, at = random.Random(1), 0
    for us in range(start, start + 3 * 366 * 24 * hour, hour):
        while us >= rows[at][1]:
            at += 1
        for instant in (us, us + rng.randrange(1, 1800_000_000)):
            _, _, offset, midnight = rows[at]
            dated = instant == midnight or (instant + offset) % (24 * hour) == 0
            assert (clock(instant, zone) is None) is dated, "a date is landed where its day begins"
            week = (instant + offset + 3 * 24 * hour) % (7 * 24 * hour)
            index = week // (6 * hour)
            assert dated or daypart(instant, zone) == list(DAYPARTS)[index]


def test_a_day_that_begins_at_one_is_still_a_date(tmp_path: Path) -> None:
    """In Santiago the clocks of 6 September 2026 jump over midnight: a mere date is landed at one."""
    settings = settings_of(tmp_path, zone="America/Santiago")
    rows = [
        {"letter": f"L{n}", "member": f"M{n}", "campaign": "c", "day": day}
        for n, day in enumerate(20 * ["2026-09-06"] + 20 * ["2026-09-07"] + 20 * ["2026-09-06 01:00:01"])
    ]
    mapping = tmp_path / "files" / "dated.toml"
    mapping.parent.mkdir()
    mapping.write_text(DATED, encoding="utf-8")
    load(settings, [Piece("dated", 0, tuple(tuple(row.items()) for row in rows))])
    refresh(settings)
    cells = Lake(settings.lake).frame("cells").filter(pl.col("kind") == "daypart")
    found = cells.group_by("slot").agg(pl.col("sent").sum()).sort("slot")
    assert dict(found.iter_rows()) == {"": 40, "7-00": 20}


DATED = """
[source]
name = "dated"
kind = "event"
zone = "America/Santiago"
[fields]
event = { value = "printed" }
message_id = "letter"
member = "member"
campaign = "campaign"
channel = { value = "mail" }
at = { column = "day", type = "datetime" }
[key]
columns = ["letter"]
"""
