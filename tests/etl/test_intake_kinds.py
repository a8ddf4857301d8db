"""Rows of members, outcomes, counts and campaigns become the rows of the lake that they mean."""

# ruff: noqa: E501  (mappings and files as they are written)

from __future__ import annotations

import json

import polars as pl
import pytest

from data.tables import LANDING
from etl.intake import IntakeError, MappingError
from tests.mappings import EVENT, ROWS, SOURCE, Intake, day, events


def test_the_frames_have_the_columns_of_the_lake(intake: Intake) -> None:
    frames = {"events": events(intake, "1,sent,2026-03-01,m1,A,flu,0.5\n")}
    frames |= intake(
        MEMBER + "[attributes]\nx='x'\n[outcomes]\ny='x'\n[key]\nnone = true\n", "x\nyes\n"
    ).tables
    for name, frame in frames.items():
        table = next(one for one in LANDING if one.name == name)
        wanted = [one.name for one in table.columns if one.name not in ("load_id", "event_date")]
        assert frame.columns == [*wanted, "row"]


MEMBER = SOURCE.format("member") + "[fields]\ncampaign = { value = 'flu' }\n"


def test_identical_rows_without_a_key_are_different_people(intake: Intake) -> None:
    mapping = MEMBER + "arm = 'arm'\n[key]\nnone = true\n"
    frame = intake(mapping, "arm\nA\nA\nA\n").tables["assignments"]
    assert frame["member"].n_unique() == frame["assignment_id"].n_unique() == 3


def test_a_member_of_a_campaign_is_known_by_its_id(intake: Intake) -> None:
    mapping = MEMBER + "member = 'id'\narm = 'arm'\n"
    frame = intake(mapping, "id,arm\n1,A\n2,A\n1,B\n").tables["assignments"]
    assert frame["member"].n_unique() == frame["assignment_id"].n_unique() == 2


def test_a_later_statement_about_a_member_is_another_version(intake: Intake) -> None:
    mapping = MEMBER.replace('"member"', '"member"\nnewer_by = "v"') + "member = 'id'\narm = 'arm'\n"
    frame = intake(mapping, "id,arm,v\n1,A,1\n1,B,2\n1,A,1\n").tables["assignments"]
    assert frame["version_us"].to_list() == [1, 2, 1]
    assert frame["assignment_id"].n_unique() == 2


def test_assigned_is_not_sent(intake: Intake) -> None:
    mapping = MEMBER + "member = 'id'\nchannel = { value = 'mail' }\nassigned_at = 'd'\n"
    batch = intake(mapping, "id,d\n1,2026-03-01\n")
    assert "events" not in batch.tables
    assert batch.provides == {"assigned"}
    assert batch.tables["assignments"].select("assigned", "holdout", "eligible").row(0) == (True, False, None)


def test_a_member_row_with_a_stage_is_also_a_message(intake: Intake) -> None:
    mapping = MEMBER + "member = 'id'\nsent = { column = 's', type = 'bool' }\n"
    batch = intake(mapping, "id,s\n1,yes\n2,no\n")
    assert batch.tables["assignments"].height == 2
    assert batch.tables["events"]["row"].to_list() == [1]


def test_named_outcomes(intake: Intake) -> None:
    mapping = MEMBER + (
        "member = 'id'\noutcome_at = 'when'\n"
        "[outcomes.visit]\ncolumn = 'visit'\nat = 'visit_day'\nvalue = 'paid'\n"
        "[outcomes.refill]\ncolumn = 'refill'\ntype = 'date'\nformat = '%d-%m-%Y'\n"
        "[outcomes.gift]\ncolumn = 'gift'\ntype = 'money'\n"
    )
    rows = "id,visit,visit_day,paid,refill,gift,when\n1,yes,2026-03-01,12.50,,0,2026-05-01\n2,no,,,02-03-2026,$3,2026-05-01\n3,,,,,,\n"
    batch = intake(mapping, rows)
    found = (
        batch.tables["outcomes"]
        .sort("row", "outcome")
        .select("row", "outcome", "service_day", "value_micros")
    )
    assert found.rows() == [
        (1, "visit", day("2026-03-01"), 12_500_000),
        (2, "gift", day("2026-05-01"), 3_000_000),
        (2, "refill", day("2026-03-02"), None),
    ]
    assert batch.provides == {"assigned", "outcome:visit", "outcome:refill", "outcome:gift"}
    assert batch.tables["assignments"].height == 3


