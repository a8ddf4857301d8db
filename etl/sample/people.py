"""The plan's members: who they are, where they can be reached, and what changes half-way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from etl.sample.plan import Plan, day_date

LINES = ("Medicare Advantage", "Medicaid", "Commercial")
REGIONS = ("North", "East", "South", "West", "Central", "Coast")
SEGMENTS = ("Well", "Rising risk", "Chronic", "Complex")
LANGUAGES = ("English", "Spanish", "Chinese", "Vietnamese", "Other")
RACES = ("White", "Black", "Hispanic", "Asian", "Other", "Declined")
LOW_REGION = "South"  # planted: messages reach this region less often
SHARED_EMAIL_SHARE = 0.03
UNKNOWN_ADDRESS_SHARE = 0.02  # addresses that the vendors know and the members file does not
MOVED_SHARE = 0.04
DOMAINS = ("example.com", "example.net", "example.org", "mail.example")


@dataclass(frozen=True)
class People:
    """One array per attribute, one element per member; texts are positions in the lists above."""

    ids: np.ndarray
    line: np.ndarray
    region: np.ndarray
    segment: np.ndarray
    language: np.ndarray
    age: np.ndarray
    female: np.ndarray
    race: np.ndarray
    email: np.ndarray
    phone: np.ndarray
    has_email: np.ndarray
    has_mobile: np.ndarray
    has_phone: np.ndarray
    has_app: np.ndarray
    listed_email: np.ndarray
    listed_phone: np.ndarray
    consent: np.ndarray
    diabetic: np.ndarray
    on_refills: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


def make_people(plan: Plan) -> People:
    """Draw the membership; deterministic by the plan's seed."""
    rng, n = plan.stream("people"), plan.members
    line = rng.choice(3, n, p=[0.36, 0.30, 0.34])
    age = _ages(rng, line)
    segment = _segments(rng, age)
    sick = segment >= 2
    has_email, has_mobile, has_phone, has_app = _contact_points(rng, age)
    email, phone = _addresses(rng, n)
    _share_emails(rng, email, has_email)
    return People(
        ids=_member_ids(rng, n),
        line=line,
        region=rng.choice(6, n, p=[0.19, 0.22, 0.17, 0.15, 0.15, 0.12]),
        segment=segment,
        language=rng.choice(5, n, p=[0.74, 0.16, 0.04, 0.03, 0.03]),
        age=age,
        female=rng.random(n) < 0.52,
        race=rng.choice(6, n, p=[0.47, 0.15, 0.18, 0.07, 0.05, 0.08]),
        email=email,
        phone=phone,
        has_email=has_email,
        has_mobile=has_mobile,
        has_phone=has_phone,
        has_app=has_app,
        listed_email=has_email & (rng.random(n) > UNKNOWN_ADDRESS_SHARE),
        listed_phone=has_phone & (rng.random(n) > UNKNOWN_ADDRESS_SHARE),
        consent=rng.random(n) < 0.96,
        diabetic=(age >= 18) & (rng.random(n) < np.where(sick, 0.55, 0.06)),
        on_refills=(age >= 18) & (rng.random(n) < np.where(sick, 0.75, 0.12)),
    )


def _ages(rng: np.random.Generator, line: np.ndarray) -> np.ndarray:
    n = len(line)
    medicare = np.where(rng.random(n) < 0.88, rng.triangular(65, 68, 95, n), rng.uniform(35, 65, n))
    medicaid = np.where(rng.random(n) < 0.46, rng.uniform(0, 18, n), rng.triangular(18, 25, 65, n))
    commercial = np.where(rng.random(n) < 0.22, rng.uniform(0, 18, n), rng.uniform(18, 65, n))
    return np.choose(line, [medicare, medicaid, commercial]).astype(np.int64)


