"""The facts, added up again, are what `measure` answers, and nothing is finer or further than it may be."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from config.settings import Settings
from data.answer import Status
from data.cubes import Cubes, Shelf
from data.facts import SCHEMA, UNION_CUTS, UNIONS, facts, group_parts, group_words
from data.filters import Filters, parse
from data.measure import measure
from data.metrics import METRICS
from data.release import SUMS
from data.snapshot import Lake
from data.viewer import EVERYTHING, Scope, Viewer
from tests.places import LINE

COUNTS = {m.numerator: m.name for m in METRICS.values() if not m.is_ratio and not m.is_union}
QUERIES = [
    {},
    {"period": "all_time"},
    {"period": "last_7_days"},
    {"from": "2026-08-03", "to": "2026-09-17"},
    {"period": "all_time", "channel": "email,sms"},
    {"period": "last_6_months", "program": "Flu shot"},
    {"period": "all_time", "campaign": "flu-2025"},
]
# How a question groups, and the columns of the file that say the same.
CUTS: list[tuple[tuple[str, ...], str]] = [
    ((), "operations"),
    (("campaign",), "operations"),
    (("channel",), "operations"),
    (("campaign", "channel"), "operations"),
    (("program",), "operations"),
    (("month",), "operations"),
    (("arm",), "arm"),
    (("region",), "region"),
    (("campaign", "segment"), "segment"),
    (("variant",), "variant"),
]


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


def table(query: dict[str, str], cubes: Cubes, viewer: Viewer = EVERYTHING) -> tuple[Filters, pl.DataFrame]:
    filters, problems = parse(query, cubes, viewer)
    assert not problems
    return filters, pl.concat(facts(filters, viewer, cubes))


def added(rows: pl.DataFrame, by: tuple[str, ...], view: str) -> dict[tuple[Any, ...], dict[str, int]]:
    """What somebody adds up who has nothing but the file: rows of one view, one value at a time."""
    own = rows.filter(pl.col("additive") & (pl.col("view") == view) & pl.col("value").is_not_null())
    key = ["group" if name == view else name for name in by]
    if "group" in key:
        own = own.filter(pl.col("parts").str.json_decode(pl.List(pl.String)).list.len() == 1)
    totals = (
        own.group_by(*key, "measure").agg(pl.col("value").sum())
        if key
        else own.group_by("measure").agg(pl.col("value").sum())
    )
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in totals.select(*key, "measure", "value").iter_rows():
        found.setdefault(row[:-2], {})[row[-2]] = row[-1]
    return found


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_added_up_again_the_facts_are_the_screen(query: dict[str, str], cubes: Cubes) -> None:
    filters, rows = table(query, cubes)
    compared = 0
    for by, view in CUTS:
        mine = added(rows, by, view)
        for column, name in COUNTS.items():
            answer = measure([name], by, filters, EVERYTHING, cubes)
            for row in answer.rows:
                value = row.values[name]
                if "(several together)" in row.key or value.numerator is None or not value.groups:
                    continue
                key = tuple(_written(n, part) for n, part in zip(by, row.key, strict=True))
                factor = 1_000_000 if column.endswith("_micros") else 1
                assert round(value.numerator * factor) == mine[key][column], (by, name, row.key)
                compared += 1
    assert compared > 50


def _written(name: str, part: object) -> object:
    return f"{int(str(part)) // 100}-{int(str(part)) % 100:02d}" if name == "month" else part


@pytest.mark.parametrize("query", [{"period": "all_time"}, {"period": "last_6_months"}], ids=str)
def test_a_rate_is_made_of_blocks_that_tell_both_its_counts(query: dict[str, str], cubes: Cubes) -> None:
    filters, rows = table(query, cubes)
    own = rows.filter(pl.col("additive") & (pl.col("view") == "operations"))
    block = ["campaign", "channel", "origin", "month"]
    compared = 0
    for name in ("delivered_rate", "click_rate", "message_click_rate", "conversion_rate", "opt_out_rate"):
        top, bottom = METRICS[name].columns
        sums = own.filter(pl.col("measure").is_in([top, bottom])).pivot(
            on="measure", index=block, values="value", aggregate_function=pl.element().sum()
        )
        told = (
            own.filter(pl.col("status") == "released")
            .group_by(*block)
            .agg(
                pl.col("measure").is_in([top]).any().alias("t"),
                pl.col("measure").is_in([bottom]).any().alias("b"),
            )
        )
        both = sums.join(told.filter(pl.col("t") & pl.col("b")), on=block, nulls_equal=True)
        answer = measure([name], ("campaign",), filters, EVERYTHING, cubes)
        mine = {
            row[0]: row[1:]
            for row in both.group_by("campaign").agg(pl.col(top).sum(), pl.col(bottom).sum()).iter_rows()
        }
        for row in answer.rows:
            value = row.values[name]
            if value.status is Status.RELEASED and value.denominator:
                assert mine[row.key[0]] == (value.numerator, value.denominator), (name, row.key)
                compared += 1
    assert compared > 10


def test_unions_are_rows_of_their_own_that_nobody_may_add_up(cubes: Cubes) -> None:
    filters, rows = table({"period": "all_time"}, cubes)
    mine = rows.filter(~pl.col("additive"))
    assert set(mine["view"]) == {"distinct"}
    for by in UNION_CUTS:
        own = mine.filter(pl.col("grain") == (" and ".join(by) or "everything"))
        answer = measure(UNIONS, by, filters, EVERYTHING, cubes)
        told = [(name, row.values[name]) for name in UNIONS for row in answer.rows]
        assert own["measure"].to_list() == [name for name, _ in told]
        assert own["value"].to_list() == [value.value for _, value in told]
        assert own["status"].to_list() == [value.status.value for _, value in told]
        assert own["approximate"].to_list() == [value.approximate for _, value in told]
    assert mine["approximate"].any()


def test_what_is_withheld_has_a_flag_and_a_reason_and_no_value(cubes: Cubes) -> None:
    _, rows = table({"period": "all_time"}, cubes)
    hidden = rows.filter(pl.col("suppressed"))
    assert hidden.height > 10
    assert hidden["value"].null_count() == hidden.height
    assert (hidden["reason"].str.len_chars() > 0).all()
    assert set(rows.filter(pl.col("additive") & ~pl.col("suppressed"))["status"]) == {"released"}
    assert rows.filter(pl.col("additive") & (pl.col("status") == "released"))["value"].null_count() == 0


def test_every_reported_count_of_a_block_is_told_or_withheld(cubes: Cubes) -> None:
    """No block is missing in silence: what a source reports is in the file, with a value or a reason."""
    _, rows = table({"period": "all_time"}, cubes)
    block = ["campaign", "channel", "origin", "month", "measure"]
    own = rows.filter(pl.col("additive") & (pl.col("view") == "operations")).select(*block).unique()
    months = own.select("campaign", "channel", "origin", "month").unique()
    reported = cubes.coverage.select("campaign", "channel", "origin", measure="fact").filter(
        pl.col("measure").is_in(list(SUMS))
    )
    expected = months.join(reported, on=["campaign", "channel", "origin"])
    assert expected.join(own, on=block, how="anti", nulls_equal=True).is_empty()


def test_groups_that_the_period_cuts_have_a_row_and_no_value(cubes: Cubes) -> None:
    _, rows = table({"from": "2026-08-03", "to": "2026-09-17"}, cubes)
    cut = rows.filter(pl.col("status") == "cut")
    assert not cut.is_empty()
    assert cut["value"].null_count() == cut.height
    assert not cut["suppressed"].any()


def test_a_value_asked_for_narrows_the_file_to_the_views_that_know_it(cubes: Cubes) -> None:
    _, rows = table({"period": "all_time", "attr.region": "North"}, cubes)
    views = set(rows.filter(pl.col("additive"))["view"])
    assert "region" in views
    assert all("region" in view.split("|") for view in views)
    told = rows.filter(pl.col("additive") & (pl.col("status") == "released") & (pl.col("view") == "region"))
    assert set(told["group"]) == {"North"}


def test_nothing_out_of_scope_is_in_the_file(cubes: Cubes) -> None:
    limited = Viewer("x", "manager", frozenset(), Scope(lines=frozenset({LINE})))
    _, rows = table({"period": "all_time"}, cubes, limited)
    seen = {c.id for c in cubes.campaigns.values() if c.line_of_business == LINE}
    named = set(rows["campaign"].drop_nulls())
    assert named
    assert named <= seen
    _, every = table({"period": "all_time"}, cubes)
    own = every.filter(pl.col("additive") & pl.col("campaign").is_in(list(seen)))
    assert rows.filter("additive").equals(own), "the same rows, whoever else there is"


def test_no_group_is_finer_than_a_released_row(cubes: Cubes) -> None:
    """Every row with a value is a group of the table `released`, with the very same count."""
    _, rows = table({"period": "all_time"}, cubes)
    told = rows.filter(pl.col("additive") & pl.col("value").is_not_null())
    expected = sum(cubes.told(view)[c].is_not_null().sum() for view in cubes.views for c in SUMS)
    assert told.height == expected
    totals = dict(told.group_by("measure").agg(pl.col("value").sum()).iter_rows())
    for count in totals:
        assert totals[count] == sum(cubes.told(view)[count].sum() for view in cubes.views)


def test_the_frames_have_the_columns_of_the_file(cubes: Cubes) -> None:
    filters, _ = parse({"period": "all_time"}, cubes, EVERYTHING)
    for frame in facts(filters, EVERYTHING, cubes):
        assert dict(frame.schema) == {name: kind() for name, kind in SCHEMA.items()}


def test_the_parts_of_a_group_are_listed() -> None:
    assert group_words("region", "North\x1fWest") == "North + West"
    assert group_parts("region", "North\x1fWest") == '["North", "West"]'
    assert group_words("region|segment", "North\x1eNew\x1fWest\x1eNew") == "North · New + West · New"
    assert group_parts("region|segment", "North\x1eNew") == '[["North", "New"]]'
    assert group_parts("operations", "") == group_words("operations", "") == ""
