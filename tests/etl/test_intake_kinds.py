"""Rows of every kind become the rows of the lake that they mean, and keep their identity."""

# ruff: noqa: E501  (mappings and files as they are written)

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from data.tables import LANDING
from etl.intake import Batch, IntakeError, MappingError

Intake = Callable[..., Batch]
SOURCE = '[source]\nname = "s"\nkind = "{}"\n'
EVENT = (
    SOURCE.format("event")
    + """
[fields]
event = "event"
at = "at"
message_id = {{ column = "msg", optional = true }}
member = "member"
campaign = {{ column = "campaign", optional = true }}
channel = {{ value = "email" }}
cost = "cost"
[key]
{}
"""
)
ROWS = "id,event,at,msg,member,campaign,cost\n"


def events(intake: Intake, rows: str, key: str = 'columns = ["id"]', **kind: str) -> pl.DataFrame:
    return intake(EVENT.format(key), ROWS + rows, **kind).tables["events"]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def test_the_frames_have_the_columns_of_the_lake(intake: Intake) -> None:
    frames = {"events": events(intake, "1,sent,2026-03-01,m1,A,flu,0.5\n")}
    frames |= intake(
        MEMBER + "[attributes]\nx='x'\n[outcomes]\ny='x'\n[key]\nnone = true\n", "x\nyes\n"
    ).tables
    for name, frame in frames.items():
        table = next(one for one in LANDING if one.name == name)
        wanted = [one.name for one in table.columns if one.name not in ("load_id", "event_date")]
        assert frame.columns == [*wanted, "row"]


def test_an_event_row(intake: Intake) -> None:
    row = events(intake, "1,sent,2026-03-01T03:00:00Z,m1,A,flu,0.0079\n").row(0, named=True)
    assert (row["event"], row["channel"], row["campaign"]) == ("sent", "email", "flu")
    assert row["event_day"] == day("2026-02-28")
    assert row["cost_micros"] == 7900
    assert row["version_us"] is None
    assert row["recipient"] is None


def test_events_of_one_message_share_its_id_whatever_the_row_says_besides(intake: Intake) -> None:
    frame = events(
        intake, "1,sent,2026-03-01,m1,A,flu,\n2,opened,2026-03-02,m1,,,\n3,sent,2026-03-01,m2,A,flu,\n"
    )
    first, second, third = frame["message_id"]
    assert first == second != third


def test_without_message_id_who_and_campaign_are_the_message(intake: Intake) -> None:
    rows = "1,sent,2026-03-01,,A,flu,\n2,opened,2026-03-02,,A,flu,\n3,sent,2026-03-01,,A,a1c,\n4,sent,2026-03-01,,B,flu,\n"
    ids = events(intake, rows)["message_id"].to_list()
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_a_row_that_names_nobody_is_refused(intake: Intake) -> None:
    batch = intake(EVENT.format('columns = ["id"]'), ROWS + "1,sent,2026-03-01,,,flu,\n")
    assert batch.refused["reason"].to_list() == ["names nobody: no message id, member or address"]


@pytest.mark.parametrize(
    ("key", "distinct"), [('columns = ["id"]', 2), ("all = true", 3), ("none = true", 4)]
)  # fmt: skip
def test_the_key_says_which_rows_are_one(intake: Intake, key: str, distinct: int) -> None:
    same = "1,sent,2026-03-01,m1,A,flu,\n"
    assert (
        events(intake, same + same + same.replace("flu", "a1c") + same.replace("1", "2", 1), key)[
            "event_id"
        ].n_unique()
        == distinct
    )


@pytest.mark.parametrize("key", ['columns = ["id"]', "all = true", "none = true"])
def test_the_same_file_gives_the_same_ids_again(intake: Intake, key: str) -> None:
    rows = "1,sent,2026-03-01,m1,A,flu,\n2,opened,2026-03-02,m1,A,flu,\n"
    assert events(intake, rows, key).equals(events(intake, rows, key))


def test_all_columns_are_a_key_whatever_their_order(intake: Intake) -> None:
    one = events(intake, "1,sent,2026-03-01,m1,A,flu,\n", "all = true")
    other = intake(
        EVENT.format("all = true"), "event,id,at,msg,member,cost,campaign\nsent,1,2026-03-01,m1,A,,flu\n"
    )
    assert one["event_id"].to_list() == other.tables["events"]["event_id"].to_list()


def test_an_empty_key_is_refused(intake: Intake) -> None:
    batch = intake(EVENT.format('columns = ["id"]'), ROWS + ",sent,2026-03-01,m1,A,flu,\n")
    assert batch.refused.row(0)[1:3] == ("id", "no value in the key of the row")


def test_two_sources_of_one_platform_share_their_messages(intake: Intake) -> None:
    rows = "1,sent,2026-03-01,m1,A,flu,\n"
    named = EVENT.format('columns = ["id"]').replace('name = "s"', 'name = "{}"\nmessages = "platform"')
    one, other = (
        intake(named.replace("{}", name), ROWS + rows).tables["events"].row(0, named=True)
        for name in ("a", "b")
    )
    assert one["message_id"] == other["message_id"]
    assert one["event_id"] != other["event_id"]


MESSAGE = (
    SOURCE.format("message").replace('"s"', '"s"\nnewer_by = "updated"')
    + """
[fields]
message_id = "id"
campaign = { value = "flu" }
status = { column = "status", map = { ok = "delivered", no = "failed", wait = "skip" } }
status_at = "updated"
sent = "sent"
opened = { column = "opened", type = "bool" }
machine = { column = "proxy", type = "bool" }
cost = { column = "price", sign = "negate" }
"""
)


