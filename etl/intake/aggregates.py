"""Kind aggregate: counts that a source had already added up, one row per count."""

from __future__ import annotations

import polars as pl

from data.identify import joined
from etl.intake.batch import shaped
from etl.intake.keys import PLACE, Kept
from etl.intake.numbers import MICROS
from etl.intake.sheet import Sheet
from etl.sources.mapping import Mapping
from etl.sources.rules import PERCENT

COUNT = "count:"


def read_counts(sheet: Sheet) -> None:
    """Read the [counts]: whole numbers of at least 0, percentages of another count, money in millionths."""
    for name, rule in sheet.mapping.counts.items():
        cells = sheet.read(rule, f"{COUNT}{name}")
        value = sheet.values[f"{COUNT}{name}"]
        if name == "cost" and rule.type == "number":
            sheet.values[f"{COUNT}{name}"] = (value * MICROS).round(0).cast(pl.Int64, strict=False)
        elif name != "cost":
            low = (value < 0) & ~cells.absent
            sheet.refuse_where(low.fill_null(False), sheet.shown(rule), "a negative count")
    for name, rule in sheet.mapping.counts.items():
        if rule.type in PERCENT:
            share, base = sheet.values[f"{COUNT}{name}"], sheet.values[f"{COUNT}{rule.of}"]
            sheet.refuse_where((share > 100).fill_null(False), sheet.shown(rule), "a percentage above 100")
            sheet.values[f"{COUNT}{name}"] = (share / 100 * base).round(0).cast(pl.Int64, strict=False)
    _check_rows(sheet)


def _check_rows(sheet: Sheet) -> None:
    counts = [one for name, one in sheet.values.items() if name.startswith(COUNT)]
    empty = pl.select(pl.all_horizontal([one.is_null() for one in counts])).to_series()
    sheet.skip(empty & sheet.reason.is_null(), "every count of the row is missing")
    place = [sheet.values[one] for one in (*PLACE, "day_day") if one in sheet.values]
    place += [sheet.frame[one].str.strip_chars() for one in _further(sheet.mapping)]
    frame = pl.DataFrame(
        {"place": joined(place), "state": joined(counts), "row": sheet.rows.numbers, "kept": sheet.kept}
    )
    first = frame.filter("kept").group_by("place").agg(pl.col("state").first(), pl.col("row").first())
    found = frame.join(first, on="place", how="left", maintain_order="left", suffix="_first")
    twice = found["kept"] & (found["state"] != found["state_first"])
    said = found.select(
        pl.format(
            "the same campaign, wave, channel, variant and day as row {}, with other counts", "row_first"
        )
    )
    sheet.refuse(pl.select(pl.when(twice).then(said.to_series())).to_series(), "row")


def _further(mapping: Mapping) -> list[str]:
    """Columns of [key]: a breakdown that the lake does not keep; its rows are told apart and add up."""
    return [one.strip() for one in mapping.key.columns] if mapping.key else []


def aggregate_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """One row per count that is stated; the key is source, campaign, wave, channel, variant, day."""
    day = kept.column("day_day", pl.Int32())
    place = [kept.source, *(kept.column(one) for one in PLACE), day]
    place += [kept.raw[one].str.strip_chars() for one in _further(kept.mapping)]
    base = kept.values.select("row").with_columns(
        kept.ids.keys("aggregate", place).alias("key"),
        kept.source.alias("source"),
        day.alias("day"),
        *(kept.column(one).alias(one) for one in PLACE),
    )
    frames = []
    for name in kept.mapping.counts:
        value = kept.values[f"{COUNT}{name}"].alias("value")
        frame = base.with_columns(pl.lit(name).alias("measure"), value).drop_nulls("value")
        frames.append(shaped("aggregates", frame))
    return {"aggregates": pl.concat(frames).sort("row", maintain_order=True)}
