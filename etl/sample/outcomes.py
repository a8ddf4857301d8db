"""What members did in the end, whether reached or not: the planted truth, and when it becomes known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from etl.sample.audiences import Audience
from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.programs import PROGRAMS, Program
from etl.sample.stamps import day_text, ids

SEGMENT_FACTOR = np.array([0.85, 0.95, 1.10, 1.25])
REGION_FACTOR = np.array([1.05, 1.0, 0.88, 1.0, 1.02, 1.05])
BACKGROUND = 0.35
LATE_FILE_DAYS = 20
BOOKED = {"a1c", "mammogram", "wellchild"}


@dataclass(frozen=True)
class Truth:
    """What was planted in one arm of one campaign, and what came of it. Rates are shares of the assigned."""

    campaign: str
    arm: str
    effect: float
    expected_rate: float
    assigned: int
    happened: int
    known: int
    mature: bool


def reached_members(audience: Audience, touches: pl.DataFrame) -> np.ndarray:
    """Per listed member, whether a message of the campaign was delivered."""
    mine = touches.filter((pl.col("campaign") == audience.campaign.number) & pl.col("delivered"))
    return np.isin(audience.member, mine["member"].unique().to_numpy())


def make_outcomes(
    plan: Plan, people: People, audiences: list[Audience], touches: pl.DataFrame
) -> tuple[pl.DataFrame, list[Truth]]:
    """All outcomes: program, member, service day, received day (of the row), and the truths per arm."""
    frames, truths = [], []
    for audience in audiences:
        frame, told = _campaign(plan, people, audience, reached_members(audience, touches))
        frames.append(frame)
        truths.extend(told)
    frames.extend(_background(plan, people, key, audiences) for key in PROGRAMS)
    outcomes = pl.concat(frames).filter(pl.col("service") <= plan.last)
    return outcomes.sort("received", "service", "program", "member"), truths


def _campaign(
    plan: Plan, people: People, audience: Audience, reached: np.ndarray
) -> tuple[pl.DataFrame, list[Truth]]:
    campaign, member = audience.campaign, audience.member
    rng = plan.stream("outcomes", campaign.id)
    chance = _base_chance(people, audience)
    effect = _effect(audience, reached)
    happens = rng.random(len(member)) < np.clip(chance + effect, 0, 1)
    window = campaign.program.window_days
    treated = audience.assigned & ~audience.held_out
    speed = np.where(treated, rng.beta(1.0, 1.9, len(member)), rng.beta(1.1, 1.4, len(member)))
    service = audience.day + 1 + np.floor((window - 1) * speed).astype(np.int64)
    service = np.where((service + 3) % 7 == 6, service - 1, service)  # no Sundays
    received = service + _lag(rng, campaign.program, len(member))
    frame = _frame(campaign.template.program, member[happens], service[happens], received[happens])
    truths = [
        _truth(plan, audience, place, chance + effect, happens, service, received)
        for place in range(len(campaign.arms))
    ]
    return frame, truths


def _base_chance(people: People, audience: Audience) -> np.ndarray:
    """Chance without outreach per member; its mean over the listed members is the campaign's base rate."""
    member = audience.member
    weight = SEGMENT_FACTOR[people.segment[member]] * REGION_FACTOR[people.region[member]]
    base = audience.campaign.program.base_rate * audience.campaign.template.base_factor
    return base * weight / weight.mean() if len(member) else np.zeros(0)


def _effect(audience: Audience, reached: np.ndarray) -> np.ndarray:
    """The planted effect falls on members reached, scaled so that the arm's mean is as planted."""
    effect = np.zeros(len(audience.member))
    for place, planted in enumerate(audience.campaign.template.effect.values()):
        mine = (audience.arm == place) & reached
        if mine.any():
            effect[mine] = planted * (audience.arm == place).sum() / mine.sum()
    return effect


def _lag(rng: np.random.Generator, program: Program, n: int) -> np.ndarray:
    days = np.exp(rng.normal(np.log(program.lag_median), 0.6, n))
    return np.minimum(np.floor(days), program.lag_days - 1).astype(np.int64)


def _truth(
    plan: Plan,
    audience: Audience,
    place: int,
    chance: np.ndarray,
    happens: np.ndarray,
    service: np.ndarray,
    received: np.ndarray,
) -> Truth:
    campaign, mine = audience.campaign, audience.arm == place
    arm = campaign.arms[place]
    closed = campaign.program.window_days + campaign.program.lag_days
    return Truth(
        campaign=campaign.id,
        arm=arm,
        effect=campaign.template.effect.get(arm, 0.0),
        expected_rate=round(float(chance[mine].mean()), 6) if mine.any() else 0.0,
        assigned=int(mine.sum()),
        happened=int((happens & mine & (service <= plan.last)).sum()),
        known=int((happens & mine & (received <= plan.last)).sum()),
        mature=bool(audience.day[mine].max(initial=0) + closed <= plan.last),
    )


