"""Counts of assigned members and counts of messages' members speak of the same people, block beside block."""

from __future__ import annotations

import polars as pl

from data.release.quantities import apart
from data.release.rules import SUMS
from data.release.views import ARM, FIXED, POOLED, TOGETHER

PAIRS = (
    ("members_converted", "with_outcome"),
    ("members_sent", "assigned"),
    ("members_delivered", "assigned"),
)
"""A count of messages' members, and the count of assigned members that holds nearly the same people."""


def kept_apart(stand: pl.DataFrame, arms: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The standing without the member counts of a campaign's channel that leave too few of its assigned.

    `arms` has the groups of arms as they are told. Compared are whole campaigns and single months, over all
    arms, over each told group of them, and without the members held out.
    """
    for part, whole in PAIRS:
        stand = _without(stand, part, _wholes(stand, arms, whole), threshold)
    return stand


def _wholes(stand: pl.DataFrame, arms: pl.DataFrame, whole: str) -> pl.DataFrame:
    """What assigned members add up to: campaign, month (null: all of them) and amount."""
    own = stand.filter((pl.col("channel") == "") & (pl.col("result") == ""))
    every = [own.select("campaign", "month", value=pl.lit(""), amount=pl.col(f"now {whole}"))]
    if whole == "assigned":
        treated = pl.col("now assigned") - pl.col("now held_out")
        every.append(own.select("campaign", "month", value=pl.lit("treated"), amount=treated))
    every.append(
        arms.select(
            "campaign", "month", pl.concat_str(pl.lit("arm "), "value").alias("value"), amount=pl.col(whole)
        )
    )
    months = pl.concat(every).drop_nulls("amount")
    whole_campaign = months.group_by("campaign", "value").agg(pl.col("amount").sum())
    return pl.concat(
        [
            months.select("campaign", "month", "amount"),
            whole_campaign.select("campaign", month=pl.lit(None, pl.Int32), amount="amount"),
        ]
    ).unique()


def _without(stand: pl.DataFrame, part: str, wholes: pl.DataFrame, threshold: int) -> pl.DataFrame:
    own = stand.filter((pl.col("channel") != "") & pl.col(f"now {part}").is_not_null())
    months = own.select("campaign", "channel", "month", told=pl.col(f"now {part}"))
    campaigns = months.group_by("campaign", "channel").agg(pl.col("told").sum())
    sums = pl.concat(
        [months, campaigns.select("campaign", "channel", month=pl.lit(None, pl.Int32), told="told")]
    )
    beside = sums.join(wholes, on=["campaign", "month"], nulls_equal=True)
    close = beside.filter(~apart(pl.col("amount") - pl.col("told"), threshold) & (pl.col("told") > 0))
    listed = close.select("campaign", "channel").unique().with_columns(crossed=pl.lit(True))
    marked = stand.join(listed, on=["campaign", "channel"], how="left")
    # What was told before cannot be unsaid: it stays as it was.
    drop = pl.col("crossed").fill_null(False) & pl.col(f"held {part}").is_null()
    return marked.with_columns(
        pl.when(drop).then(None).otherwise(pl.col(f"now {part}")).alias(f"now {part}"),
        (pl.col(f"told {part}") & ~drop).alias(f"told {part}"),
        (pl.col(f"new {part}") & ~drop).alias(f"new {part}"),
        (pl.col(f"moved {part}") & ~drop).alias(f"moved {part}"),
    ).drop("crossed")


def uncrossed(rows: pl.DataFrame, tables: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The rows of cuts without the counts of messages' members that would leave too few of those assigned.

    Compared are groups of the same values: months and whole campaigns, with and without the members held out,
    and each arm of those that `tables` has told by arm and attribute.
    """
    cells = _as_attributes(tables)
    for part, whole in PAIRS:
        near = [_crossed_in(rows, part, whole, threshold), _near(rows, cells, part, whole, threshold)]
        crossed = pl.concat(near).unique().with_columns(crossed=pl.lit(True))
        marked = rows.join(crossed, on=["view", "campaign", "channel"], how="left")
        kept = pl.when(pl.col("crossed").is_null()).then(pl.col(part))
        rows = marked.with_columns(kept.alias(part)).drop("crossed")
    return rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))


