"""What the Experiments page says: findings a manager understands, and the method behind them."""

from __future__ import annotations

from dash.development.base_component import Component

from insight.experiments import Comparison, Difference, Verdict
from insight.experiments.checks import ALARM, COMPLAINTS, LEAST, OPT_OUTS
from insight.experiments.intervals import LEVEL
from pages.experiments_questions import Experiment, higher_is_better
from ui import html
from ui.intervals import Tone
from ui.numbers import MINUS, percent

HOUSEHOLDS = "The interval counts members as independent and ignores households."
MEANINGS: dict[Verdict, str] = {
    Verdict.WORKS: "More members had the outcome than would have without outreach, beyond chance.",
    Verdict.HARMFUL: "Fewer members had the outcome than without outreach, or a guardrail is broken.",
    Verdict.NO_EVIDENCE: "An effect worth having would have shown, and did not.",
    Verdict.TOO_SMALL: "Too few members to see an effect worth having.",
    Verdict.TOO_EARLY: "Outcomes are still coming in; no verdict before they are complete.",
    Verdict.NOT_CAUSAL: "Nobody is held out to compare with; what is observed is not what was caused.",
}
WITHIN_CHANCE = (Verdict.NO_EVIDENCE, Verdict.TOO_SMALL)


def signed(value: float) -> str:
    """A difference of rates in points: `+1.08`, `−0.04`."""
    text = f"{abs(100 * value):.2f}"
    sign = "" if float(text) == 0 else MINUS if value < 0 else "+"
    return f"{sign}{text}"


def spanned(low: float, high: float) -> str:
    """`−0.04 to +2.17`."""
    return f"{signed(low)} to {signed(high)}"


def chance(p: float) -> str:
    """A p value: `0.057`, or `below 0.001`."""
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def likely(share: float) -> str:
    """A probability that is never certain: `97.2%`, `over 99.9%`, `under 0.1%`."""
    return "over 99.9%" if share > 0.999 else "under 0.1%" if share < 0.001 else percent(share)


def mark(word: Verdict) -> Component:
    """The verdict's word, framed in its colour."""
    return html.Span(word.value, className=f"verdict {css(word)}")


def interval_cell(found: Difference, verdict: Verdict, reach: float) -> Component:
    """An interval in digits, and drawn by the style sheet on the scale that all rows share."""
    low, high, middle = (
        50 + 50 * max(-1.0, min(1.0, end / reach)) for end in (found.low, found.high, found.estimate)
    )
    wide = min(99.0, max(1.0, high - low))
    # A background's place is a share of the room that it leaves.
    style = {"--at": f"{middle:.0f}%", "--from": f"{100 * low / (100 - wide):.0f}%", "--wide": f"{wide:.0f}%"}
    return html.Td(spanned(found.low, found.high), className=f"span-in span-{tone(verdict)}", style=style)


def css(word: Verdict) -> str:
    """The class that gives a verdict its colour."""
    return f"verdict-{word.value.replace(' ', '-')}"


def tone(word: Verdict) -> Tone:
    """How a verdict is drawn."""
    return "better" if word is Verdict.WORKS else "worse" if word is Verdict.HARMFUL else "neither"


def finding(one: Experiment) -> str:
    """The experiment in a sentence, as the title of its panel."""
    if one.judged is None:
        return {
            Verdict.TOO_EARLY: "Too early to tell: outcomes are still coming in",
            Verdict.NOT_CAUSAL: "Not causally measured",
        }.get(one.word, "Too small to tell")
    best = next(each for each in one.judged.comparisons if each.verdict is one.word)
    several = len(one.judged.comparisons) > 1
    name = "any arm" if several and one.word in WITHIN_CHANCE else best.arm.name
    if one.word is Verdict.NO_EVIDENCE:
        return f"No evidence that {name} changed anything"
    if one.word is Verdict.TOO_SMALL:
        return f"Too small to tell whether {name} works"
    verb = "works" if one.word is Verdict.WORKS else "is harmful"
    return f"{name} {verb}: {in_hundred(best.found)}"


def in_hundred(found: Difference) -> str:
    """`1.72 more of 100 members had the outcome`."""
    more = "more" if found.estimate >= 0 else "fewer"
    return f"{abs(100 * found.estimate):.2f} {more} of 100 members had the outcome"


def because(one: Comparison, higher: bool = True) -> str:
    """Why a comparison has its word."""
    if one.verdict in WITHIN_CHANCE:
        shown = f"Arms of this size find an effect of {100 * one.shows:.2f} points four times out of five"
        worth = f"one of {100 * one.worth:.2f} points is worth knowing of"
        missed = "would have shown" if one.verdict is Verdict.NO_EVIDENCE else "may be missed"
        return f"Within chance (p {chance(one.holm)}). {shown}; {worth}, and {missed}."
    against = (one.found.estimate > 0) is not higher
    if one.verdict is Verdict.HARMFUL and not (against and one.holm < 1 - LEVEL):
        return "A guardrail is broken: see the checks."
    return (
        f"Beyond chance: p {chance(one.holm)}{' after Holm’s correction' if one.holm != one.found.p else ''}."
    )


def direction(one: Experiment) -> str:
    """Which way is better, where it is not the usual one."""
    return "" if higher_is_better(one.campaign) else " Lower is better."


def method() -> Component:
    """The method, one click away."""
    said = (
        "Every member assigned counts in their arm, whoever was reached (intention to treat). Outcomes count "
        "inside the window after assignment, once they are complete.",
        f"Difference: outcome rate of an arm less that of the members held out, with Newcombe’s hybrid score "
        f"interval at {LEVEL:.0%} (method 10, 1998); p by the two-proportion test. {HOUSEHOLDS}",
        "While a campaign runs, or has no planned end, the always-valid interval applies (asymptotic "
        "confidence sequence; mixture sequential probability ratio test): looking often does not make it "
        "wrong more often. It is narrowest at the recorded size of the audience.",
        "The Bayesian reading begins with Jeffreys’ prior, Beta(½, ½), for each arm.",
        "Relative lift: Koopman’s score interval; not estimable where nobody held out had the outcome.",
        "Several arms: p values are corrected by Holm (any false alarm), and by Benjamini and Hochberg "
        "(their share). The top arm wins only if it beats the second best.",
        f"“No evidence” or “too small to tell”: fewer than {LEAST} expected outcomes in an arm, or arms that "
        "would not show a fifth of the control’s rate (at most 2 points) four times out of five, are too "
        "small.",
        "By attribute: each group against those held out in it, p corrected by Holm over all groups of all "
        "attributes; whether the effect differs, by Cochran’s Q (1954), corrected over attributes. A group "
        "counts where its arms are told in every month and enough outcomes were to be expected in each.",
        f"Planned shares: chi-square, alarm below p {ALARM:g}. Guardrails: opt-outs above "
        f"{percent(OPT_OUTS)} of members delivered to, complaints above {percent(COMPLAINTS)} of messages, "
        "beyond chance.",
    )
    return html.Details(
        [html.Summary("How this is worked out"), html.Ul([html.Li(text) for text in said])],
        className="as-table method",
    )