def test_a_message_row_is_an_event_for_each_stage(intake: Intake) -> None:
    rows = "id,status,updated,sent,opened,proxy,price\n1,ok,2026-03-02,2026-03-01,yes,no,-0.5\n2,wait,2026-03-02,,,,\n3,no,2026-03-02,,,,\n4,,2026-03-02,,no,,\n"
    batch = intake(MESSAGE, rows)
    frame = batch.tables["events"]
    assert frame.select("row", "event", "event_day", "machine", "cost_micros").rows() == [
        (1, "sent", day("2026-03-01"), None, 500_000),
        (1, "delivered", day("2026-03-02"), None, None),
        (1, "opened", None, False, None),
        (3, "failed", day("2026-03-02"), None, None),
    ]
    assert frame["version_us"].null_count() == frame["row_id"].null_count() == 0
    assert batch.skipped["row"].to_list() == [2, 4]
    assert batch.provides == {"sent", "delivered", "failed", "opened", "machine", "cost"}


def test_a_newer_state_is_another_version_of_the_same_message(intake: Intake) -> None:
    head = "id,status,updated,sent,opened,proxy,price\n"
    old, new = "1,no,2026-03-02,2026-03-01,,,\n", "1,ok,2026-03-03,2026-03-01,,,\n"
    frame = intake(MESSAGE, head + old + new + old).tables["events"]
    versions = frame.unique(["message_id", "version_us", "row_id"])
    assert versions["message_id"].n_unique() == 1
    assert versions.height == 2
    assert (
        frame.filter(pl.col("row") == 1)["event_id"].to_list()
        == frame.filter(pl.col("row") == 3)["event_id"].to_list()
    )


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


LOOKUP = EVENT.format('columns = ["id"]').replace(
    'campaign = { column = "campaign"', 'campaign = { column = "title"'
) + (
    '[[lookups]]\nfile = "names.csv"\non = { campaign = "id" }\ntake = { title = "name" }\nunmatched = "%s"\n'
)


def test_a_lookup_takes_columns_from_a_second_file(intake: Intake) -> None:
    rows = ROWS + "1,sent,2026-03-01,m1,A,f,\n2,sent,2026-03-01,m1,A,g,\n"
    batch = intake(LOOKUP % "refuse", rows, names="id,name\nf,Flu\n")
    assert batch.tables["events"]["campaign"].to_list() == ["Flu"]
    assert batch.refused.row(0)[1:3] == ("campaign", "no row of names.csv has this key")


def test_an_unmatched_row_may_stay_and_is_counted(intake: Intake) -> None:
    batch = intake(LOOKUP % "missing", ROWS + "1,sent,2026-03-01,m1,A,g,\n", names="id,name\nf,Flu\n")
    assert batch.tables["events"]["campaign"].to_list() == [None]
    assert batch.notes == ("1 rows without a match in names.csv: title missing",)


def test_a_key_that_stands_twice_in_the_second_file_is_an_error_unless_told(intake: Intake) -> None:
    rows, names = ROWS + "1,sent,2026-03-01,m1,A,f,\n", "id,name\nf,Flu\nf,Flu\ng,Gap\nf,Grippe\n"
    with pytest.raises(MappingError, match=r"has 1 keys twice with different values \(rows 1 and 4\)"):
        intake(LOOKUP % "refuse", rows, names=names)
    for word, name in (("first", "Flu"), ("last", "Grippe")):
        batch = intake((LOOKUP % "refuse") + f'duplicates = "{word}"\n', rows, names=names)
        assert batch.tables["events"]["campaign"].to_list() == [name]


def test_a_second_file_that_is_not_there_is_named(intake: Intake) -> None:
    with pytest.raises(IntakeError, match=r'names.csv stands neither .* did you mean "name.csv"'):
        intake(LOOKUP % "refuse", ROWS, name="id,name\n")


@pytest.mark.parametrize(
    ("test", "skipped"),
    [
        ('equals = ["flu"]', [1, 3]),
        ('not_equals = ["FLU "]', [2, 4]),
        ('contains = ["l"]', [1, 3]),
        ("missing = true", [4]),
        ("missing = false", [1, 2, 3]),
    ],
)
def test_rows_left_out_by_rule_are_never_refused(intake: Intake, test: str, skipped: list[int]) -> None:
    mapping = (
        EVENT.format('columns = ["id"]') + f'[[skip]]\ncolumn = "campaign"\n{test}\nreason = "told so"\n'
    )
    batch = intake(
        mapping,
        ROWS + "1,x,x,m1,A,flu,\n2,sent,2026-03-01,m1,A,a1c,\n3,sent,2026-03-01,m1,A,FLU,\n4,x,x,m,A,,\n",
    )
    assert batch.skipped["row"].to_list() == skipped
    assert set(batch.skipped["reason"]) == {"told so"}


def test_what_a_source_provides_can_be_stated(intake: Intake) -> None:
    mapping = EVENT.format('columns = ["id"]').replace(
        'kind = "event"', 'kind = "event"\nprovides = ["sent", "bounced"]'
    )
    assert intake(mapping, ROWS + "1,sent,2026-03-01,m1,A,f,\n").provides == {"sent", "bounced"}


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
