"""The questions behind the Campaign page: its panels and the CSV of each table ask the very same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from data.answer import Answer, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters, split
from data.measure import days_told
from data.periods import Period
from data.viewer import Viewer
from pages.answers import ask
from pages.cohorts import cohorts
from pages.questions import distinct_told
from pages.table import Table
from ui.filterbar import filters_of

DAYS_BY_DAY, DAYS_BY_WEEK = 35, 245
CHANNELS = (
    "sent",
    "delivered_rate",
    "message_click_rate",
    "conversions",
    "opt_outs_per_1000",
    "cost",
)
# A member's conversion counts in the wave of their first message, which would mislead here.
WAVES = ("sent", "delivered_rate", "message_click_rate", "opt_outs_per_1000", "cost")
VARIANTS = ("sent", "delivered_rate", "message_click_rate", "conversion_rate", "opt_outs_per_1000")
MEMBERS = ("members_delivered", "click_rate", "engaged_rate", "conversion_rate")
DAYPARTS = ("message_engaged_rate", "delivered")
ARMS = ("outcome_rate", "with_outcome", "assigned", "held_out")
COST = ("cost", "cost_per_send", "cost_per_response", "cost_per_outcome")
BEFORE_SENDING = ("eligible", "contactable", "consented", "assigned", "held_out")
DISTINCT = ("sent_reach", "reach", "engaged_reach", "responded_reach", "converted_reach")
ONCE_PER_CHANNEL = (
    "members_sent",
    "members_delivered",
    "members_engaged",
    "members_responded",
    "conversions",
)
RATES = ("message_engaged_rate", "message_click_rate", "delivered_rate")
MEMBERS_BY = "cut"  # the address's parameter of the attribute that members are told apart by


def visible(name: object, viewer: Viewer, cubes: Cubes) -> Campaign | None:
    """The campaign of that id, also as an address writes it, where the viewer may know of it."""
    if not isinstance(name, str):
        return None
    told = split(name)
    found = cubes.campaigns.get(name) or (cubes.campaigns.get(told[0]) if len(told) == 1 else None)
    allowed = found is not None and viewer.scope.allows(found.program, found.line_of_business)
    return found if allowed else None


def seen(viewer: Viewer, cubes: Cubes) -> list[Campaign]:
    """Every campaign that the viewer may know of, by its start; those without dates last, then by name."""
    found = [cubes.campaigns[name] for name in Filters().campaigns(cubes, viewer)]
    return sorted(found, key=lambda c: (c.start_day is None, c.start_day or 0, c.name.lower()))


def asked(query: object, viewer: Viewer, cubes: Cubes) -> tuple[Filters, Campaign | None, list[str]]:
    """Filters of what a browser sent, the one campaign they name, and what of them is not known.

    Without a period the campaign's whole schedule is meant; a campaign has its program and line already.
    """
    given = dict(query) if isinstance(query, dict) else {}
    name = given.pop("campaign", None)
    given = {key: value for key, value in given.items() if key not in ("program", "line_of_business")}
    filters, problems = filters_of(with_period(given), viewer, cubes)
    campaign = visible(name, viewer, cubes)
    return (replace(filters, campaign=(campaign.id,)) if campaign else filters), campaign, problems


def with_period(query: Mapping[str, str]) -> dict[str, str]:
    """The address's parameters, with all time where they name no period."""
    named = any(name in query for name in ("period", "from", "to"))
    return dict(query) if named else {**query, "period": "all_time"}


