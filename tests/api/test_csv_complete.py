"""A file says of each value whether more is to come: outcomes that are not complete, buckets not over."""

from __future__ import annotations

import csv
import io

import pytest

from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING
from pages import questions
from pages.maturity import of_outcomes
from tests.sheets import text

ALL = Filters(period=Period("all_time"), compare="none")


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


def rows(answer: object, filters: Filters, cubes: Cubes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(answer, filters, EVERYTHING, cubes))))  # type: ignore[arg-type]


def test_outcomes_to_come_are_not_complete_and_everything_else_of_whole_days_is(cubes: Cubes) -> None:
    told = rows(questions.campaigns(ALL, EVERYTHING, cubes), ALL, cubes)
    for line in told:
        campaign = cubes.campaigns[line["campaign"]]
        expected = not of_outcomes(line["metric"]) or questions.complete(campaign, ALL, cubes)
        assert line["complete"] == ("true" if expected else "false"), line
    assert {line["complete"] for line in told} == {"true", "false"}
    without = next(c.id for c in cubes.campaigns.values() if not c.recorded)
    assert {x["complete"] for x in told if x["campaign"] == without and of_outcomes(x["metric"])} == {"false"}


def test_a_bucket_that_is_not_over_is_not_complete(cubes: Cubes) -> None:
    filters = Filters()
    told = rows(questions.trend(filters, EVERYTHING, cubes), filters, cubes)
    weeks = {line["week"]: line["complete"] for line in told}
    *earlier, last = (weeks[week] for week in sorted(weeks))
    assert set(earlier) == {"true"}
    assert last == "false"


def test_key_figures_of_a_finished_period_are_complete(cubes: Cubes) -> None:
    through = questions.outcomes_through(ALL, EVERYTHING, cubes)
    assert through is not None
    first, last = questions.day_date(through - 60), questions.day_date(through)
    filters = Filters(period=Period("custom", first, last), compare="none")
    assert {x["complete"] for x in rows(questions.cards(filters, EVERYTHING, cubes), filters, cubes)} == {
        "true"
    }
    assert "false" in {x["complete"] for x in rows(questions.cards(ALL, EVERYTHING, cubes), ALL, cubes)}
