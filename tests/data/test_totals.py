"""A platform's CSV is read by what its columns mean, and each row that cannot be says why."""

from __future__ import annotations

from datetime import date

import pytest

from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.periods import day_number
from data.snapshot import Lake
from data.totals import MOST_CHARACTERS, MOST_ROWS, Reading, TotalsRefused, read, sheet
from data.viewer import EVERYTHING, Scope, Viewer


@pytest.fixture(scope="session")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


def reading(text: str, cubes: Cubes, **more: object) -> Reading:
    found = sheet(text)
    span = more.get("span")
    viewer = more.get("viewer", EVERYTHING)
    assert isinstance(viewer, Viewer)
    return read(found, found.meanings, span, viewer, cubes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Sends", "sent"), ("Total Sent", "sent"), ("DELIVERIES", "delivered"),
     ("unique opens", "members_opened"),
     ("Hard Bounces", "bounced_hard"), ("Spam Reports", "complaints"), ("unsubs", "opt_outs"),
     ("Spend", "cost"), ("members_clicked", "members_clicked"), ("Open Rate", "leave"), ("Region", "leave")],
)  # fmt: skip
def test_headings_are_guessed_in_the_vendors_words(heading: str, meaning: str) -> None:
    assert sheet(f"Campaign Name,{heading}\nx,1\n").meanings == ("campaign", meaning)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_is_read_as_it_is_written(delimiter: str, cubes: Cubes) -> None:
    text = "\ufeff" + "Campaign,Type,Month,Sends,Spend\nflu-2025,E-Mail,2025-11,1200,12.50\n".replace(
        ",", delimiter
    )
    (row,) = reading(text, cubes).rows
    span = (day_number(date(2025, 11, 1)), day_number(date(2025, 11, 30)))
    assert row == {
        "campaign": "flu-2025", "channel": "email", "first_day": span[0], "last_day": span[1],
        "values": {"sent": 1200.0, "cost": 12.5},
    }  # fmt: skip


def test_campaigns_are_found_by_id_or_name(cubes: Cubes) -> None:
    name = cubes.campaigns["flu-2025"].name
    found = reading(f'campaign,sent\n"{name.upper()}","1,200"\n', cubes)
    assert [row["campaign"] for row in found.rows] == ["flu-2025"]
    assert found.rows[0]["values"] == {"sent": 1200.0}


@pytest.mark.parametrize(
    ("row", "words"),
    [("flu-2025,email,x", "Sent: no number"), ("flu-2025,email,-3", "Sent: no number"),
     ("flu-2025,email,12%", "a percentage; bring the counts"),
     ("flu-2025,email,1.5", "a fraction of a message"),
     ("flu-2025,pigeon,3", "a channel that nobody knows"), (",email,3", "no campaign"),
     ("flu-2025,email", "2 fields where the heading has 3"), ("flu-2025,email,", "no figure in it"),
     ("nothing-like-it-here,email,3", "no campaign is called that")],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_and_its_neighbours_stay(row: str, words: str, cubes: Cubes) -> None:
    found = reading(f"campaign,channel,sent\n{row}\nflu-2025,sms,7\n", cubes)
    assert [one["channel"] for one in found.rows] == ["sms"]
    (problem,) = found.problems
    assert problem.startswith("Row 1: ")
    assert words in problem


def test_a_row_that_stands_twice_counts_once(cubes: Cubes) -> None:
    found = reading("campaign,sent\nflu-2025,3\nflu-2025,4\n", cubes)
    assert len(found.rows) == 1
    assert "as row 1" in found.problems[0]


def test_a_campaign_out_of_sight_does_not_exist(cubes: Cubes) -> None:
    narrow = Viewer("one", "analyst", frozenset(), Scope(programs=frozenset({"none"})))
    found = reading("campaign,sent\nflu-2025,3\n", cubes, viewer=narrow)
    assert found.rows == []
    assert found.problems == ["Row 1: no campaign is called that."]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "nothing in it yet"), ("campaign,sent\n", "no row"), ("a,b\n1,2\n", "No column names the campaign"),
     ("campaign,region\nx,y\n", "No column is a figure"), ('campaign,sent\n"x,1\n', "a quote is opened"),
     ("campaign,sent\n" + "x,1\n" * (MOST_ROWS + 1), "at most 2,000"),
     ("x" * (MOST_CHARACTERS + 1), "longer than"),
     (",".join(["campaign"] * 41) + "\nx\n", "41 columns")],
)  # fmt: skip
def test_a_file_that_is_none_of_totals_is_refused_in_words(text: str, words: str, cubes: Cubes) -> None:
    with pytest.raises(TotalsRefused, match=words):
        reading(text, cubes)


def test_two_columns_cannot_mean_the_same(cubes: Cubes) -> None:
    found = sheet("campaign,sent,sends\nflu-2025,1,2\n")
    assert found.meanings == ("campaign", "sent", "leave")
    with pytest.raises(TotalsRefused, match="Two columns mean the same: Sent"):
        read(found, ("campaign", "sent", "sent"), None, EVERYTHING, cubes)
