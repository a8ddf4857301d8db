"""What was told, and what a decision on it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from data.release.atoms import CUT
from data.release.rules import SUMS
from data.release.standing import Clock
from data.release.views import View
from data.tables import PENDING, RELEASED, STANDING, WITHHELD, Column

TYPES = {"int": pl.Int32, "long": pl.Int64, "text": pl.String, "bool": pl.Boolean}
FEW, EARLY = "few", "early"
RULE = "margins-1"
"""The version of the rule; what another one told is decided anew."""


@dataclass(frozen=True)
class Terms:
    """The terms of release: threshold, profile (`default` or `strict`) and pairs of attributes."""

    threshold: int = 11
    profile: str = "default"
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """What was told, with the columns of the tables of these names; what a decision starts from and makes."""

    released: pl.DataFrame
    withheld: pl.DataFrame
    standing: pl.DataFrame
    pending: pl.DataFrame

    @classmethod
    def nothing(cls) -> Told:
        return cls(
            *(
                shaped(pl.DataFrame(), table.columns).clear()
                for table in (RELEASED, WITHHELD, STANDING, PENDING)
            )
        )

    def unfinished(self) -> list[str]:
        """The campaigns with a count that is told but not complete: time alone may change what is told."""
        return sorted(self.standing.filter(~pl.col("frozen"))["campaign"].unique())

    def of(self, campaigns: Iterable[str], inside: bool = True) -> Told:
        """The part of these campaigns; of all others where not `inside`."""
        own = pl.col("campaign").is_in(list(campaigns))
        kept = own if inside else ~own
        return Told(*(frame.filter(kept) for frame in self._frames()))

    def and_of(self, other: Told) -> Told:
        return Told(*(pl.concat(pair) for pair in zip(self._frames(), other._frames(), strict=True)))

    def _frames(self) -> tuple[pl.DataFrame, ...]:
        return self.released, self.withheld, self.standing, self.pending


@dataclass(frozen=True)
class Case:
    """What a decision is made from: cells, and everything beside them.

    `cells` may be added up over all profiles; then `by_attribute` has, for each cut by attributes, cells with
    its columns (`attribute <name>`), and `profiles` which attributes stand together in a campaign. `inside`
    says of which attribute's groups another's values are parts (a county lies in a region); `retold` that the
    terms changed, so that what was told has to be safe under the new ones.
    """

    cells: pl.DataFrame
    attributes: list[str]
    coverage: pl.DataFrame
    terms: Terms
    clock: Clock
    now_us: int
    inside: dict[str, str] = field(default_factory=dict)
    retold: bool = False
    by_attribute: Mapping[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    profiles: pl.DataFrame | None = None

    def of(self, view: View) -> pl.DataFrame:
        """The cells of a cut."""
        return self.by_attribute.get(view.columns, self.cells)


def shaped(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(c.name) for c in columns if c.name not in frame.columns]
    return frame.with_columns(absent).select(pl.col(c.name).cast(TYPES[c.type]) for c in columns)


def no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={column.name: TYPES[column.type] for column in RELEASED.columns})


def no_groups() -> pl.DataFrame:
    keys = {**dict.fromkeys((*CUT, "value"), pl.String), "month": pl.Int32}
    return pl.DataFrame(schema={**keys, **{f"group {c}": pl.Int64 for c in SUMS}})
