"""Every metric, defined once: words, what is counted over what, unit, additivity, direction and class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config.suggest import nearest
from data.release import OPERATIONAL

DEFINITIONS_VERSION = "1"

Unit = Literal["msg", "mbr", "outcome", "money"]
Shape = Literal["count", "rate", "per_1000", "money", "union", "union_rate"]


@dataclass(frozen=True)
class Metric:
    """A metric: a count (`numerator` alone), a ratio of two counts, or a distinct union of members.

    `numerator` and `denominator` name columns of cells, or for unions a stage of reach. `better` is
    the direction in which it improves, or `neither`. A union does not add up over anything.
    """

    name: str
    label: str
    meaning: str
    formula: str
    shape: Shape
    unit: Unit
    numerator: str
    denominator: str = ""
    better: Literal["higher", "lower", "neither"] = "neither"
    weak: bool = False
    version: int = 1

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)

    @property
    def is_union(self) -> bool:
        return self.shape in ("union", "union_rate")

    @property
    def is_ratio(self) -> bool:
        return self.shape in ("rate", "per_1000", "union_rate") or bool(self.denominator)

    @property
    def additive(self) -> bool:
        """Whether the values of the parts add up to the value of the whole."""
        return not self.is_ratio and not self.is_union

    @property
    def sensitivity(self) -> Literal["operational", "member"]:
        counted = self.columns
        return "operational" if not self.is_union and set(counted) <= OPERATIONAL else "member"

    @property
    def without_channel(self) -> bool:
        """Whether it counts members as assigned, who have no channel, wave or variant yet."""
        return self.numerator in ASSIGNED_COLUMNS


ASSIGNED_COLUMNS = frozenset(
    ("eligible", "contactable", "consented", "assigned", "held_out", "with_outcome", "value_micros")
)


def _messages(name: str, label: str, meaning: str, column: str | None = None, **more: object) -> Metric:
    return Metric(name, label, meaning, "messages", "count", "msg", column or name, **more)  # type: ignore[arg-type]


def _members(name: str, label: str, meaning: str, column: str | None = None, **more: object) -> Metric:
    return Metric(
        name,
        label,
        meaning,
        "members, at their first time per campaign and channel",
        "count",
        "mbr",
        column or name,
        **more,
    )  # type: ignore[arg-type]


def _rate(name: str, label: str, meaning: str, formula: str, top: str, bottom: str, **more: object) -> Metric:
    more.setdefault("shape", "rate")
    return Metric(
        name,
        label,
        meaning,
        formula,
        unit=more.pop("unit", "mbr"),  # type: ignore[arg-type]
        numerator=top,
        denominator=bottom,
        **more,
    )  # type: ignore[arg-type]


_ALL: tuple[Metric, ...] = (
    _messages("sent", "Sent", "Messages handed to the carrier."),
    _messages(
        "delivered",
        "Delivered",
        "Messages accepted at the member's end; also called impressions.",
        better="higher",
    ),
    _messages("bounced", "Bounced", "Messages refused at the member's end.", better="lower"),
    _messages("bounced_hard", "Bounced, hard", "Messages refused for good.", better="lower"),
    _messages("bounced_soft", "Bounced, soft", "Messages refused for now.", better="lower"),
    _messages("bounced_block", "Bounced, blocked", "Messages blocked by the receiver.", better="lower"),
    _messages("failed", "Failed", "Texts and pushes that could not be delivered.", better="lower"),
    _messages("suppressed", "Suppressed", "Messages refused before sending; these are no bounces."),
    _messages(
        "opened", "Opened, all", "Messages displayed by anyone or anything, mail proxies included.", weak=True
    ),
    _messages("opened_human", "Opened by a human", "Messages displayed, without known proxies.", weak=True),
    _messages(
        "clicked",
        "Clicked",
        "Messages with a link followed by a human; unsubscribe links do not count.",
        better="higher",
    ),
    _messages("replied", "Replied", "Messages that were answered."),
    _messages("opt_outs", "Opt-outs", "Messages that led to an opt-out.", "opt_out", better="lower"),
    _messages("complaints", "Complaints", "Messages called unwanted.", "complaint", better="lower"),
    _messages("answered", "Calls answered", "Phone calls that were answered.", better="higher"),
    _messages("voicemail", "Voicemail", "Phone calls that reached a voicemail box."),
    _messages("no_answer", "No answer", "Phone calls that were not answered.", better="lower"),
    _messages("printed", "Letters posted", "Letters printed and posted."),
    _messages("returned", "Letters returned", "Letters that came back.", better="lower"),
    _messages(
        "unlinked",
        "Unlinked messages",
        "Messages whose member is not known; they count as messages only.",
        better="lower",
    ),
    _members("members_sent", "Members sent to", "Members with at least one message sent."),
    _members(
        "members_delivered",
        "Members delivered to",
        "Members with at least one message delivered.",
        better="higher",
    ),
    _members("members_opened", "Members opened, all", "Members with any open.", weak=True),
    _members("members_opened_human", "Members opened, human", "Members with a human open.", weak=True),
    _members("members_clicked", "Members clicked", "Members who followed a link.", better="higher"),
    _members(
        "members_engaged",
        "Members engaged",
        "Members who clicked, replied (other than stop) or acted in the app.",
        better="higher",
    ),
    _members("members_responded", "Members responded", "Members who answered in any way.", better="higher"),
    _members(
        "members_responded_positive", "Members responded yes", "Members who answered yes.", better="higher"
    ),
    _members(
        "members_responded_negative",
        "Members responded no",
        "Members who answered no or stop.",
        better="lower",
    ),
    _members(
        "members_opted_out",
        "Members opted out",
        "Members who opted out within 7 days of a delivery.",
        better="lower",
    ),
    _members(
        "members_complained", "Members complained", "Members who called a message unwanted.", better="lower"
    ),
    _members(
        "conversions",
        "Conversions",
        "Members delivered to whose declared outcome has a service date inside the window.",
        "members_converted",
        better="higher",
    ),
    Metric(
        "attributed_outcomes",
        "Attributed outcomes",
        "Outcomes credited to the last message delivered before them, inside the window. Credited is not caused.",
        "outcomes",
        "count",
        "outcome",
        "attributed",
        better="higher",
    ),
    _members("eligible", "Eligible", "Members eligible for the campaign, at assignment."),
    _members("contactable", "Contactable", "Eligible members with a valid contact point, at assignment."),
    _members("consented", "Consented", "Eligible members who permitted the contact, at assignment."),
    _members("assigned", "Assigned", "Members assigned to an arm, held out ones included."),
    _members("held_out", "Held out", "Assigned members held out from outreach."),
    _members(
        "with_outcome",
        "With outcome",
        "Assigned members with the declared outcome inside the window.",
        better="higher",
    ),
    Metric(
        "outcome_value",
        "Outcome value",
        "Money of the outcomes of assigned members.",
        "money",
        "money",
        "money",
        "value_micros",
        better="higher",
    ),
    Metric(
        "cost", "Cost", "What the messages cost.", "money", "money", "money", "cost_micros", better="lower"
    ),
    _rate(
        "delivered_rate",
        "Delivered rate",
        "Share of sent messages that were delivered.",
        "delivered / sent messages",
        "delivered",
        "sent",
        unit="msg",
        better="higher",
    ),
    _rate(
        "bounce_rate",
        "Bounce rate",
        "Share of sent messages that bounced.",
        "bounced / sent messages",
        "bounced",
        "sent",
        unit="msg",
        better="lower",
    ),
    _rate(
        "open_rate",
        "Open rate, all",
        "Share of members delivered to with any open: the upper end of the open range.",
        "members opened / members delivered to",
        "members_opened",
        "members_delivered",
        weak=True,
    ),
    _rate(
        "open_rate_human",
        "Open rate, human",
        "Share of members delivered to with a human open: the lower end of the open range.",
        "members opened (human) / members delivered to",
        "members_opened_human",
        "members_delivered",
        weak=True,
    ),
    _rate(
        "click_rate",
        "Click rate",
        "Share of members delivered to who clicked.",
        "members clicked / members delivered to",
        "members_clicked",
        "members_delivered",
        better="higher",
    ),
    _rate(
        "click_to_open_rate",
        "Click-to-open rate",
        "Share of members with a human open who clicked; secondary, because opens are weak evidence.",
        "members clicked / members opened (human)",
        "members_clicked",
        "members_opened_human",
        better="higher",
    ),
    _rate(
        "engaged_rate",
        "Engaged rate",
        "Share of members delivered to who clicked, replied (other than stop) or acted.",
        "members engaged / members delivered to",
        "members_engaged",
        "members_delivered",
        better="higher",
    ),
    _rate(
        "response_rate",
        "Response rate",
        "Share of members delivered to who answered.",
        "members responded / members delivered to",
        "members_responded",
        "members_delivered",
        better="higher",
    ),
    _rate(
        "positive_response_rate",
        "Positive response rate",
        "Share of members delivered to who answered yes.",
        "members responded yes / members delivered to",
        "members_responded_positive",
        "members_delivered",
        better="higher",
    ),
    _rate(
        "conversion_rate",
        "Conversion rate",
        "Share of members delivered to whose declared outcome falls inside the window. Observed is not caused.",
        "conversions / members delivered to",
        "members_converted",
        "members_delivered",
        better="higher",
    ),
    _rate(
        "opt_out_rate",
        "Opt-out rate",
        "Share of members delivered to who opted out within 7 days.",
        "members opted out / members delivered to",
        "members_opted_out",
        "members_delivered",
        better="lower",
    ),
    _rate(
        "opt_outs_per_1000",
        "Opt-outs per 1,000",
        "Opt-outs per 1,000 messages delivered.",
        "1,000 x opt-outs / delivered messages",
        "opt_out",
        "delivered",
        shape="per_1000",
        unit="msg",
        better="lower",
    ),
    _rate(
        "complaint_rate",
        "Complaint rate",
        "Share of delivered messages called unwanted; watch at 0.1 %, critical at 0.3 %.",
        "complaints / delivered messages",
        "complaint",
        "delivered",
        unit="msg",
        better="lower",
    ),
    _rate(
        "outcome_rate",
        "Outcome rate",
        "Share of assigned members with the declared outcome inside the window: the basis on which arms are compared.",
        "with outcome / assigned",
        "with_outcome",
        "assigned",
        better="higher",
    ),
    Metric(
        "cost_per_send",
        "Cost per message",
        "Cost per message sent.",
        "cost / sent messages",
        "money",
        "money",
        "cost_micros",
        "sent",
        better="lower",
    ),
    Metric(
        "reach",
        "Members reached",
        "Distinct members with at least one message delivered. Over several campaigns or channels each member counts once, "
        "rounded to 10, for whole months.",
        "distinct members",
        "union",
        "mbr",
        "delivered",
        better="higher",
    ),
    Metric(
        "engaged_reach",
        "Members engaged, distinct",
        "Distinct members who clicked, replied (other than stop) or acted.",
        "distinct members",
        "union",
        "mbr",
        "engaged",
        better="higher",
    ),
    Metric(
        "engagement_rate",
        "Engagement rate",
        "Share of the members reached who clicked, replied (other than stop) or acted, each member counted once.",
        "distinct members engaged / distinct members reached",
        "union_rate",
        "mbr",
        "engaged",
        "delivered",
        better="higher",
    ),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
UNION_COLUMNS = {
    "delivered": "members_delivered",
    "engaged": "members_engaged",
    "responded": "members_responded",
    "converted": "members_converted",
}


class UnknownName(LookupError):
    """A metric, dimension or value that does not exist; the message says what was meant, if anything is near."""


def metric(name: str) -> Metric:
    """The metric of that name; `UnknownName` with the near miss."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownName(f"There is no metric {name!r}. {nearest(name, METRICS)}".strip()) from None
