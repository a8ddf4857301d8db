"""Rows of events and of messages, and what a mapping says of them: keys, second files, rows left out."""

# ruff: noqa: E501  (mappings and files as they are written)

from __future__ import annotations

import polars as pl
import pytest

from etl.intake import IntakeError, MappingError
from tests.mappings import EVENT, ROWS, SOURCE, Intake, day, events


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