def without_near(new: pl.DataFrame, kept: pl.DataFrame, told: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The `new` rows of tables without those by arm and attribute of a campaign in which an arm is nearly who
    was written to.

    `kept` are the rows of tables that stay, `told` the rows of the attributes alone.
    """
    cells = _as_attributes(pl.concat([new, kept]))
    near = pl.concat([_near(told, cells, part, whole, threshold) for part, whole in PAIRS])
    named = near.select("campaign", view=_with_arm(pl.col("view"))).unique()
    return new.join(named, on=["view", "campaign"], how="anti", maintain_order="left")


def _with_arm(attribute: pl.Expr) -> pl.Expr:
    """The name of the table of an attribute and arms."""
    first = attribute < pl.lit(ARM)
    return pl.when(first).then(attribute + f"|{ARM}").otherwise(pl.lit(f"{ARM}|") + attribute)


def _as_attributes(tables: pl.DataFrame) -> pl.DataFrame:
    """Rows told by arm and attribute, as rows of the attribute with their `arms`; none of those held out."""
    names = pl.col("view").str.split("|")
    fixed = [view.name for view in FIXED]
    own = tables.filter(names.list.contains(ARM) & (names.list.len() == 2) & ~pl.col("view").is_in(fixed))
    own = own.filter((pl.col("held_out") < pl.col("assigned")).fill_null(True))
    cells = pl.col("value").str.split(POOLED)
    sides = [
        cells.list.eval(pl.element().str.split(TOGETHER).list.get(n))
        .list.unique()
        .list.sort()
        .list.join(POOLED)
        for n in (0, 1)
    ]
    first = names.list.get(0) == ARM
    return own.with_columns(
        view=pl.when(first).then(names.list.get(1)).otherwise(names.list.get(0)),
        arms=pl.when(first).then(sides[0]).otherwise(sides[1]),
        value=pl.when(first).then(sides[1]).otherwise(sides[0]),
    )


def _near(rows: pl.DataFrame, cells: pl.DataFrame, part: str, whole: str, threshold: int) -> pl.DataFrame:
    """The cuts, campaigns and channels in which an arm leaves too few of those written to."""
    plain = rows.filter((pl.col("origin") == "rows") & (pl.col("result") == "") & (pl.col("channel") != ""))
    return _close(_in_cut(plain, part, ["channel"]), _in_cut(cells, whole, ["arms"]), threshold)


def _crossed_in(rows: pl.DataFrame, part: str, whole: str, threshold: int) -> pl.DataFrame:
    """The cuts, campaigns and channels in which a count of messages' members leaves too few assigned."""
    plain = rows.filter((pl.col("origin") == "rows") & (pl.col("result") == ""))
    own = plain.filter(pl.col("channel") == "").with_columns(treated=pl.col("assigned") - pl.col("held_out"))
    sides = [_in_cut(own, name, []) for name in ((whole, "treated") if whole == "assigned" else (whole,))]
    told = _in_cut(plain.filter(pl.col("channel") != ""), part, ["channel"])
    return _close(told, pl.concat(sides), threshold)


def _close(told: pl.DataFrame, assigned: pl.DataFrame, threshold: int) -> pl.DataFrame:
    by = ["view", "campaign", "value", "month"]
    met = told.join(assigned, on=by, suffix=" assigned", nulls_equal=True)
    left = pl.col("amount assigned") - pl.col("amount")
    close = met.filter((pl.col("amount") > 0) & ~apart(left, threshold))
    return close.select("view", "campaign", "channel").unique()


def _in_cut(rows: pl.DataFrame, count: str, more: list[str]) -> pl.DataFrame:
    by = ["view", "campaign", "value", *more]
    told = rows.drop_nulls(count)
    months = told.group_by(*by, "month").agg(amount=pl.col(count).sum())
    every = told.group_by(by).agg(amount=pl.col(count).sum(), month=pl.lit(None, pl.Int32))
    return pl.concat([months, every.select(months.columns)])
