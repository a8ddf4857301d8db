"""The decision for the campaigns of a run: what is told now, what is withheld, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from data.release import links
from data.release.atoms import BLOCK, atoms_of, campaign_base, meetings_of
from data.release.crossings import crossed_in, kept_apart
from data.release.grid import tabled
from data.release.quantities import apart
from data.release.rules import OPERATIONAL, SUMS, twins
from data.release.standing import stand, totals_of
from data.release.state import prepared
from data.release.times import told_days
from data.release.told import EARLY, FEW, Case, Told, no_groups, no_rows, shaped
from data.release.values import labelled, told_values
from data.release.views import OPERATIONS, RESULTS, View, views
from data.tables import PENDING, RELEASED, STANDING, WITHHELD


@dataclass
class _Made:
    """The rows of a decision as they come, view by view, and the groups that later views must respect."""

    released: list[pl.DataFrame] = field(default_factory=list)
    withheld: list[pl.DataFrame] = field(default_factory=list)
    pending: list[pl.DataFrame] = field(default_factory=list)
    groups: dict[str, pl.DataFrame] = field(default_factory=dict)
    days: dict[str, pl.DataFrame] = field(default_factory=dict)


def release(case: Case, before: Told) -> Told:
    """What is told of these campaigns from now on, given what was told of them `before`."""
    if case.cells.is_empty():
        return Told.nothing()
    every = views(case.attributes, case.terms.pairs)
    atoms = {view.name: atoms_of(view, case.cells) for view in every}
    free = OPERATIONAL if case.terms.profile == "default" else frozenset[str]()
    known = _known(case.coverage)
    totals = totals_of(atoms["operations"], atoms_of(RESULTS, case.cells), known, campaign_base(case.cells))
    standing = stand(totals, _wide(before.standing), case.clock, free, case.terms.threshold, case.retold)
    made = _Made()
    arms = _cut(_view(every, "arm"), atoms, standing, case, before, made)
    standing = kept_apart(standing, arms, case.terms.threshold)
    for view in _ordered(every, case.inside):
        _cut(view, atoms, standing, case, before, made)
    _time(atoms, standing, case, before, made, free)
    return _told(made, standing, case.now_us)


def _view(every: list[View], name: str) -> View:
    return next(view for view in every if view.name == name)


def _ordered(every: list[View], inside: dict[str, str]) -> list[View]:
    """Cuts of one coordinate before those of two, and before those whose values lie in theirs."""
    single = [v for v in every if not v.grid and v.name not in ("operations", "arm")]
    return sorted(single, key=lambda v: _depth(v.name, inside)) + [v for v in every if v.grid]


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


def _cut(
    view: View, atoms: dict[str, pl.DataFrame], standing: pl.DataFrame, case: Case, before: Told, made: _Made
) -> pl.DataFrame:
    """Decide a cut by values; the rows that it tells."""
    if atoms[view.name].is_empty():
        made.groups[view.name] = no_groups()
        return no_rows()
    if view.name in made.groups:
        return made.released[0]
    counts = tuple(c for c in SUMS if c in view.counts)
    state, flags = prepared(view, atoms[view.name], standing, before, "value", case.retold)
    carried = no_rows()
    if view.grid:
        first, second = view.name.split("|")
        flags = _told_first(flags)
        groups = tabled(state, flags, made.groups[first], made.groups[second], counts, case.terms.threshold)
        carried = _carried(view, before, flags, case.terms.threshold)
    else:
        inside = case.inside.get(view.name)
        if inside and made.groups[inside].is_empty():
            inside = None
        if inside:
            state = _within(state, view.name, made.groups[inside], case.cells, inside, counts)
        groups = labelled(state, flags, counts, case.terms.threshold, inside)
    if view.scheduled:
        groups = _star(view, groups, case.cells, made)
    made.groups[view.name] = groups
    spans = standing.select(*BLOCK, "first_day", "last_day")
    rows = pl.concat([told_values(state, groups, counts, spans), carried], how="diagonal")
    if view.of_members:
        rows = _uncrossed(rows, case.terms.threshold)
    _take(view, rows, state, flags, counts, made)
    return rows


def _told_first(flags: pl.DataFrame) -> pl.DataFrame:
    """A table of two coordinates is decided upon once: later it is kept, or withdrawn for good."""
    return flags.with_columns((pl.col(f"told {c}") & ~pl.col(f"seen {c}")).alias(f"told {c}") for c in SUMS)


def _carried(view: View, before: Told, flags: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The tables of before that stay, where every cell is of enough members under the terms of now."""
    rows = before.released.filter(pl.col("view") == view.name).drop("view")
    own = rows.join(flags.select(*BLOCK, *(f"stays {c}" for c in SUMS)), on=BLOCK, nulls_equal=True)
    own = own.with_columns(
        pl.when(pl.col(f"stays {c}") & apart(pl.col(c), threshold).all().over(BLOCK)).then(pl.col(c)).alias(c)
        for c in SUMS
    )
    return own.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS)).select(no_rows().columns)


