"""The cells that a release is decided from, added up as each cut needs them: no frame holds all profiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data import release
from data.tables import COUNTS
from etl.cells import counted
from etl.commit import Writer

PLACE = ("campaign", "channel", "month", "day", "wave", "variant")
PLAIN = ("kind", "outcome", "arm", "slot", *PLACE)
"""What the fixed cuts tell apart."""


@dataclass(frozen=True)
class Cuts:
    """Cells without attributes, cells by the attributes of each cut that has some, and who has which.

    `inside` says of which attribute's groups another's values are parts: counties lie in regions.
    """

    plain: pl.DataFrame
    by_attribute: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    profiles: pl.DataFrame = field(default_factory=pl.DataFrame)
    attributes: list[str] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)


def cuts(con: duckdb.DuckDBPyConnection, lake: Writer, cells: str, pairs: Iterable[tuple[str, str]]) -> Cuts:
    """The cuts of a relation of cells.

    The attributes that an assignment states itself go before the members file's.
    """
    counts = counted(con, cells)
    plain = _summed(con, cells, PLAIN, counts)
    stated = con.sql(f"select distinct profile, attribute, value from {lake.source('profiles')}").pl()
    attributes = sorted(stated["attribute"].unique())
    if not attributes:
        return Cuts(plain)
    wide = stated.pivot("attribute", index="profile", values="value")
    combos = con.sql(f"select distinct campaign, member_profile, profile from {cells}").pl()
    known = _known(_chosen(combos, wide, attributes), attributes)
    con.register("frame_in", known.to_arrow())
    con.execute("create or replace temp table combos as select * from frame_in")
    inside = _inside(wide, attributes)
    views = release.views(attributes, tuple(pairs), inside)[len(release.FIXED) :]
    return Cuts(
        plain,
        {view.columns: _told_apart(con, cells, view, counts) for view in views},
        known,
        attributes,
        inside,
    )


def _told_apart(
    con: duckdb.DuckDBPyConnection, cells: str, view: release.View, counts: list[str]
) -> pl.DataFrame:
    names = ['"{}"'.format(column.replace('"', '""')) for column in view.columns]
    known = " and ".join(f"{name} is not null" for name in names)
    kinds = ", ".join(f"'{kind}'" for kind in view.kinds)
    own = (
        f"(select c.*, {', '.join(names)} from {cells} c "
        "join combos using (campaign, member_profile, profile) "
        f"where kind in ({kinds}) and {known})"
    )
    return _summed(con, own, ("kind", *PLACE, *names), counts).with_columns(outcome=pl.lit(""))


def totals(con: duckdb.DuckDBPyConnection, cells: str) -> pl.DataFrame:
    """The cells added up to months, by what their totals are told for."""
    return _summed(con, cells, ("kind", "campaign", "channel", "month", "outcome"), counted(con, cells))


def _summed(con: duckdb.DuckDBPyConnection, cells: str, by: Iterable[str], counts: list[str]) -> pl.DataFrame:
    keys = ", ".join(by)
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in counts)
    frame: pl.DataFrame = con.sql(f"select {keys}, {sums} from {cells} group by {keys}").pl()
    nothing = [pl.lit(0, pl.Int64).alias(name) for name in COUNTS if name not in counts]
    return frame.with_columns(pl.col(counts).fill_null(0), *nothing)


def _chosen(combos: pl.DataFrame, wide: pl.DataFrame, attributes: list[str]) -> pl.DataFrame:
    """The combinations of profiles with a column `attribute <name>` each, null where it is not known."""
    filed = wide.rename({name: f"{name} filed" for name in attributes})
    both = combos.join(wide, on="profile", how="left").join(
        filed, left_on="member_profile", right_on="profile", how="left"
    )
    return both.select(
        *combos.columns,
        *(
            pl.coalesce(pl.col(name), pl.col(f"{name} filed")).alias(f"attribute {name}")
            for name in attributes
        ),
    )


def _known(chosen: pl.DataFrame, attributes: list[str]) -> pl.DataFrame:
    """With a value for those of whom an attribute is not known, where it is of others in the campaign."""
    made = [
        pl.when(pl.col(f"attribute {name}").is_not_null().any().over("campaign"))
        .then(pl.col(f"attribute {name}").fill_null(release.UNKNOWN))
        .alias(f"attribute {name}")
        for name in attributes
    ]
    return _without_profile(chosen.with_columns(made), attributes)


def _without_profile(known: pl.DataFrame, attributes: list[str]) -> pl.DataFrame:
    """With a value of their own for those of whom no attribute is known, though several could be.

    They are the same people in every attribute: as unknown ones they would tell how many others are unknown.
    """
    columns = [pl.col(f"attribute {name}") for name in attributes]
    several = pl.sum_horizontal(column.is_not_null().cast(pl.Int64) for column in columns) > 1
    none = pl.all_horizontal(column.is_null() | (column == release.UNKNOWN) for column in columns)
    return known.with_columns(
        pl.when(several & none & column.is_not_null())
        .then(pl.lit(release.NO_PROFILE))
        .otherwise(column)
        .alias(f"attribute {name}")
        for name, column in zip(attributes, columns, strict=True)
    )


def _inside(wide: pl.DataFrame, attributes: list[str]) -> dict[str, str]:
    """The attributes each of whose values goes with one value of another in the whole plan."""
    found = {}
    counted = {name: wide[name].drop_nulls().n_unique() for name in attributes}
    for name in attributes:
        for other in sorted(attributes, key=lambda one: -counted[one]):
            if 1 < counted[other] < counted[name]:
                pairs = wide.select(name, other).drop_nulls().unique()
                if pairs.height == pairs[name].n_unique() == counted[name]:
                    found[name] = other
                    break
    return found