def test_profiles_are_one_row_per_stated_attribute_of_a_combination(intake: Intake) -> None:
    mapping = MEMBER + "member = 'id'\n[attributes]\n'Line of duty' = 'x'\nrow = 'y'\nprofile = 'y'\n"
    batch = intake(mapping, "id,x,y\n1,a,b\n2,a,b\n3,,\n")
    profiles = batch.tables["profiles"]
    assert profiles.select("attribute", "value").rows() == [
        ("Line of duty", "a"),
        ("profile", "b"),
        ("row", "b"),
    ]
    assert batch.tables["assignments"]["profile"].n_unique() == 2


def test_a_profile_does_not_change_when_an_empty_attribute_comes_in(intake: Intake) -> None:
    small = intake(MEMBER + "member = 'id'\n[attributes]\nx = 'x'\n", "id,x,y\n1,a,\n").tables["assignments"]
    large = intake(MEMBER + "member = 'id'\n[attributes]\nx = 'x'\na = 'y'\n", "id,x,y\n1,a,\n").tables[
        "assignments"
    ]
    assert small["profile"].to_list() == large["profile"].to_list()


def test_outcomes_of_their_own(intake: Intake) -> None:
    mapping = SOURCE.format("outcome") + (
        "[fields]\nmember = 'm'\noutcome = 'o'\nat = 'd'\nvalue = { column = 'v', sign = 'refuse' }\n[key]\nall = true\n"
    )
    batch = intake(mapping, "m,o,d,v\nA,visit,2026-03-01,-1\nA,visit,2026-03-01,1\nA,visit,2026-03-01,1\n")
    assert batch.refused["reason"].to_list() == ["a negative value, which the mapping refuses"]
    assert batch.tables["outcomes"]["outcome_id"].n_unique() == 1
    assert batch.provides == {"outcome:visit"}


AGGREGATE = SOURCE.format("aggregate") + (
    "[fields]\ncampaign = 'c'\nday = 'd'\n[counts]\nsent = 's'\ncost = 'm'\n"
    "delivered = { column = 'p', type = 'percent', of = 'sent' }\n"
)


def test_aggregates_are_one_row_per_count(intake: Intake) -> None:
    batch = intake(AGGREGATE, 'c,d,s,m,p\nflu,2026-03-01,"1,200",$2.50,99.5%\nflu,2026-03-02,0,,\n')
    found = batch.tables["aggregates"].select("row", "measure", "value").sort("row", "measure").rows()
    assert found == [(1, "cost", 2_500_000), (1, "delivered", 1194), (1, "sent", 1200), (2, "sent", 0)]
    assert batch.provides == {"sent", "cost", "delivered"}
    assert batch.tables["aggregates"]["key"].n_unique() == 2


def test_aggregates_that_contradict_each_other_are_refused(intake: Intake) -> None:
    batch = intake(
        AGGREGATE,
        "c,d,s,m,p\nflu,2026-03-01,1,,\nflu,2026-03-01,1,,\nflu,2026-03-01,2,,\nflu,2026-03-02,-1,,\n",
    )
    assert dict(batch.refused.select("row", "reason").rows()) == {
        3: "the same campaign, wave, channel, variant and day as row 1, with other counts",
        4: "a negative count",
    }


def test_an_aggregate_row_with_a_wrong_count_is_refused_not_left_out(intake: Intake) -> None:
    batch = intake(AGGREGATE, "c,d,s,m,p\nflu,2026-03-01,many,,\nflu,2026-03-02,,,\n")
    assert (batch.refused["row"].to_list(), batch.skipped["row"].to_list()) == ([1], [2])


def test_members_and_their_addresses(intake: Intake, pseudonyms) -> None:  # type: ignore[no-untyped-def]
    mapping = SOURCE.format("members") + (
        "[fields]\nmember = 'id'\n[attributes]\nregion = 'r'\n[addresses]\nemail = 'e'\nwork = { column = 'w', type = 'email' }\nphone = 'p'\n"
    )
    batch = intake(mapping, "id,r,e,w,p\nA,North,A@x.org,a@work.org,555 010 2030\nB,,,,\n")
    assert batch.tables["members"].select("as_of_day").to_series().to_list() == [0, 0]
    assert batch.tables["members"]["profile"].null_count() == 0
    walk = batch.tables["crosswalk"]
    assert walk.height == 3
    assert walk["recipient"].to_list()[0] == pseudonyms.recipients(pl.Series(["a@X.org"]), "email")[0]


