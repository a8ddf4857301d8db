"""The e-mail provider's event log: one row per event, addresses and no member ids."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.people import LANGUAGES, People
from etl.sample.plan import Plan, local_hour
from etl.sample.stamps import ids
from etl.sample.touches import VARIANTS

DROPPED = 0.004
OPEN_RATE = 0.245
CLICK_OF_OPEN = 0.135
VARIANT_B_CLICK_FACTOR = 1.4
OTHER_LANGUAGE_FACTOR = 0.75
PROXY_SHARE = 0.36  # members whose mail program loads every image by itself
SCANNER_SHARE = 0.025
UNSUBSCRIBE_RATE = 0.0016
COMPLAINT_RATE = 0.0004

PROXY_AGENTS = ("Mozilla/5.0", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)")
SCANNER_AGENT = "Barracuda Sentinel (EE)"
HUMAN_AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Outlook/16.0",
    "Mozilla/5.0 (Linux; Android 16) Mobile Safari/537.36",
)
UNSUBSCRIBE_URL = "https://plan.example/unsubscribe"
REASONS = {
    "bounce": "550 5.1.1 mailbox does not exist",
    "expired": "452 4.2.2 mailbox full",
    "blocked": "554 5.7.1 message blocked",
}

Events = list[pl.DataFrame]


def email_events(plan: Plan, people: People, touches: pl.DataFrame) -> pl.DataFrame:
    """Events of the e-mail touches that have happened: touch, event, utc, useragent, url, type."""
    rng = plan.stream("emails")
    dropped = rng.random(len(touches)) < DROPPED
    refused = touches.filter(pl.Series(dropped))
    sent = touches.filter(pl.Series(~dropped))
    delivered = sent.filter("delivered")
    delivered = delivered.with_columns(pl.col("utc") + pl.Series(_seconds(rng, len(delivered), 2, 60)))
    frames = [
        _events(refused, "dropped", refused["utc"], kind="Bounced Address"),
        _events(sent, "processed", sent["utc"]),
        _events(delivered, "delivered", delivered["utc"]),
        *_bounces(rng, sent.filter(~pl.col("delivered"))),
        *_deferrals(rng, delivered),
        *_machines(rng, people, delivered),
        *_humans(rng, people, delivered),
    ]
    events = pl.concat(frames).filter(pl.col("utc") < plan.end_second)
    return events.sort("utc", "touch", "event", "url", "useragent", maintain_order=True)


def _events(
    touches: pl.DataFrame,
    event: str,
    utc: pl.Series | np.ndarray,
    agent: np.ndarray | str = "",
    url: str = "",
    kind: np.ndarray | str = "",
) -> pl.DataFrame:
    n = len(touches)
    return pl.DataFrame(
        {
            "touch": touches["touch"],
            "event": pl.repeat(event, n, dtype=pl.String, eager=True),
            "utc": pl.Series(utc).cast(pl.Int64),
            "useragent": _text(agent, n),
            "url": _text(url, n),
            "type": _text(kind, n),
        }
    )


def _text(values: np.ndarray | str, n: int) -> pl.Series:
    if isinstance(values, str):
        return pl.repeat(values, n, dtype=pl.String, eager=True)
    return pl.Series(values.tolist(), dtype=pl.String)


def _seconds(rng: np.random.Generator, n: int, low: int, high: int) -> np.ndarray:
    return rng.integers(low, high, n)


def _bounces(rng: np.random.Generator, failed: pl.DataFrame) -> Events:
    kinds = np.array(["bounce", "expired", "blocked"])
    usual = rng.choice(kinds, len(failed), p=[0.55, 0.30, 0.15])
    kind = np.where(failed["outage"].to_numpy(), "blocked", usual)
    return [_events(failed, "bounce", failed["utc"] + 7, kind=kind)]


def _deferrals(rng: np.random.Generator, delivered: pl.DataFrame) -> Events:
    chance = np.where(delivered["outage"].to_numpy(), 0.5, 0.002)
    deferred = delivered.filter(pl.Series(rng.random(len(delivered)) < chance))
    return [_events(deferred, "deferred", deferred["utc"] - 1)]


def _machines(rng: np.random.Generator, people: People, delivered: pl.DataFrame) -> Events:
    """Planted: proxies open for a fixed share of members, scanners click for another."""
    traits = np.random.default_rng(rng.integers(2**32)).random(len(people))
    trait = traits[delivered["member"].to_numpy()]
    proxied = delivered.filter(pl.Series((trait < PROXY_SHARE) & (rng.random(len(delivered)) < 0.95)))
    scanned = delivered.filter(pl.Series(trait > 1 - SCANNER_SHARE))
    agents = np.array(PROXY_AGENTS)[(rng.random(len(proxied)) < 0.3).astype(int)]
    opened = proxied["utc"].to_numpy() + _seconds(rng, len(proxied), 20, 5_400)
    clicked = scanned["utc"].to_numpy() + _seconds(rng, len(scanned), 1, 25)
    link = "https://plan.example/book"
    return [
        _events(proxied, "open", opened, agents),
        _events(scanned, "click", clicked, SCANNER_AGENT, link),
    ]


def _humans(rng: np.random.Generator, people: People, delivered: pl.DataFrame) -> Events:
    member = delivered["member"].to_numpy()
    keenness = np.exp(rng.normal(0, 0.12, 10_000))[delivered["campaign"].to_numpy() % 10_000]
    rate = np.clip(OPEN_RATE * keenness * np.where(people.age[member] >= 65, 1.08, 0.95), 0, 0.45)
    openers = delivered.filter(pl.Series(rng.random(len(delivered)) < rate))
    openers = openers.with_columns(
        utc=pl.Series(awake(openers["utc"].to_numpy() + _delay(rng, len(openers))))
    )
    clickers = openers.filter(pl.Series(rng.random(len(openers)) < _click_rate(people, openers)))
    again = openers.filter(pl.Series(rng.random(len(openers)) < 0.18))
    leavers = delivered.filter(pl.Series(rng.random(len(delivered)) < UNSUBSCRIBE_RATE))
    leaving = awake(leavers["utc"].to_numpy() + _delay(rng, len(leavers)))
    angry = delivered.filter(pl.Series(rng.random(len(delivered)) < COMPLAINT_RATE))
    agent = np.array(HUMAN_AGENTS)
    later = again["utc"].to_numpy() + _seconds(rng, len(again), 600, 250_000)
    clicked = clickers["utc"].to_numpy() + _seconds(rng, len(clickers), 5, 240)
    return [
        _events(openers, "open", openers["utc"], agent[openers["member"].to_numpy() % 3]),
        _events(again, "open", later, agent[again["member"].to_numpy() % 3]),
        _events(
            clickers, "click", clicked, agent[clickers["member"].to_numpy() % 3], "https://plan.example/book"
        ),
        _events(leavers, "click", leaving, agent[leavers["member"].to_numpy() % 3], UNSUBSCRIBE_URL),
        _events(leavers, "unsubscribe", leaving + 9),
        _events(angry, "spamreport", awake(angry["utc"].to_numpy() + _delay(rng, len(angry)))),
    ]


def _click_rate(people: People, openers: pl.DataFrame) -> np.ndarray:
    english = people.language[openers["member"].to_numpy()] == LANGUAGES.index("English")
    variant_b = openers["variant"].to_numpy() == VARIANTS.index("B")
    rate = CLICK_OF_OPEN * np.where(variant_b, VARIANT_B_CLICK_FACTOR, 1.0)
    return np.where(english, rate, rate * OTHER_LANGUAGE_FACTOR)


def _delay(rng: np.random.Generator, n: int) -> np.ndarray:
    """Seconds until a person reacts: half within two and a half hours, nearly all within ten days."""
    return np.minimum(np.exp(rng.normal(np.log(9_000), 1.4, n)), 860_000).astype(np.int64)


def awake(utc: np.ndarray) -> np.ndarray:
    """Instants of the small hours moved to the morning: people sleep."""
    asleep = local_hour(utc) < 6 if len(utc) else np.zeros(0, bool)
    return np.where(asleep, utc + 6 * 3600, utc)


def email_log(
    plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """The log as the provider exports it. `names` has the printed campaign, wave and variant per touch."""
    messages = touches.select(
        "touch",
        sg_message_id=ids("", touches["touch"], plan.seed),
        email=pl.Series(people.email[touches["member"].to_numpy()].tolist(), dtype=pl.String),
    ).join(names, on="touch", how="left", maintain_order="left")
    log = events.join(messages, on="touch", how="left", maintain_order="left").with_row_index("place")
    shouted = (pl.col("place") % 97 == 5).and_(pl.col("event") == "open")
    return log.select(
        sg_event_id=pl.concat_str(
            pl.lit("ev"), pl.col("sg_message_id").str.slice(0, 8), pl.col("place").cast(pl.String)
        ),
        event="event",
        timestamp=pl.col("utc"),
        sg_message_id="sg_message_id",
        email=pl.when(shouted).then(pl.col("email").str.to_uppercase()).otherwise("email"),
        useragent="useragent",
        url="url",
        type="type",
        reason=pl.col("type").replace_strict(REASONS, default=""),
        campaign="campaign",
        wave="wave",
        variant="variant",
    )