def key_figures(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The headline figures: outcomes of assigned members where there are any, else of those delivered to."""
    distinct = distinct_told(filters)
    rated = ask(("outcome_rate",), (), filters, viewer, cubes).one("outcome_rate")
    names = (
        "eligible",
        "reach" if distinct else "members_delivered",
        "engaged_reach" if distinct else "members_engaged",
        "conversion_rate" if rated.status is Status.NOT_AVAILABLE else "outcome_rate",
        "opt_outs_per_1000",
        "cost",
        "cost_per_outcome",
    )
    return ask(names, (), filters, viewer, cubes)


def steps(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """Members from eligible to outcome; distinct where that may be told, else once per channel."""
    after = DISTINCT if distinct_told(filters) else ONCE_PER_CHANNEL
    return ask((*BEFORE_SENDING, *after), (), filters, viewer, cubes)


def channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(CHANNELS, ("channel",), filters, viewer, cubes)


def waves(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(WAVES, ("channel", "wave"), filters, viewer, cubes)


def variants(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(VARIANTS, ("channel", "variant"), filters, viewer, cubes)


def members(filters: Filters, viewer: Viewer, cubes: Cubes, cut: object = None) -> Answer:
    """Members by one attribute: the one that is wanted, else the first; `LookupError` where there is none."""
    attribute = attribute_of(cut, cubes)
    if not attribute:
        raise LookupError("Members have no attributes.")
    return ask(MEMBERS, (attribute,), filters, viewer, cubes)


def attribute_of(wanted: object, cubes: Cubes) -> str:
    """The attribute that is wanted, else the first there is; empty where members have none."""
    if isinstance(wanted, str) and wanted in cubes.attributes:
        return wanted
    return cubes.attributes[0] if cubes.attributes else ""


def dayparts(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(DAYPARTS, ("daypart",), filters, viewer, cubes)


def arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(ARMS, ("arm",), filters, viewer, cubes)


def outcome_times(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(("with_outcome",), ("arm", "outcome_time"), filters, viewer, cubes)


def response_times(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(("members_engaged",), ("channel", "response_time"), filters, viewer, cubes)


def cost(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(COST, ("channel",), filters, viewer, cubes)


def trend(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """Deliveries by day, week or month, over a rate that the campaign's sources report."""
    rate = next((name for name in RATES if _reported(name, filters, viewer, cubes)), RATES[0])
    return ask(("delivered", rate), (bucket(filters, viewer, cubes),), filters, viewer, cubes)


def _reported(name: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    return ask((name,), (), filters, viewer, cubes).one(name).status is not Status.NOT_AVAILABLE


def bucket(filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Days for a short campaign or period, weeks for a year, months beyond."""
    span = filters.days(cubes) or days_of_data(filters, viewer, cubes)
    if span is None:
        return "week"
    days = span[1] - span[0] + 1
    return "day" if days <= DAYS_BY_DAY else "week" if days <= DAYS_BY_WEEK else "month"


def days_of_data(filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[int, int] | None:
    """First and last day (day numbers) with messages of what the filters keep; None without any."""
    kept = replace(filters, period=Period("all_time"), compare="none")
    return days_told("sent", kept, viewer, cubes)


def _one(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """The question asked of one campaign that the viewer may know of; `LookupError` of any other."""

    def narrowed(filters: Filters, viewer: Viewer, cubes: Cubes, **more: str) -> Answer:
        return question(alone(filters, viewer, cubes), viewer, cubes, **more)

    return narrowed


def alone(filters: Filters, viewer: Viewer, cubes: Cubes) -> Filters:
    """Filters of one campaign that the viewer may know of; `LookupError` for any other."""
    if len(filters.campaign) != 1 or visible(filters.campaign[0], viewer, cubes) is None:
        raise LookupError("There is no such campaign.")
    return replace(filters, program=(), line_of_business=())


TABLES = (
    *(
        Table(name, title, _one(question))
        for name, title, question in (
            ("figures", "Key figures", key_figures),
            ("steps", "From eligible to outcome", steps),
            ("trend", "Delivered over time", trend),
            ("channels", "By channel", channels),
            ("waves", "By wave", waves),
            ("variants", "By variant", variants),
            ("dayparts", "By time of sending", dayparts),
            ("arms", "Arms", arms),
            ("cohorts", "Cohorts by month of assignment", cohorts),
            ("outcome-times", "Time to the outcome", outcome_times),
            ("response-times", "Time to response", response_times),
            ("cost", "Cost", cost),
        )
    ),
    Table("members", "Members by attribute", _one(members), more=(MEMBERS_BY,)),
)
