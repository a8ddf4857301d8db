"""The decision for the campaigns of a run: what is told now, what is withheld, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from data.release.atoms import BLOCK, CUT, atoms_of, campaign_base
from data.release.crossings import kept_apart, uncrossed, without_near
from data.release.grid import tabled
from data.release.quantities import apart
from data.release.rules import OPERATIONAL, SUMS
from data.release.schedule import days_of, in_stars, met_on_days
from data.release.standing import stand, totals_of
from data.release.state import prepared
from data.release.times import told_days
from data.release.told import EARLY, FEW, Case, Told, no_groups, no_rows, shaped
from data.release.values import labelled, told_values
from data.release.views import OPERATIONS, RESULTS, View, counts_of, tells, views
from data.tables import PENDING, RELEASED, STANDING, WITHHELD


@dataclass
class _Made:
    """The rows of a decision as they come, and the groups of the cuts that later ones must respect."""

    released: list[pl.DataFrame] = field(default_factory=list)
    withheld: list[pl.DataFrame] = field(default_factory=list)
    pending: list[pl.DataFrame] = field(default_factory=list)
    groups: pl.DataFrame = field(default_factory=no_groups)


def release(case: Case, before: Told) -> Told:
    """What is told of these campaigns from now on, given what was told of them `before`."""
    if case.cells.is_empty():
        return Told.nothing()
    every = views(case.attributes, case.terms.pairs, case.inside)
    free = OPERATIONAL if case.terms.profile == "default" else frozenset[str]()
    days = atoms_of(OPERATIONS, case.cells)
    totals = totals_of(days, atoms_of(RESULTS, case.cells), _known(case.coverage), campaign_base(case.cells))
    standing = stand(totals, _wide(before.standing), case.clock, free, case.terms.threshold, case.retold)
    made = _Made()
    arms = _values([view for view in every if view.name == "arm"], standing, case, before, made)
    standing = kept_apart(standing, arms, case.terms.threshold)
    for cuts in _depths(every, case.inside):
        _values(cuts, standing, case, before, made)
    _tables([view for view in every if view.grid], standing, case, before, made)
    _days(
        [view for view in every if view.scheduled and view.columns], days, standing, case, before, made, free
    )
    return _told(made, standing, case.now_us)


def _depths(every: list[View], inside: dict[str, str]) -> list[list[View]]:
    """The cuts by one coordinate: those whose values lie in another's groups after these."""
    single = [v for v in every if not v.grid and v.name not in ("operations", "arm")]
    depths = sorted({_depth(view.name, inside) for view in single})
    return [[view for view in single if _depth(view.name, inside) == depth] for depth in depths]


def _depth(name: str, inside: dict[str, str]) -> int:
    return 1 + _depth(inside[name], inside) if name in inside else 0


def _known(coverage: pl.DataFrame) -> pl.DataFrame:
    facts = [(pl.col("fact") == c).any().alias(f"known {c}") for c in SUMS]
    return coverage.group_by("campaign", "channel", "origin").agg(facts)


def _wide(standing: pl.DataFrame) -> pl.DataFrame:
    """The standing with columns `held c`, `frozen c` and `as c` per block."""
    made = [
        pl.col(name).filter(pl.col("measure") == count).first().alias(f"{word} {count}")
        for count in SUMS
        for word, name in (("held", "total"), ("frozen", "frozen"), ("as", "as_of_us"))
    ]
    return standing.group_by(BLOCK).agg(made)


def _atoms(cuts: Sequence[View], case: Case) -> pl.DataFrame:
    return pl.concat([atoms_of(view, case.of(view)).with_columns(view=pl.lit(view.name)) for view in cuts])