def _background(plan: Plan, people: People, key: str, audiences: list[Audience]) -> pl.DataFrame:
    """Outcomes outside every campaign's window: members in no campaign, and other times of the year."""
    program = PROGRAMS[key]
    rng = plan.stream("background", key)
    pool = np.flatnonzero(program.pool(people))
    n = int(len(pool) * program.base_rate * plan.days / program.window_days * BACKGROUND)
    member = rng.choice(pool, n) if len(pool) else np.zeros(0, np.int64)
    service = rng.integers(plan.first, plan.last + 1, len(member))
    keep = np.ones(len(member), dtype=bool)
    for audience in audiences:
        if audience.campaign.template.program == key:
            start = np.full(len(people), -(10**6))
            start[audience.member] = audience.day
            since = service - start[member]
            keep &= (since < 0) | (since > program.window_days)
    member, service = member[keep], service[keep]
    return _frame(key, member, service, service + _lag(rng, program, len(member)))


def _frame(program: str, member: np.ndarray, service: np.ndarray, received: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "program": pl.repeat(program, len(member), eager=True),
            "member": member.astype(np.int64),
            "service": service.astype(np.int64),
            "received": received.astype(np.int64),
        }
    )


def outcome_files(plan: Plan, people: People, outcomes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The files by name: what each system has received by the last day; late claims in a second file."""
    rows = outcomes.with_row_index("place").filter(pl.col("received") <= plan.last)
    rows = rows.with_columns(file=pl.col("program").replace_strict({k: p.file for k, p in PROGRAMS.items()}))
    cut = plan.last - LATE_FILE_DAYS
    claims = rows.filter(pl.col("file") == "claims")
    return {
        "claims.csv": _claims(plan, people, claims.filter(pl.col("received") <= cut)),
        "labs.csv": _labs(plan, people, rows.filter(pl.col("file") == "labs")),
        "pharmacy.csv": _fills(plan, people, rows.filter(pl.col("file") == "pharmacy")),
        "bookings.csv": _bookings(plan, people, rows),
        "claims_late.csv": _claims(plan, people, claims.filter(pl.col("received") > cut)),
    }


def _codes(rows: pl.DataFrame) -> pl.Series:
    return rows["program"].replace_strict({k: p.code for k, p in PROGRAMS.items()}, return_dtype=pl.String)


def _names(people: People, rows: pl.DataFrame) -> pl.Series:
    return pl.Series(people.ids[rows["member"].to_numpy()].tolist(), dtype=pl.String)


def _claims(plan: Plan, people: People, rows: pl.DataFrame) -> pl.DataFrame:
    paid = plan.stream("paid", str(len(rows))).gamma(4, 22, len(rows)).round(2)
    return pl.DataFrame(
        {
            "claim_id": ids("CL", rows["place"], plan.seed),
            "member_id": _names(people, rows),
            "procedure_code": _codes(rows),
            "service_date": day_text(rows["service"], "%Y-%m-%d"),
            "received_date": day_text(rows["received"], "%Y-%m-%d"),
            "allowed_amount": [f"${value:,.2f}" for value in paid],
        },
        schema_overrides={"allowed_amount": pl.String},
    )


def _labs(plan: Plan, people: People, rows: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "accession": ids("LB", rows["place"], plan.seed),
            "member_id": _names(people, rows),
            "loinc": _codes(rows),
            "collected": day_text(rows["service"], "%m/%d/%Y"),
            "reported": day_text(rows["received"], "%m/%d/%Y"),
        }
    )


def _fills(plan: Plan, people: People, rows: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "fill_id": ids("RX", rows["place"], plan.seed),
            "member_id": _names(people, rows),
            "event": pl.Series(["fill"] * len(rows), dtype=pl.String),
            "filled_on": day_text(rows["service"], "%Y%m%d"),
        }
    )


def _bookings(plan: Plan, people: People, rows: pl.DataFrame) -> pl.DataFrame:
    """Visits booked before they took place, for the programs that book."""
    rng = plan.stream("bookings")
    kept = rows.filter(pl.col("program").is_in(sorted(BOOKED)))
    kept = kept.filter(pl.Series(rng.random(len(kept)) < 0.55))
    booked = np.maximum(kept["service"].to_numpy() - rng.integers(1, 15, len(kept)), plan.first)
    clock = pl.Series((8 + rng.integers(0, 10, len(kept))).astype(str).tolist(), dtype=pl.String).str.zfill(2)
    return pl.DataFrame(
        {
            "booking_id": ids("BK", kept["place"], plan.seed),
            "member_id": _names(people, kept),
            "visit_type": kept["program"],
            "booked_at": day_text(booked, "%Y-%m-%d") + "T" + clock + ":15:00",
            "visit_date": day_text(kept["service"], "%Y-%m-%d"),
        }
    )