def _segments(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    risk = np.clip((age - 20) / 70, 0, 1) * 0.55 + rng.beta(1.6, 4.0, len(age)) * 0.75
    return np.digitize(risk, [0.28, 0.50, 0.80])


def _contact_points(rng: np.random.Generator, age: np.ndarray) -> tuple[np.ndarray, ...]:
    n, old = len(age), age >= 65
    mobile = rng.random(n) < np.where(old, 0.74, 0.90)
    landline = rng.random(n) < np.where(old, 0.60, 0.25)
    email = rng.random(n) < np.where(old, 0.72, 0.84)
    app = mobile & (rng.random(n) < np.where(old, 0.26, 0.46))
    return email, mobile, mobile | landline, app


def _member_ids(rng: np.random.Generator, n: int) -> np.ndarray:
    """Plan ids: a letter, nine digits and a dependant's suffix, in no order."""
    numbers = rng.permutation(np.arange(100_000_000, 100_000_000 + n * 7, 7))
    suffix = rng.choice(3, n, p=[0.7, 0.2, 0.1]) + 1
    text = pl.select(
        pl.format("W{}-0{}", pl.Series(numbers).cast(pl.String), pl.Series(suffix).cast(pl.String))
    ).to_series()
    return np.asarray(text.to_numpy(), dtype=object)


def _addresses(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Addresses under reserved domains, and numbers that no telephone network can route (area code 0xx)."""
    keys = rng.permutation(n) + 100_000
    domains = pl.Series(np.array(DOMAINS)[rng.choice(4, n, p=[0.5, 0.2, 0.2, 0.1])])
    email = pl.select(pl.format("member{}@{}", pl.Series(keys).cast(pl.String), domains)).to_series()
    digits = pl.Series(rng.permutation(n).astype(np.int64) * 37 + 12_000_000).cast(pl.String)
    phone = "+10" + digits.str.zfill(9)
    return np.asarray(email.to_numpy(), dtype=object), np.asarray(phone.to_numpy(), dtype=object)


def _share_emails(rng: np.random.Generator, email: np.ndarray, has_email: np.ndarray) -> None:
    """Households with one mailbox: the second of a pair takes the address of the first."""
    holders = rng.permutation(np.flatnonzero(has_email))
    pairs = int(len(holders) * SHARED_EMAIL_SHARE / 2)
    email[holders[pairs : 2 * pairs]] = email[holders[:pairs]]


def members_frame(plan: Plan, people: People) -> pl.DataFrame:
    """The members file at the first day."""
    return _members_at(people, np.arange(len(people)), people.segment, day_date(plan.first - 1).isoformat())


def moved_frame(plan: Plan, people: People) -> pl.DataFrame:
    """The later members file: members whose segment rose, with addresses that were not listed before."""
    rng = plan.stream("moved")
    moved = rng.random(len(people)) < MOVED_SHARE
    late = (people.has_email & ~people.listed_email) & (rng.random(len(people)) < 0.3)
    rows = np.flatnonzero(moved | late)
    segment = np.where(moved, np.minimum(people.segment + 1, 3), people.segment)
    day = day_date(plan.scaled(200)).isoformat()
    return _members_at(people, rows, segment, day, every_address=True)


def _members_at(
    people: People, rows: np.ndarray, segment: np.ndarray, day: str, every_address: bool = False
) -> pl.DataFrame:
    with_email = people.has_email if every_address else people.listed_email
    with_phone = people.has_phone if every_address else people.listed_phone
    phone = pl.Series(people.phone[rows].tolist(), dtype=pl.String)
    printed = "+1 (" + phone.str.slice(2, 3) + ") " + phone.str.slice(5, 3) + "-" + phone.str.slice(8, 4)
    frame = pl.DataFrame(
        {
            "member_id": pl.Series(people.ids[rows].tolist(), dtype=pl.String),
            "as_of": pl.repeat(day, len(rows), eager=True),
            "line_of_business": np.array(LINES)[people.line[rows]],
            "region": np.array(REGIONS)[people.region[rows]],
            "segment": np.array(SEGMENTS)[segment[rows]],
            "age": people.age[rows],
            "sex": np.where(people.female[rows], "F", "M"),
            "language": np.array(LANGUAGES)[people.language[rows]],
            "race_ethnicity": np.array(RACES)[people.race[rows]],
            "email": pl.Series(people.email[rows].tolist(), dtype=pl.String),
            "phone": printed,
        }
    )
    return frame.with_columns(
        pl.when(pl.Series(with_email[rows])).then("email").alias("email"),
        pl.when(pl.Series(with_phone[rows])).then("phone").alias("phone"),
    )
