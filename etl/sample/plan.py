"""What is asked of the sample: its size, its days, and the random streams that make it repeatable."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

LAST_DAY = date(2026, 11, 20)
ZONE = "America/New_York"
EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86_400
SCALE_DAYS = 400  # the catalogue of campaigns is written for this many days

HOLIDAYS = (
    (1, 1),
    (1, 19),
    (5, 25),
    (6, 19),
    (7, 3),
    (9, 7),
    (11, 11),
    (11, 26),
    (11, 27),
    (12, 24),
    (12, 25),
    (12, 31),
)


def day_number(day: date) -> int:
    """Whole days since the epoch."""
    return (day - EPOCH).days


def day_date(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Plan:
    """How much sample is wanted. `days` are counted back from `LAST_DAY`."""

    members: int
    campaigns: int
    days: int
    seed: int

    def __post_init__(self) -> None:
        floors = {"members": 100, "campaigns": 1, "days": 60, "seed": 0}
        for name, floor in floors.items():
            value = getattr(self, name)
            if value < floor:
                raise ValueError(f"sample: --{name} is {value}; it must be {floor} or more")

    @property
    def last(self) -> int:
        return day_number(LAST_DAY)

    @property
    def first(self) -> int:
        return self.last - self.days + 1

    @property
    def end_second(self) -> int:
        """First UTC second after the last local day: nothing later has happened yet."""
        return int(to_utc(np.array([self.last + 1]), np.array([0]))[0])

    def stream(self, *names: str) -> np.random.Generator:
        """A random stream of its own per name, so that one part can change and leave the others alone."""
        return np.random.default_rng([self.seed, zlib.crc32("|".join(names).encode())])

    def scaled(self, days_before_end: float) -> int:
        """Day number of a point of the catalogue, for a sample of any length."""
        return self.last - round(days_before_end * self.days / SCALE_DAYS)


def to_utc(days: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Local days since the epoch and seconds of the local day, as UTC epoch seconds."""
    local = pl.Series((days.astype(np.int64) * DAY_SECONDS + seconds.astype(np.int64)) * 1_000_000)
    zoned = local.cast(pl.Datetime("us")).dt.replace_time_zone(
        ZONE, ambiguous="earliest", non_existent="null"
    )
    return (zoned.dt.epoch("us") // 1_000_000).fill_null(0).to_numpy()


def local_hour(utc: np.ndarray) -> np.ndarray:
    """Hour of the local day of UTC epoch seconds."""
    moments = pl.Series(utc * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return moments.dt.convert_time_zone(ZONE).dt.hour().to_numpy()


class Calendar:
    """Working days of the plan's office: no week-ends, no holidays."""

    def __init__(self, plan: Plan) -> None:
        years = range(day_date(plan.first).year - 1, day_date(plan.last).year + 2)
        days = [np.datetime64(date(year, month, day), "D") for year in years for month, day in HOLIDAYS]
        self.table = np.busdaycalendar(holidays=days)

    def next_working(self, days: np.ndarray) -> np.ndarray:
        """Each day, or the first working day after it."""
        stamps = days.astype("datetime64[D]")
        return np.busday_offset(stamps, 0, roll="forward", busdaycal=self.table).astype(np.int64)

    def plus_working(self, days: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Each day moved forward by so many working days."""
        stamps = days.astype("datetime64[D]")
        return np.busday_offset(stamps, steps, roll="forward", busdaycal=self.table).astype(np.int64)

    def first_working(self, day: int) -> int:
        return int(self.next_working(np.array([day]))[0])

    def is_working(self, days: np.ndarray) -> np.ndarray:
        return np.is_busday(days.astype("datetime64[D]"), busdaycal=self.table)