def _values(
    cuts: Sequence[View], standing: pl.DataFrame, case: Case, before: Told, made: _Made
) -> pl.DataFrame:
    """Decide cuts by one coordinate; the rows that they tell."""
    atoms = _atoms(cuts, case)
    if atoms.is_empty():
        return no_rows()
    counts = counts_of(cuts)
    state, flags = prepared(atoms, standing, before, "value", case.retold)
    state = _within(state, case, made.groups, counts)
    groups = labelled(state, flags, cuts, case.terms.threshold)
    scheduled = [view for view in cuts if view.scheduled]
    if scheduled:
        groups = in_stars(groups, days_of(scheduled, case.cells), [view.name for view in scheduled])
    made.groups = pl.concat([made.groups, groups], how="diagonal")
    spans = standing.select(*BLOCK, "first_day", "last_day")
    rows = told_values(state, groups, counts, spans)
    rows = _uncrossed(rows, cuts, before.released, case.terms.threshold)
    _take(rows, state, flags, cuts, made)
    return rows


def _uncrossed(
    rows: pl.DataFrame, cuts: Sequence[View], tables: pl.DataFrame, threshold: int
) -> pl.DataFrame:
    """The rows of cuts, those of members without counts that would leave few of those assigned."""
    of_members = pl.col("view").is_in([view.name for view in cuts if view.of_members])
    kept = uncrossed(rows.filter(of_members), tables.select(rows.columns), threshold)
    return pl.concat([rows.filter(~of_members), kept])


def _tables(cuts: Sequence[View], standing: pl.DataFrame, case: Case, before: Told, made: _Made) -> None:
    """Decide cuts by two coordinates, once each: later a table is kept, or withdrawn for good."""
    atoms = _atoms(cuts, case)
    if atoms.is_empty():
        return
    state, flags = prepared(atoms, standing, before, "value", case.retold)
    flags = flags.with_columns((pl.col(f"told {c}") & ~pl.col(f"seen {c}")).alias(f"told {c}") for c in SUMS)
    groups = tabled(state, flags, made.groups, cuts, case.terms.threshold)
    spans = standing.select(*BLOCK, "first_day", "last_day")
    carried = _carried(before, flags, case.terms.threshold)
    new = told_values(state, groups, counts_of(cuts), spans)
    told = pl.concat([no_rows(), *made.released], how="diagonal").select(no_rows().columns)
    new = without_near(new, carried, told, case.terms.threshold)
    rows = _uncrossed(pl.concat([new, carried]), cuts, no_rows(), case.terms.threshold)
    _take(rows, state, flags, cuts, made)


