"""What can be known of a campaign and channel, from what its sources say they report."""

from __future__ import annotations

import polars as pl

from config.vocabulary import EVENTS

STAGES = {event.name: event.stages for event in EVENTS}
COLUMNS: dict[str, tuple[str, ...]] = {
    "sent": ("sent", "members_sent", "unlinked"),
    "delivered": ("delivered", "members_delivered"),
    "bounced": ("bounced", "bounced_hard", "bounced_soft", "bounced_block"),
    "opened": ("opened", "members_opened"),
    "opened_human": ("opened_human", "members_opened_human"),
    "clicked": ("clicked", "members_clicked"),
    "engaged": ("engaged", "members_engaged"),
    "replied": ("replied", "members_responded", "members_responded_positive", "members_responded_negative"),
    "opt_out": ("opt_out", "members_opted_out"),
    "complaint": ("complaint", "members_complained"),
    "cost": ("cost_micros",),
}
ASSIGNED = ("assigned", "held_out", "eligible", "contactable", "consented")
OF_OUTCOMES = ("with_outcome", "value_micros", "members_converted", "attributed")


def facts(provides: str) -> set[str]:
    """The columns of cells that the words of a load's `provides` make known."""
    words = set(provides.split())
    found = {stage for word in words for stage in STAGES.get(word, (word,))}
    if {"printed", "returned"} <= found:
        found.add("delivered")
    if "holdout" in words:
        found.add("held_out")
    if "opened" in found and "machine" in words:
        found.add("opened_human")
    if found & {"clicked", "replied", "acted"}:
        found.add("engaged")
    return {column for fact in found for column in COLUMNS.get(fact, (fact,))}


def _reported(seen: pl.DataFrame, loads: pl.DataFrame) -> pl.DataFrame:
    """`seen` with a row per fact that the source it names can report."""
    rows = [(s, fact) for s, p in loads.select("source", "provides").iter_rows() for fact in facts(p or "")]
    by_source = pl.DataFrame(rows, schema={"source": pl.String, "fact": pl.String}, orient="row").unique()
    return seen.join(by_source, on="source")


def of_messages(seen: pl.DataFrame, loads: pl.DataFrame) -> pl.DataFrame:
    """What is known of messages: `seen` is (campaign, channel, source, linked: whether members are known)."""
    found = _reported(seen, loads).filter(~pl.col("fact").is_in(ASSIGNED))
    of_members = pl.col("fact").str.starts_with("members_")
    return found.filter(pl.col("linked") | ~of_members).select("campaign", "channel", "fact").unique()


def of_assignments(seen: pl.DataFrame, loads: pl.DataFrame) -> pl.DataFrame:
    """What is known of assignments: `seen` is (campaign, source)."""
    found = _reported(seen, loads).filter(pl.col("fact").is_in(ASSIGNED))
    return found.select("campaign", pl.lit("").alias("channel"), "fact").unique()


def of_counts(aggregates: pl.DataFrame) -> pl.DataFrame:
    """What counts that a source had added up make known: `aggregates` is (key, campaign, channel, measure).

    Members of several rows may be the same people, so theirs are known only where the campaign and
    channel have one row.
    """
    named = aggregates.with_columns(
        pl.col("channel").fill_null(""),
        fact=pl.col("measure").replace("cost", "cost_micros"),
        origin=pl.lit("counts"),
    )
    rows = pl.col("key").n_unique().over("campaign", "channel")
    kept = named.filter(~pl.col("fact").str.starts_with("members_") | (rows == 1))
    return kept.select("campaign", "channel", "fact", "origin").unique()


def outcomes(loads: pl.DataFrame) -> set[str]:
    """The outcomes that some source can report."""
    words = (word for provides in loads["provides"] for word in (provides or "").split())
    return {word.removeprefix("outcome:") for word in words if word.startswith("outcome:")}


def of_outcomes(terms: pl.DataFrame, reported: set[str], known: pl.DataFrame) -> pl.DataFrame:
    """Where outcomes can be known: for assignments, and for delivered messages of known members."""
    main = terms.filter(pl.col("main") & pl.col("outcome").is_in(sorted(reported))).select("campaign")
    bases = {
        "assigned": ["with_outcome", "value_micros"],
        "members_delivered": ["members_converted", "attributed"],
    }
    measured = known.filter(pl.col("fact").is_in(list(bases))).join(main, on="campaign", how="semi")
    return measured.with_columns(
        fact=pl.col("fact").replace_strict(bases, return_dtype=pl.List(pl.String))
    ).explode("fact")


def of_prices(prices: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Cost is known where the record prices the channel and sending is reported."""
    sent = known.filter(pl.col("fact") == "sent").select("campaign", "channel")
    priced = sent.join(prices.select("campaign", "channel"), on=["campaign", "channel"], how="semi")
    return priced.with_columns(fact=pl.lit("cost_micros")).unique()