def _within(
    state: pl.DataFrame,
    name: str,
    groups: pl.DataFrame,
    cells: pl.DataFrame,
    parent: str,
    counts: tuple[str, ...],
) -> pl.DataFrame:
    """The atoms with the group of the value that each lies in (`within c`)."""
    pairs = cells.select("campaign", value=f"attribute {name}", parent=f"attribute {parent}").drop_nulls()
    lies = pairs.unique().filter(pl.len().over("campaign", "value") == 1)
    named = groups.rename({"value": "parent", **{f"group {c}": f"within {c}" for c in counts}})
    joined = state.join(lies, on=["campaign", "value"], how="left")
    return joined.join(named, on=[*BLOCK, "parent"], how="left", nulls_equal=True).drop("parent")


def _uncrossed(rows: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The rows without the counts of messages' members that would leave too few of those assigned."""
    for count, places in crossed_in(rows, threshold).items():
        listed = places.with_columns(crossed=pl.lit(True))
        marked = rows.join(listed, on=["campaign", "channel"], how="left")
        kept = pl.when(pl.col("crossed").is_null()).then(pl.col(count))
        rows = marked.with_columns(kept.alias(count)).drop("crossed")
    return rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))


def _take(
    view: View,
    rows: pl.DataFrame,
    state: pl.DataFrame,
    flags: pl.DataFrame,
    counts: tuple[str, ...],
    made: _Made,
) -> None:
    made.released.append(rows.with_columns(view=pl.lit(view.name)))
    told = rows.group_by(BLOCK).agg(pl.col(c).is_not_null().any().alias(f"shown {c}") for c in counts)
    known = flags.join(told, on=BLOCK, how="left", nulls_equal=True)
    missing = [
        pl.when(pl.col(f"known {c}").fill_null(False) & ~pl.col(f"shown {c}").fill_null(False))
        .then(
            pl.when(pl.col(f"now {c}").is_not_null() & ~pl.col(f"complete {c}"))
            .then(pl.lit(EARLY))
            .otherwise(pl.lit(FEW))
        )
        .alias(c)
        for c in counts
    ]
    why = known.select(*BLOCK, *missing).unpivot(index=BLOCK, variable_name="measure", value_name="why")
    made.withheld.append(why.drop_nulls("why").with_columns(view=pl.lit(view.name)))
    waits = [pl.col(f"told {c}") & ~pl.col(f"complete {c}") for c in counts]
    waiting = flags.select(*BLOCK, *(w.alias(f"waits {c}") for w, c in zip(waits, counts, strict=True)))
    waiting = waiting.filter(pl.any_horizontal(pl.col(f"waits {c}") for c in counts))
    kept = state.join(waiting, on=BLOCK, nulls_equal=True).with_columns(
        *(pl.when(pl.col(f"waits {c}")).then(pl.col(c)).alias(c) for c in counts),
        *(pl.lit(None, pl.Int64).alias(c) for c in SUMS if c not in counts),
    )
    made.pending.append(kept.with_columns(view=pl.lit(view.name)))


