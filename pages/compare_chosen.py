"""What Compare is asked for: the campaigns of an address, and the days since each was launched."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from data.answer import Answer
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through
from data.periods import Period
from data.viewer import Viewer
from pages.answers import ask
from pages.questions import whole_through
from ui.filterbar import filters_of

MOST = 4
EQUAL, OUTCOMES, WHOLE = "equal", "outcomes", "whole"
WINDOWS: dict[str, str] = {
    EQUAL: "As many days as all have had",
    OUTCOMES: "The days with all outcomes in",
    WHOLE: "Whole campaigns",
}
CURVES = (
    "members_delivered",
    "members_clicked",
    "conversions",
    "with_outcome",
    "click_rate",
    "conversion_rate",
    "outcome_rate",
)
ALL_TIME = Period("all_time")


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: campaigns in their order, the window, the curve, and what is not known."""

    filters: Filters
    window: str
    metric: str
    problems: tuple[str, ...] = ()

    @property
    def campaigns(self) -> tuple[str, ...]:
        return self.filters.campaign


@dataclass(frozen=True)
class Launched:
    """A campaign and its days. `launch`: day number, None where nothing says; `reached`: days it has had
    since, whole ones; `observed`: those of them whose outcomes are complete, None where no clock runs."""

    campaign: Campaign
    launch: int | None
    by_record: bool
    first_day: int | None
    last_day: int | None
    reached: int
    observed: int | None


def chosen(query: object, viewer: Viewer, cubes: Cubes) -> Chosen:
    """What a browser sent, held against what there is; a fifth campaign is left out and said."""
    given = query if isinstance(query, dict) else {}
    told = {name: given[name] for name in ("campaign", "channel") if name in given}
    filters, problems = filters_of({**told, "period": "all_time", "compare": "none"}, viewer, cubes)
    over = filters.campaign[MOST:]
    if over:
        names = ", ".join(cubes.campaigns[one].name for one in over)
        problems.append(f"Four campaigns at most stand side by side; left out: {names}.")
    window, metric = given.get("window"), given.get("metric")
    return Chosen(
        replace(filters, campaign=filters.campaign[:MOST]),
        window if isinstance(window, str) and window in WINDOWS else EQUAL,
        metric if isinstance(metric, str) and metric in CURVES else CURVES[0],
        tuple(problems),
    )


def launched(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Launched]:
    """The chosen campaigns with their days since launch."""
    return [_launched(cubes.campaigns[name], asked, viewer, cubes) for name in asked.campaigns]


def _launched(campaign: Campaign, asked: Chosen, viewer: Viewer, cubes: Cubes) -> Launched:
    alone = replace(asked.filters, campaign=(campaign.id,), channel=())
    first, last = _span_of(alone, viewer, cubes)
    launch = campaign.start_day if campaign.start_day is not None else first
    reached = 0 if launch is None else max(0, whole_through(cubes) - launch + 1)
    through = complete_through(campaign.id, cubes)
    observed = None if through is None or launch is None else min(reached, max(0, through - launch + 1))
    return Launched(campaign, launch, campaign.start_day is not None, first, last, reached, observed)


@kept
def _span_of(filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[int | None, int | None]:
    """First and last day (day numbers) of what is dated of a selection; None where nothing is."""
    every = ask(("sent", "members_delivered", "assigned"), (), filters, viewer, cubes)
    days = pl.concat([dated(every, name) for name in every.metrics])
    first, last = days["first_day"].min(), days["last_day"].max()
    return first if isinstance(first, int) else None, last if isinstance(last, int) else None


def dated(answer: Answer, metric: str) -> pl.DataFrame:
    """The dated groups of an answer with one row: first and last day."""
    groups = answer.groups(metric)
    if "first_day" not in groups.columns:
        return pl.DataFrame(schema={"first_day": pl.Int32, "last_day": pl.Int32})
    return groups.select("first_day", "last_day").drop_nulls()
