"""The [schedule] section of a mapping that pulls: when it is tried, and when it is left alone for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from etl.sources.pulled import SECTIONS, Given
from etl.sources.rules import Note

SCHEDULE = ("every", "cron", "failures", "pause", "limit")
# APScheduler counts weekdays from Monday, cron from Sunday: names mean the same to both.
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE_US = 60_000_000


@dataclass(frozen=True)
class Timing:
    """When a source is pulled. Minutes: `every` (0 where `cron` or the setting says it), `pause`, `limit`."""

    every: int = 0
    cron: str = ""
    failures: int = 5
    pause: int = 60
    limit: int = 240

    def next_us(self, began_us: int, now_us: int, usual: int, zone: str) -> int:
        """When the next try is due after one that began; `usual` are the minutes of the setting."""
        if not self.cron:
            return max(began_us + (self.every or usual) * MINUTE_US, now_us)
        now = datetime.fromtimestamp(now_us / 1e6, UTC)
        found = trigger(self.cron, zone).get_next_fire_time(None, now)
        # A day that never comes, such as February 30: not in a hundred years.
        return now_us + 36_525 * 1440 * MINUTE_US if found is None else int(found.timestamp() * 1e6)

    def words(self, usual: int) -> str:
        """For people: how often."""
        if self.cron:
            return f"by cron {self.cron}"
        minutes = self.every or usual
        return "every minute" if minutes == 1 else f"every {minutes:,} minutes"


def parse_timing(document: dict[str, Any], note: Note) -> Timing:
    """The [schedule] section; problems go to `note`."""
    table = document.get("schedule", {})
    if not isinstance(table, dict):
        note("[schedule]", "must be a section: write [schedule] on a line of its own")
        return Timing()
    if table and not any(one in document for one in SECTIONS):
        names = ", ".join(f"[{one}]" for one in SECTIONS)
        note("[schedule]", f"is of mappings that pull, with one of {names}")
    given = Given(table, "[schedule]", SCHEDULE, note)
    cron = given.text("cron", "", "0 6 * * mon-fri")
    if cron and not _sound(cron):
        given.wrong("cron", 'must be minute, hour, day, month and weekday, such as "0 6 * * mon-fri"')
        cron = ""
    if cron and "every" in table:
        given.wrong("every", "and cron say the same thing twice; give one of them")
    every = given.whole("every", 0, 1, 44_640) if "every" in table else 0
    return Timing(
        every, cron, given.whole("failures", 5, 1, 100), given.whole("pause", 60, 1, 10_080),
        given.whole("limit", 240, 1, 1_440),
    )  # fmt: skip


def trigger(cron: str, zone: str) -> CronTrigger:
    """The instants of a cron line; `ValueError` where it is none."""
    *fields, days = cron.split()
    named = re.sub(r"(?<![/\d])[0-7](?!\d)", lambda found: WEEKDAYS[int(found.group())], days)
    return CronTrigger.from_crontab(" ".join([*fields, named]), timezone=ZoneInfo(zone))


def _sound(cron: str) -> bool:
    try:
        trigger(cron, "UTC")
    except (ValueError, IndexError):
        return False
    return True