def test_the_address_of_an_event_and_of_a_member_meet(intake: Intake) -> None:
    members = SOURCE.format("members") + "[fields]\nmember = 'id'\n[addresses]\nphone = 'p'\n"
    walk = intake(members, "id,p\nA,+1 555 010 2030\n").tables["crosswalk"]
    log = EVENT.format('columns = ["id"]').replace(
        'member = "member"', 'recipient = { column = "member", type = "phone" }'
    )
    row = intake(log, ROWS + "1,sent,2026-03-01,m1,(555) 010-2030,flu,\n").tables["events"].row(0, named=True)
    assert row["recipient"] == walk["recipient"][0]


CAMPAIGN = '[[campaign]]\nid = "flu"\nstart = 2026-03-01\nend = "2026-04-01"\nchannels = ["E-Mail", "Text"]\nwindow_days = 90\n'
RECORDS = SOURCE.format("campaigns")


def test_campaign_records(intake: Intake) -> None:
    batch = intake(RECORDS, CAMPAIGN + "holdout_share = 0.1\nunit_costs = { Text = 0.01 }\n", file="c.toml")
    row = batch.tables["campaigns"].row(0, named=True)
    assert (row["campaign"], row["start_day"], row["window_days"]) == ("flu", day("2026-03-01"), 90)
    record = json.loads(row["record"])
    assert (record["channels"], record["unit_costs"]) == (["email", "sms"], {"sms": 0.01})
    assert row["partial"] is False


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('progam = "x"', "progam", 'a campaign record has no such key; did you mean "program"?'),
        ('direction = "lowr"', "direction", 'not higher or lower; did you mean "lower"?'),
        ("holdout_share = 10", "holdout_share", "not a share from 0 to 1"),
        ("lag_days = -1", "lag_days", "negative"),
        ("lag_days = 731", "lag_days", "not a number of days from 0 to 730"),
        ('audience_size = "many"', "audience_size", "not a whole number"),
        ('variants = [{ nme = "A" }]', "variants", 'a variant has no key "nme"; did you mean "name"?'),
        ("unit_costs = { smss = 0.1 }", "unit_costs", 'an unknown channel; did you mean "sms"?'),
        ('recorded_at = "soon"', "recorded_at", "not an instant in ISO 8601"),
    ],
)
def test_a_record_with_a_mistake_is_refused_alone(
    intake: Intake, line: str, column: str, reason: str
) -> None:
    batch = intake(RECORDS, f"{CAMPAIGN}{line}\n[[campaign]]\nid = 'b'\n", file="c.toml")
    assert batch.refused.select("row", "column", "reason").rows() == [(1, column, reason)]
    assert batch.tables["campaigns"]["campaign"].to_list() == ["b"]


@pytest.mark.parametrize("window", ["0", "731"])
def test_a_window_of_no_days_or_of_years_is_refused(intake: Intake, window: str) -> None:
    batch = intake(RECORDS, CAMPAIGN.replace("window_days = 90", f"window_days = {window}"), file="c.toml")
    assert batch.refused.row(0)[1:3] == ("window_days", "not a number of days from 1 to 730")


def test_a_campaign_file_without_campaigns_is_an_error(intake: Intake) -> None:
    with pytest.raises(IntakeError, match=r"each under a line \[\[campaign\]\]"):
        intake(RECORDS, "[[campaigns]]\nid = 'x'\n", file="c.toml")


def test_a_further_breakdown_of_an_aggregate_is_told_apart(intake: Intake) -> None:
    mapping = AGGREGATE + "[key]\ncolumns = ['region']\n"
    rows = "c,d,s,m,p,region\nflu,2026-03-01,1,,,N\nflu,2026-03-01,2,,,S\nflu,2026-03-01,3,,,S\n"
    batch = intake(mapping, rows)
    assert batch.refused["row"].to_list() == [3]
    assert batch.tables["aggregates"]["key"].n_unique() == 2
    with pytest.raises(MappingError, match="members do not add up over a breakdown"):
        intake(mapping.replace("[counts]", "[counts]\nmembers_opened = 'o'"), rows)


def test_a_share_is_a_percentage(intake: Intake) -> None:
    mapping = AGGREGATE.replace("'percent'", "'share'")
    batch = intake(mapping, "c,d,s,m,p\nflu,2026-03-01,1000,,0.29\nflu,2026-03-02,1000,,1.2\n")
    counts = dict(batch.tables["aggregates"].select("measure", "value").rows())
    assert counts["delivered"] == 290
    assert batch.refused["reason"].to_list() == ["a percentage above 100"]
