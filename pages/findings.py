"""What a panel's title says: the finding, by rule, from released values alone."""

from __future__ import annotations

from collections.abc import Sequence

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Row
from data.codebook import SEVERAL
from data.metrics import METRICS
from ui.figures import Bucket
from ui.numbers import percent, written

STEADY = 0.15
LOOK_BACK = 4


def of_trend(by: str, buckets: Sequence[Bucket], values: Sequence[Released]) -> str:
    """The latest whole bucket against the mean of up to four before it."""
    whole = [
        (b, v.value) for b, v in zip(buckets, values, strict=True) if not b.partial and v.value is not None
    ]
    if len(whole) < LOOK_BACK:
        return f"Messages delivered by {by}"
    (latest, value), earlier = whole[-1], [v for _, v in whole[-1 - LOOK_BACK : -1]]
    usual = sum(earlier) / len(earlier)
    when = {"day": f"on {latest.label}", "week": f"in the week of {latest.label}"}.get(
        by, f"in {latest.label}"
    )
    if not usual:
        return f"Messages delivered by {by}"
    change = value / usual - 1
    if abs(change) <= STEADY:
        return f"Deliveries held steady {when}"
    verb = "rose" if change > 0 else "fell"
    return f"Deliveries {verb} {percent(abs(change))} {when}, against the {len(earlier)} {by}s before"


def of_channels(answer: Answer) -> str:
    """Which channel delivers most, and which loses most on the way."""
    told = [row for row in answer.rows if row.values["delivered"].value]
    if not told:
        return "By channel"
    most = max(told, key=lambda row: row.values["delivered"].value or 0)
    rates = [row for row in told if row.values["delivered_rate"].value is not None]
    if len(rates) < 2:
        return (
            f"Everything in this selection goes by {_channel(most, first=False)}"
            if len(told) == 1
            else "By channel"
        )
    worst = min(rates, key=lambda row: row.values["delivered_rate"].value or 0)
    lost = written(worst.values["delivered_rate"], METRICS["delivered_rate"])
    if worst is most:
        return f"{_channel(most)} delivers most, and loses most on the way: {lost} get through"
    return (
        f"{_channel(most)} delivers most; {_channel(worst, first=False)} gets {lost} of its messages through"
    )


def of_funnel(answer: Answer, so_far: bool) -> str:
    """How many of the members delivered to converted, or else clicked."""
    values = answer.rows[0].values
    for name, did in (("conversion_rate", "converted"), ("click_rate", "clicked")):
        if values[name].value is not None:
            until = " so far" if so_far and did == "converted" else ""
            return f"{written(values[name], METRICS[name])} of the members delivered to {did}{until}"
    return "From sent to converted"


def of_arms(rows: Sequence[Row]) -> str:
    """The arms with the highest and the lowest outcome rate; a difference, not yet a verdict."""
    told = [row for row in rows if row.values["outcome_rate"].value is not None]
    if any(row.key[0] == SEVERAL for row in told):
        return "Some arms are too small to be told apart"
    if len(told) < 2:
        return "Arms, by outcome rate"
    ordered = sorted(told, key=lambda row: row.values["outcome_rate"].value or 0)
    metric = METRICS["outcome_rate"]
    low, high = ordered[0], ordered[-1]
    held = next((row for row in ordered[1:-1] if held_out(row)), None)
    between = f"{held.key[0]} (held out): {written(held.values['outcome_rate'], metric)}; " if held else ""
    return (
        f"{high.key[0]}: {written(high.values['outcome_rate'], metric)} with the outcome; {between}"
        f"{low.key[0]}: {written(low.values['outcome_rate'], metric)}"
    )


def held_out(row: Row) -> bool:
    """Whether an arm's members are all held out from outreach."""
    assigned = row.values["assigned"].value
    return bool(assigned) and assigned == row.values["held_out"].value


def _channel(row: Row, *, first: bool = True) -> str:
    name = str(row.key[0])
    words = CHANNEL_LABELS.get(name, name)
    return words if first or not words[1:].islower() else words[0].lower() + words[1:]
