"""Kinds member, outcome and members: arms, attributes, outcomes, and the addresses of members."""

from __future__ import annotations

import polars as pl

from data.identify import joined
from etl.intake.batch import shaped
from etl.intake.keys import Kept, row_key
from etl.intake.messages import has_state, message_rows

ATTRIBUTE, OUTCOME = "attribute:", "outcome:"


def with_members(kept: Kept) -> Kept:
    """Member rows without an id get a pseudonym per row: every row is another person."""
    own = kept.column("member", pl.Int64())
    if own.null_count() == 0:
        return kept
    per_row = kept.ids.keys("member", [kept.source, *row_key(kept, [])])
    member = pl.select(pl.coalesce(own, per_row)).to_series().alias("member")
    return Kept(kept.values.with_columns(member), kept.raw, kept.mapping, kept.ids, kept.sha256)


def member_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """Kind member: an assignment per row, its profile, its outcomes, and a message where it has stages."""
    kept = with_members(kept)
    profile, profiles = profiles_of(kept)
    natural = [kept.column("campaign"), kept.column("member")]
    key = row_key(kept, natural)
    assigned = pl.select(pl.repeat(True, kept.values.height)).to_series()
    frame = kept.values.with_columns(
        kept.source.alias("source"),
        (kept.column("assigned") if "assigned" in kept.values.columns else assigned).alias("assigned"),
        kept.column("holdout", pl.Boolean()).fill_null(False).alias("holdout"),
        kept.column("assigned_at_us", pl.Int64()).alias("assigned_us"),
        kept.column("assigned_at_day", pl.Int32()).alias("assigned_day"),
        pl.Series("profile", profile, dtype=pl.Int64),
        _version(kept).alias("version_us"),
    )
    newest = (
        [frame["version_us"], kept.ids.keys("state", _statement(kept, frame))]
        if kept.mapping.newer_by
        else []
    )
    frame = frame.with_columns(
        kept.ids.keys("assignment", [kept.source, *key, *newest]).alias("assignment_id")
    )
    tables = {"assignments": shaped("assignments", frame), "outcomes": _named_outcomes(kept, key)}
    if kept.mapping.attributes:
        tables["profiles"] = profiles
    if has_state(kept):
        tables |= message_rows(kept)
    return tables


def _statement(kept: Kept, frame: pl.DataFrame) -> list[pl.Series]:
    said = ("arm", "holdout", "assigned", "assigned_us", "eligible", "contactable", "consented", "profile")
    return [frame[one] if one in frame.columns else kept.column(one) for one in said]


def _version(kept: Kept) -> pl.Series:
    name = "version" if "version" in kept.values.columns else "version_us"
    return kept.column(name, pl.Int64()).fill_null(0)


def _named_outcomes(kept: Kept, key: list[pl.Series]) -> pl.DataFrame:
    frames = []
    for name in kept.mapping.outcomes:
        happened = kept.values[f"{OUTCOME}{name}"]
        us, day = (_first(kept, f"{OUTCOME}{name}:at", part) for part in ("us", "day"))
        ids = kept.ids.keys("outcome", [kept.source, *key, kept.repeat(name)])
        money = kept.column(f"{OUTCOME}{name}:value", pl.Int64())
        frame = kept.values.select("row", "member", "campaign").with_columns(
            ids.alias("outcome_id"),
            kept.source.alias("source"),
            pl.lit(name).alias("outcome"),
            us.alias("service_us"),
            day.alias("service_day"),
            money.alias("value_micros"),
        )
        frames.append(shaped("outcomes", frame.filter(happened)))
    return pl.concat(frames) if frames else shaped("outcomes", kept.values.select("row").clear())


def _first(kept: Kept, own: str, part: str) -> pl.Series:
    kind = pl.Int64() if part == "us" else pl.Int32()
    columns = [kept.column(f"{own}_{part}", kind), kept.column(f"outcome_at_{part}", kind)]
    return pl.select(pl.coalesce(columns)).to_series()


def outcome_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """Kind outcome: one outcome of one member per row."""
    key = row_key(kept, [])
    frame = kept.values.with_columns(
        kept.source.alias("source"),
        kept.ids.keys("outcome", [kept.source, *key, kept.column("outcome")]).alias("outcome_id"),
        kept.column("at_us", pl.Int64()).alias("service_us"),
        kept.column("at_day", pl.Int32()).alias("service_day"),
        kept.column("value", pl.Int64()).alias("value_micros"),
    )
    return {"outcomes": shaped("outcomes", frame)}


def members_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """Kind members: attributes of each member from a day on, and the crosswalk of the addresses."""
    profile, profiles = profiles_of(kept)
    frame = kept.values.with_columns(
        kept.column("as_of_day", pl.Int32()).fill_null(0).alias("as_of_day"),
        pl.Series("profile", profile, dtype=pl.Int64),
    )
    walks = []
    for name, rule in kept.mapping.addresses.items():
        recipient = kept.ids.recipients(kept.values[f"address:{name}"], rule.type)
        walk = kept.values.select("row", "member").with_columns(recipient.alias("recipient"))
        walks.append(shaped("crosswalk", walk.filter(recipient.is_not_null())))
    tables = {"members": shaped("members", frame), "profiles": profiles}
    return tables | ({"crosswalk": pl.concat(walks).sort("row")} if walks else {})


def profiles_of(kept: Kept) -> tuple[pl.Series, pl.DataFrame]:
    """Each row's profile (null where a member row states no attributes) and the distinct profiles."""
    names = sorted(kept.mapping.attributes)
    nothing = shaped("profiles", kept.values.select("row").clear())
    if not names:
        empty = kept.ids.keys("profile", [pl.Series([""])])[0] if kept.mapping.kind == "members" else None
        return pl.select(pl.repeat(empty, kept.values.height, dtype=pl.Int64)).to_series(), nothing
    places = [str(n) for n in range(len(names))]
    columns = [
        kept.values[f"{ATTRIBUTE}{name}"].alias(place) for name, place in zip(names, places, strict=True)
    ]
    table = pl.DataFrame([kept.values["row"], *columns])
    distinct = table.unique(places, keep="first", maintain_order=True)
    distinct = distinct.with_columns(
        kept.ids.keys("profile", [_combination(distinct, names)]).alias("profile")
    )
    found = table.join(distinct.drop("row"), on=places, how="left", nulls_equal=True, maintain_order="left")
    long = [
        distinct.select("profile", "row", pl.lit(name).alias("attribute"), pl.col(place).alias("value"))
        for name, place in zip(names, places, strict=True)
    ]
    stated = pl.concat(long).drop_nulls("value").sort("row", maintain_order=True)
    return found["profile"], shaped("profiles", stated)


def _combination(distinct: pl.DataFrame, names: list[str]) -> pl.Series:
    """One text per combination of what is stated, so that an absent attribute changes nothing."""
    parts = []
    for place, name in enumerate(names):
        value = distinct[str(place)]
        pair = joined([pl.select(pl.repeat(name, distinct.height, dtype=pl.String)).to_series(), value])
        parts.append(pl.select(pl.when(value.is_not_null()).then(pair).otherwise(pl.lit(""))).to_series())
    return pl.select(pl.concat_str(parts)).to_series()
