"""Dates and times as text, to microseconds in UTC and to days of the reporting zone."""

from __future__ import annotations

import polars as pl

ISO = (
    r"^(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<zone>[zZ]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
EPOCHS = {"epoch": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
DAY_US = 86_400_000_000
FIRST_DAY, LAST_DAY = -25_567, 47_846
RANGE = "a date outside 1900 to 2100"
CLOCK_MARKS = ("%H", "%I", "%T", "%R", "%s", "%k", "%l")


def parse(
    text: pl.Series, formats: tuple[str, ...], zone: str, plan_zone: str, only_date: bool
) -> pl.DataFrame:
    """Columns us (Int64, UTC), day (Int32, plan's zone) and bad (Boolean: a text that is no such date).

    `zone` is where texts without an offset were written; `plan_zone` the reporting zone. A text
    without a time of day is the local midnight of the reporting zone.
    """
    result = _empty(text.len())
    for one in formats or ("iso",):
        open_ = text.is_not_null() & result["us"].is_null()
        if open_.any():
            still = pl.select(pl.when(open_).then(text)).to_series()
            found = (
                _written_day(still, one, plan_zone) if only_date else _parse_one(still, one, zone, plan_zone)
            )
            result = pl.DataFrame({
                "us": pl.select(pl.coalesce(result["us"], found["us"])).to_series(),
                "day": pl.select(pl.coalesce(result["day"], found["day"])).to_series(),
            })  # fmt: skip
    inside = result["day"].is_between(FIRST_DAY, LAST_DAY)
    result = result.select(
        pl.when(inside).then(pl.col("us")).alias("us"),
        pl.when(inside).then(pl.col("day")).alias("day"),
        (text.is_not_null() & result["us"].is_null()).alias("bad"),
        (result["us"].is_not_null() & ~inside).fill_null(False).alias("far"),
    )
    return _midnight(result, plan_zone) if only_date else result


def _midnight(frame: pl.DataFrame, plan_zone: str) -> pl.DataFrame:
    return frame.with_columns(local_to_us(frame["day"].cast(pl.Int64) * DAY_US, plan_zone).alias("us"))


def _written_day(text: pl.Series, form: str, plan_zone: str) -> pl.DataFrame:
    """The date as it is written: a midnight of another zone must not become the day before."""
    if form in EPOCHS or "%z" in form:
        return _parse_one(text, form, plan_zone, plan_zone)
    if form == "iso":
        whole = _parse_one(text, form, plan_zone, plan_zone)["us"].is_not_null()
        days = pl.select(pl.when(whole).then(text.str.slice(0, 10))).to_series()
        return _dates(days.str.to_date("%Y-%m-%d", strict=False), plan_zone)
    if any(mark in form for mark in CLOCK_MARKS):
        return _dates(
            text.str.to_datetime(_fraction(form), strict=False, time_unit="us").dt.date(), plan_zone
        )
    return _dates(text.str.to_date(form, strict=False), plan_zone)


def _fraction(form: str) -> str:
    """Fractions of a second in the words of the parser."""
    return form.replace(".%f", "%.f").replace("%f", "%.f")


def _empty(n: int) -> pl.DataFrame:
    return pl.select(
        pl.repeat(None, n, dtype=pl.Int64).alias("us"), pl.repeat(None, n, dtype=pl.Int32).alias("day")
    )


def _parse_one(text: pl.Series, form: str, zone: str, plan_zone: str) -> pl.DataFrame:
    if form in EPOCHS:
        return _with_day(_epoch(text, EPOCHS[form]), plan_zone)
    if form == "iso":
        return _iso(text, zone, plan_zone)
    form = _fraction(form)
    if "%z" in form:
        aware = text.str.to_datetime(form.replace("%z", "%#z"), strict=False, time_unit="us", time_zone="UTC")
        return _with_day(aware.dt.epoch("us"), plan_zone)
    if not any(mark in form for mark in CLOCK_MARKS):
        return _dates(text.str.to_date(form, strict=False), plan_zone)
    naive = text.str.to_datetime(form, strict=False, time_unit="us")
    return _with_day(local_to_us(naive.dt.epoch("us"), zone), plan_zone)


def _epoch(text: pl.Series, scale: int) -> pl.Series:
    sound = text.str.contains(r"^-?\d{1,16}(\.\d{1,9})?$")
    number = pl.select(pl.when(sound).then(text)).to_series()
    exact = number.cast(pl.Decimal(38, 9), strict=False) * scale
    return exact.cast(pl.Float64, strict=False).round(0).cast(pl.Int64, strict=False)


def _iso(text: pl.Series, zone: str, plan_zone: str) -> pl.DataFrame:
    parts = text.to_frame("t").select(pl.col("t").str.extract_groups(ISO).alias("g")).unnest("g")
    days = parts["date"].str.to_date("%Y-%m-%d", strict=False)
    clock = pl.col("time").str
    numbers = [clock.slice(at, 2).cast(pl.Int64, strict=False) for at in (0, 3)]
    second = clock.slice(6, 2).cast(pl.Int64, strict=False).fill_null(0)
    part = (pl.col("part").str.pad_end(9, "0").str.slice(0, 6)).cast(pl.Int64, strict=False).fill_null(0)
    sound = (numbers[0] < 24) & (numbers[1] < 60) & (second < 60)
    of_day = pl.when(sound).then(((numbers[0] * 60 + numbers[1]) * 60 + second) * 1_000_000 + part)
    local = days.cast(pl.Int32).cast(pl.Int64) * DAY_US + parts.select(of_day.alias("c")).to_series()
    timed = parts["time"].is_not_null()
    offsets = _offset(parts["zone"])
    utc = local - offsets if parts["zone"].is_not_null().all() else _mixed(local, offsets, zone)
    dated = _dates(pl.select(pl.when(~timed & parts["zone"].is_null()).then(days)).to_series(), plan_zone)
    whole = _with_day(utc, plan_zone)
    if not timed.all():
        return pl.DataFrame({
            "us": pl.select(pl.coalesce(whole["us"], dated["us"])).to_series(),
            "day": pl.select(pl.coalesce(whole["day"], dated["day"])).to_series(),
        })  # fmt: skip
    return whole


def _offset(zone: pl.Series) -> pl.Series:
    digits = zone.str.replace(":", "", literal=True)
    hours, minutes = digits.str.slice(1, 2).cast(pl.Int64, strict=False), digits.str.slice(3, 2)
    total = (hours.fill_null(0) * 60 + minutes.cast(pl.Int64, strict=False).fill_null(0)) * 60_000_000
    sign = pl.select(pl.when(digits.str.starts_with("-")).then(-1).otherwise(1)).to_series()
    named = zone.str.to_uppercase().is_in(["Z", "UTC", "GMT"])
    return pl.select(pl.when(named).then(0).when(zone.is_not_null()).then(total * sign)).to_series()


def _mixed(local: pl.Series, offsets: pl.Series, zone: str) -> pl.Series:
    placed = local_to_us(pl.select(pl.when(offsets.is_null()).then(local)).to_series(), zone)
    return pl.select(pl.coalesce(local - offsets, placed)).to_series()


def local_to_us(local: pl.Series, zone: str) -> pl.Series:
    """UTC microseconds of wall-clock microseconds in a zone; the first of two, and past a gap by its hour."""
    naive = local.cast(pl.Datetime("us"))
    placed = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    if placed.null_count() > naive.null_count():
        later = naive.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        placed = pl.select(pl.coalesce(placed, later)).to_series()
    return placed.dt.epoch("us")


def day_of(us: pl.Series, plan_zone: str) -> pl.Series:
    """Day numbers, in the reporting zone, of UTC microseconds."""
    return _with_day(us, plan_zone)["day"]


def _with_day(us: pl.Series, plan_zone: str) -> pl.DataFrame:
    sound = us.is_between(FIRST_DAY * DAY_US - DAY_US, (LAST_DAY + 2) * DAY_US)
    safe = pl.select(pl.when(sound).then(us)).to_series()
    local = safe.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(plan_zone)
    day = local.dt.date().cast(pl.Int32)
    far = pl.select(pl.when(us.is_not_null()).then(LAST_DAY + 1).cast(pl.Int32)).to_series()
    return pl.DataFrame({"us": us, "day": pl.select(pl.coalesce(day, far)).to_series()})


def _dates(days: pl.Series, plan_zone: str) -> pl.DataFrame:
    number = days.cast(pl.Int32)
    near = pl.select(pl.when(number.is_between(FIRST_DAY, LAST_DAY)).then(number)).to_series()
    us = local_to_us(near.cast(pl.Int64) * DAY_US, plan_zone)
    out = pl.select(pl.when(number.is_not_null() & near.is_null()).then(0)).to_series()
    return pl.DataFrame({"us": pl.select(pl.coalesce(us, out)).to_series().cast(pl.Int64), "day": number})
