"""A source that comes once holds no clock back, and is never late: nobody waits for more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from data import catalogue
from data.clocks import DAY_US
from data.snapshot import Lake
from data.sources import sources
from etl.door import import_file
from etl.intake import MappingError
from etl.refresh import refresh
from etl.sources.toml import load_mapping

HEAD = "id,what,at,member,campaign\n"
MAPPING = """
[source]
name = "{name}"
kind = "event"
once = {once}

[fields]
event_id = "id"
event = "what"
at = {{ column = "at", type = "datetime" }}
member = "member"
campaign = "campaign"
channel = {{ value = "email" }}
"""


def bring(settings: Settings, name: str, day: str, once: bool) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    mapping, file = settings.var / f"{name}.toml", settings.var / f"{name}.csv"
    mapping.write_text(MAPPING.format(name=name, once=str(once).lower()))
    file.write_text(HEAD + f"{name}-{day},sent,{day}T12:00:00Z,M1,flu\n")
    import_file(settings, file, mapping)


def through(settings: Settings) -> tuple[str, list[str]]:
    """The day that Outreach is complete through, and which sources set it."""
    refresh(settings)
    lake = Lake(settings.lake)
    known = catalogue.read(lake, lake.latest())
    us = known.snapshot.clocks["outreach_through_us"]
    return f"day {us // DAY_US - 20_500}", [one.source for one in known.outreach if one.sets]


@pytest.mark.parametrize(("once", "setting"), [(False, "archive"), (True, "daily")])
def test_a_file_that_comes_once_holds_no_clock_back(once: bool, setting: str, settings: Settings) -> None:
    bring(settings, "daily", "2026-03-20", once=False)
    bring(settings, "archive", "2026-03-02", once=once)
    assert through(settings)[1] == [setting]


def test_where_nothing_else_tells_of_messages_it_sets_the_clock(settings: Settings) -> None:
    bring(settings, "archive", "2026-03-02", once=True)
    assert through(settings) == ("day 14", ["archive"])


def test_it_has_no_rhythm_and_is_never_late(settings: Settings) -> None:
    for day in (2, 3, 4, 5, 6):
        bring(settings, "archive", f"2026-03-{day:02d}", once=True)
        bring(settings, "daily", f"2026-03-{day:02d}", once=False)
    refresh(settings)
    lake = Lake(settings.lake)
    now_us = 20_700 * DAY_US
    archive, daily = sources(catalogue.read(lake, lake.latest()), now_us)
    assert (archive.once, archive.usual_us, archive.late_us) == (True, None, None)
    assert daily.late_us


def test_once_is_true_or_false(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(MAPPING.format(name="a", once='"yes"'))
    with pytest.raises(MappingError, match=r"\[source\] once: must be true or false"):
        load_mapping(file)
