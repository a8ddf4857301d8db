"""Rows of the bench's plan as the landing tables hold them: drawn from one seed, with ids in no order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from bench.plan import (
    ATTRIBUTES,
    CAMPAIGNS,
    CHANNELS,
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    LENGTH,
    OUTCOME,
    SHARES,
    Plan,
)

DAY_US = 86_400_000_000
SCRAMBLE = 0x9E3779B97F4A7C15  # odd: multiplying by it permutes 64-bit numbers (Knuth, TAOCP 3, 6.4)
KINDS = {"message": 1, "sent": 2, "delivered": 3, "opened": 4, "clicked": 5, "assigned": 6, "outcome": 7}


def ids(kind: str, numbers: np.ndarray) -> np.ndarray:
    """64-bit ids, different for each kind and number, in no order."""
    with np.errstate(over="ignore"):
        return (
            (numbers.astype(np.uint64) * np.uint64(8) + np.uint64(KINDS[kind])) * np.uint64(SCRAMBLE)
        ).view(np.int64)


def members(numbers: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return ((numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(SCRAMBLE)).view(np.int64)


def campaign(number: int) -> str:
    return f"bench-{number:03d}"


def channel(number: int) -> str:
    return CHANNELS[number % len(CHANNELS)]


def start_day(number: int) -> int:
    """Campaigns begin one after another over the year, and the last ones still run."""
    return FIRST_DAY + number * (DAYS - 20) // CAMPAIGNS


def audience(plan: Plan, number: int) -> np.ndarray:
    """Which members a campaign is for, in the order of their assignment."""
    return (np.arange(plan.audience, dtype=np.int64) * 7 + number * 7_919) % plan.members


def assigned(plan: Plan, number: int) -> pl.DataFrame:
    """One campaign's assignments; each tenth member is held out."""
    who = audience(plan, number)
    held = np.arange(plan.audience) % 10 == 0
    day = start_day(number) - 1
    return pl.DataFrame(
        {
            "assignment_id": ids("assigned", np.arange(plan.audience) + number * plan.audience),
            "source": "bench_lists",
            "campaign": campaign(number),
            "member": members(who),
            "arm": np.where(held, "Holdout", "Outreach"),
            "holdout": held,
            "assigned": True,
            "assigned_us": day * DAY_US,
            "assigned_day": day,
            "eligible": True,
            "contactable": True,
            "consented": True,
            "version_us": 0,
        }
    )


def sent_on(plan: Plan, day: int, messages: int, first: int) -> Iterator[pl.DataFrame]:
    """The events of the messages that are sent on a day, campaign by campaign; ids go on from `first`."""
    running = [n for n in range(CAMPAIGNS) if start_day(n) <= day < start_day(n) + LENGTH]
    for place, number in enumerate(running):
        share = messages * (place + 1) // len(running) - messages * place // len(running)
        if share:
            yield _events(plan, number, day, first, share)
            first += share


def _events(plan: Plan, number: int, day: int, first: int, count: int) -> pl.DataFrame:
    draw = np.random.default_rng([number, day, first])
    treated = audience(plan, number)[np.arange(plan.audience) % 10 != 0]
    who = members(treated[draw.integers(0, len(treated), count)])
    numbers = np.arange(first, first + count)
    at = day * DAY_US + draw.integers(8 * 3600, 20 * 3600, count) * 1_000_000
    via = channel(number)
    parts, arrived = [_stage("sent", numbers, who, at)], np.ones(count, bool)
    for stage, share in SHARES[via].items():
        kept = arrived & (draw.random(count) < share)
        if stage == "delivered":
            arrived = kept
        late = draw.integers(1, {"delivered": 600, "opened": 90_000, "clicked": 200_000}[stage], count)
        parts.append(_stage(stage, numbers[kept], who[kept], at[kept] + late[kept] * 1_000_000))
    wave = f"Wave {(day - start_day(number)) // 20 + 1}"
    return pl.concat(parts).with_columns(
        source=pl.lit("bench_mail"),
        campaign=pl.lit(campaign(number)),
        channel=pl.lit(via),
        wave=pl.lit(wave),
        variant=pl.when(pl.col("message_id") % 2 == 0).then(pl.lit("A")).otherwise(pl.lit("B")),
        event_day=(pl.col("event_us") // DAY_US).cast(pl.Int32),
    )


def _stage(stage: str, numbers: np.ndarray, who: np.ndarray, at: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "event_id": ids(stage, numbers),
            "event": np.full(len(numbers), stage),
            "event_us": at,
            "message_id": ids("message", numbers),
            "member": who,
        }
    )


def outcomes(
    first: int, count: int, plan: Plan, first_day: int = FIRST_DAY, last_day: int = LAST_DAY
) -> pl.DataFrame:
    """Outcomes of random members on random days; ids go on from `first`."""
    draw = np.random.default_rng([first, count])
    day = draw.integers(first_day, last_day + 1, count)
    return pl.DataFrame(
        {
            "outcome_id": ids("outcome", np.arange(first, first + count)),
            "source": "bench_claims",
            "member": members(draw.integers(0, plan.members, count)),
            "outcome": OUTCOME,
            "service_us": day * DAY_US + DAY_US // 2,
            "service_day": day,
        }
    )


def profiles() -> pl.DataFrame:
    """Every combination of attributes, one row per attribute: profile, attribute, value."""
    combined = pl.DataFrame({"profile": [0]})
    for name, values in ATTRIBUTES.items():
        combined = combined.join(pl.DataFrame({name: list(values)}), how="cross")
    combined = combined.with_columns(profile=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return combined.unpivot(list(ATTRIBUTES), index="profile", variable_name="attribute")


def statements(plan: Plan) -> pl.DataFrame:
    """Each member's profile, since before the first campaign."""
    many = profiles()["profile"].n_unique()
    numbers = np.arange(plan.members)
    which = np.random.default_rng(7).integers(1, many + 1, plan.members)
    return pl.DataFrame({"member": members(numbers), "as_of_day": FIRST_DAY - 30, "profile": which})