def _time(
    atoms: dict[str, pl.DataFrame],
    standing: pl.DataFrame,
    case: Case,
    before: Told,
    made: _Made,
    free: frozenset[str],
) -> None:
    view, now = OPERATIONS, atoms["operations"]
    if now.is_empty():
        return
    state, flags = prepared(view, now, standing, before, "day", case.retold)
    if free:
        # Free counts are told as of today, day by day.
        fresh = now.select(*BLOCK, "day", *(pl.col(c).alias(f"today {c}") for c in free))
        state = state.join(fresh, on=[*BLOCK, "day"], how="left", nulls_equal=True)
        state = state.with_columns(pl.col(f"today {c}").fill_null(0).alias(c) for c in free)
        state = state.drop([f"today {c}" for c in free])
    rows = told_days(state, flags, _met(case.cells, made), free, case.terms.threshold)
    known = standing.select(*BLOCK, *(f"known {c}" for c in SUMS))
    rows = rows.join(known, on=BLOCK, nulls_equal=True).with_columns(
        pl.when(pl.col(f"known {c}")).then(pl.col(c)).alias(c) for c in SUMS
    )
    rows = rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))
    _take(view, rows.select(no_rows().columns), state, flags, SUMS, made)


def _star(view: View, groups: pl.DataFrame, cells: pl.DataFrame, made: _Made) -> pl.DataFrame:
    """The groups without the counts whose groups meet those of an earlier scheduled cut in chains."""
    made.days[view.name] = own_days = meetings_of(view, cells)
    counts = [name.removeprefix("group ") for name in groups.columns if name.startswith("group ")]
    for name, days in made.days.items():
        if name == view.name or made.groups[name].is_empty():
            continue
        met = own_days.join(days, on=[*BLOCK, "day"], suffix=" other", nulls_equal=True)
        met = met.select(*BLOCK, "value", "value other").unique()
        for count in counts:
            own = groups.select(*BLOCK, "value", group=f"group {count}").drop_nulls("group")
            for beside in (one for one in twins(count) if f"group {one}" in made.groups[name].columns):
                other = made.groups[name].select(
                    *BLOCK, pl.col("value").alias("value other"), pl.col(f"group {beside}").alias("other")
                )
                pairs = met.join(own, on=[*BLOCK, "value"], nulls_equal=True)
                pairs = pairs.join(other, on=[*BLOCK, "value other"], nulls_equal=True).drop_nulls("other")
                chains = links.holds(pairs, BLOCK, "group", "other").filter(~pl.col("holds"))
                if not chains.is_empty():
                    groups = groups.join(chains, on=BLOCK, how="left", nulls_equal=True)
                    kept = pl.when(pl.col("holds").is_null()).then(pl.col(f"group {count}"))
                    groups = groups.with_columns(kept.alias(f"group {count}")).drop("holds")
                    own = own.join(chains, on=BLOCK, how="anti", nulls_equal=True)
    return groups


def _met(cells: pl.DataFrame, made: _Made) -> dict[str, pl.DataFrame]:
    """Per count, which groups of the scheduled cuts went out on which day."""
    found: dict[str, list[pl.DataFrame]] = {}
    for name, days in made.days.items():
        groups = made.groups[name]
        for count in (c for c in SUMS if f"group {c}" in groups.columns):
            own = groups.select(*BLOCK, "value", group=f"group {count}").drop_nulls("group")
            several = own.filter(pl.col("group").n_unique().over(BLOCK) > 1)
            if several.is_empty():
                continue
            met = days.join(several, on=[*BLOCK, "value"], nulls_equal=True)
            pairs = met.select(*BLOCK, "day", "group", view=pl.lit(f"{name} {count}")).unique()
            for one in twins(count):
                found.setdefault(one, []).append(pairs)
    return {count: pl.concat(parts) for count, parts in found.items()}


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