def _carried(before: Told, flags: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The tables of before that stay, where every cell is of enough members under the terms of now."""
    stays = flags.select(*CUT, *(f"stays {c}" for c in SUMS))
    own = before.released.join(stays, on=CUT, nulls_equal=True)
    own = own.with_columns(
        pl.when(pl.col(f"stays {c}") & apart(pl.col(c), threshold).all().over(CUT)).then(pl.col(c)).alias(c)
        for c in SUMS
    )
    return own.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS)).select(no_rows().columns)


def _within(state: pl.DataFrame, case: Case, groups: pl.DataFrame, counts: Sequence[str]) -> pl.DataFrame:
    """The atoms with the group that each lies in (`within c`), where a cut lies in another."""
    names = [name for name in case.inside if name in state["view"]]
    if not names:
        return state
    found = pl.concat([_lies(name, case, groups, counts) for name in names])
    return state.join(found, on=[*CUT, "value"], how="left", nulls_equal=True)


def _lies(name: str, case: Case, groups: pl.DataFrame, counts: Sequence[str]) -> pl.DataFrame:
    parent = case.inside[name]
    held = case.cells if case.profiles is None else case.profiles
    pairs = held.select("campaign", value=f"attribute {name}", parent=f"attribute {parent}").drop_nulls()
    lies = pairs.unique().filter(pl.len().over("campaign", "value") == 1)
    within = {f"within {c}": f"group {c}" for c in counts}
    of = groups.filter(view=parent).with_columns(view=pl.lit(name)).select(*CUT, parent="value", **within)
    return lies.join(of, on=["campaign", "parent"]).select(*CUT, "value", *within)


def _take(
    rows: pl.DataFrame, state: pl.DataFrame, flags: pl.DataFrame, cuts: Sequence[View], made: _Made
) -> None:
    """Keep the rows, why the other counts are not among them, and the state of what waits to be complete."""
    counts = counts_of(cuts)
    made.released.append(rows)
    shown = rows.group_by(CUT).agg(pl.col(c).is_not_null().any().alias(f"shown {c}") for c in counts)
    known = flags.join(shown, on=CUT, how="left", nulls_equal=True)
    missing = [_missing(c, tells(cuts, c)).alias(c) for c in counts]
    why = known.select(*CUT, *missing).unpivot(index=CUT, variable_name="measure", value_name="why")
    made.withheld.append(why.drop_nulls("why"))
    waits = {c: pl.col(f"told {c}") & ~pl.col(f"complete {c}") & tells(cuts, c) for c in counts}
    waiting = flags.select(*CUT, **{f"waits {c}": flag for c, flag in waits.items()})
    waiting = waiting.filter(pl.any_horizontal(pl.col(f"waits {c}") for c in counts))
    kept = state.join(waiting, on=CUT, nulls_equal=True).with_columns(
        *(pl.when(pl.col(f"waits {c}")).then(pl.col(c)).alias(c) for c in counts),
        *(pl.lit(None, pl.Int64).alias(c) for c in SUMS if c not in counts),
    )
    made.pending.append(kept)


def _missing(count: str, own: pl.Expr) -> pl.Expr:
    """Why a known count is not shown: it is not complete yet, or it is of too few."""
    early = pl.col(f"now {count}").is_not_null() & ~pl.col(f"complete {count}")
    why = pl.when(early).then(pl.lit(EARLY)).otherwise(pl.lit(FEW))
    known, shown = (pl.col(f"{word} {count}").fill_null(False) for word in ("known", "shown"))
    return pl.when(own & known & ~shown).then(why)


def _days(
    scheduled: Sequence[View],
    days: pl.DataFrame,
    standing: pl.DataFrame,
    case: Case,
    before: Told,
    made: _Made,
    free: frozenset[str],
) -> None:
    """Decide how finely days are told."""
    if days.is_empty():
        return
    days = days.with_columns(view=pl.lit(OPERATIONS.name))
    state, flags = prepared(days, standing, before, "day", case.retold)
    if free:
        # Free counts are told as of today, day by day.
        fresh = days.select(*BLOCK, "day", *(pl.col(c).alias(f"today {c}") for c in free))
        state = state.join(fresh, on=[*BLOCK, "day"], how="left", nulls_equal=True)
        state = state.with_columns(pl.col(f"today {c}").fill_null(0).alias(c) for c in free)
        state = state.drop([f"today {c}" for c in free])
    names = [view.name for view in scheduled]
    met = met_on_days(made.groups.filter(pl.col("view").is_in(names)), days_of(scheduled, case.cells))
    rows = told_days(state, flags, met, free, case.terms.threshold)
    known = standing.select(*BLOCK, *(f"known {c}" for c in SUMS))
    rows = rows.join(known, on=BLOCK, nulls_equal=True).with_columns(
        pl.when(pl.col(f"known {c}")).then(pl.col(c)).alias(c) for c in SUMS
    )
    rows = rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))
    rows = rows.with_columns(view=pl.lit(OPERATIONS.name)).select(no_rows().columns)
    _take(rows, state, flags, [OPERATIONS], made)


def _told(made: _Made, standing: pl.DataFrame, now_us: int) -> Told:
    return Told(
        shaped(
            pl.concat(made.released, how="diagonal") if made.released else pl.DataFrame(), RELEASED.columns
        ),
        shaped(
            pl.concat(made.withheld, how="diagonal") if made.withheld else pl.DataFrame(), WITHHELD.columns
        ),
        _stood(standing, now_us),
        shaped(pl.concat(made.pending, how="diagonal") if made.pending else pl.DataFrame(), PENDING.columns),
    )


def _stood(standing: pl.DataFrame, now_us: int) -> pl.DataFrame:
    parts = [
        standing.filter(pl.col(f"now {c}").is_not_null()).select(
            *BLOCK,
            measure=pl.lit(c),
            total=pl.col(f"now {c}"),
            as_of_us=pl.when(pl.col(f"new {c}")).then(pl.lit(now_us)).otherwise(pl.col(f"as {c}")),
            frozen=pl.col(f"complete {c}"),
        )
        for c in SUMS
    ]
    return shaped(pl.concat(parts), STANDING.columns)
