"""A campaign's record: what forms may send, how versions fold, and what is shown while an edit waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from data.records import (
    FIELDS,
    FieldRefused,
    Known,
    Version,
    difference,
    fold,
    form_text,
    history,
    parse_field,
    remarks,
    shown,
    status,
)
from data.records.fold import BROWSER

TYPED: list[tuple[str, Any, Any]] = [
    ("name", "  Flu shots ", "Flu shots"),
    ("name", "", None),
    ("purpose", "one\r\ntwo", "one\ntwo"),
    ("start", "2026-03-01", "2026-03-01"),
    ("end", None, None),
    ("window_days", "30", 30),
    ("window_days", 30.0, 30),
    ("audience_size", "24,000", 24000),
    ("budget", "$1,234.50", 1234.5),
    ("holdout_share", "15 %", 0.15),
    ("holdout_share", "0.15", 0.15),
    ("goal", ".149", 0.149),
    ("goal", "16 %", 0.16),
    ("direction", "Lower", "lower"),
    ("waves", "Wave 1\nWave 2\n\nWave 1", ["Wave 1", "Wave 2"]),
    ("channels", ["E-Mail", "Text"], ["email", "sms"]),
    ("unit_costs", "E-mail = 0.002\nsms: $0.01", {"email": 0.002, "sms": 0.01}),
    ("unit_costs", {"email": 0.5}, {"email": 0.5}),
    ("unit_costs", "email = ", None),
    ("variants", "A | Text | YES | or NO", [{"name": "A", "channel": "sms", "text": "YES | or NO"}]),
    ("variants", [{"name": "A", "text": "<b>Hi</b>"}, {"name": ""}], [{"name": "A", "text": "<b>Hi</b>"}]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "value"), TYPED)
def test_a_field_reads_what_people_type_and_writes_it_back(name: str, given: Any, value: Any) -> None:
    assert parse_field(name, given) == value
    assert parse_field(name, form_text(name, value)) == value


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("name", "x" * 201, "Name: 201 characters; at most 200 fit."),
        ("name", "a\nb", "Name: more than one line; write it in one."),
        ("owner", "a\x00b", "Owner: a character that nobody sees (U+0000); type it instead of pasting it."),
        ("start", "1 March", 'Start: "1 March" is not a date; write it as 2026-03-01.'),
        ("start", "0026-03-01", "Start: not a date such as 2026-03-01."),
        ("window_days", "0", "Window: 0 is not from 1 to 730."),
        ("window_days", "731", "Window: 731 is not from 1 to 730."),
        ("window_days", "1.5", "Window: 1.5 is not a whole number."),
        ("window_days", "ninety", 'Window: "ninety" is not a number; write it as 1200 or 0.15.'),
        ("window_days", True, "Window: not a number."),
        ("budget", "-1", "Budget: -1 is not from 0 to 1000000000000."),
        ("budget", "1e9", 'Budget: "1e9" is not a number; write it as 1200 or 0.15.'),
        ("holdout_share", "15", 'Held out: "15" is not a share; write it as 15 % or 0.15.'),
        ("direction", "up", 'Better is: "up" is not one of Higher, Lower.'),
        ("channels", ["smss"], 'Channels: "smss" is no channel; did you mean "sms"?'),
        ("unit_costs", "emial = 1", 'Unit costs: "emial" is no channel; did you mean "email"?'),
        ("unit_costs", "email", 'Unit costs: "email" has no cost; write email = 0.002.'),
        ("variants", [{"txt": "x"}], 'Message texts: a variant has no key "txt"; did you mean "text"?'),
        ("variants", "| sms | text", "Message texts: a variant without a name."),
    ],
)  # fmt: skip
def test_what_cannot_be_a_value_is_refused_with_what_to_do(name: str, given: Any, words: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        parse_field(name, given)
    assert str(refused.value) == words
    assert refused.value.field == name


def test_every_field_tells_a_form_what_it_is() -> None:
    for one in FIELDS.values():
        assert one.label
        assert one.help.endswith(".")
        assert bool(one.columns) == (one.kind == "table")
        assert bool(one.choices) == (one.kind == "choice")


def test_a_record_is_judged_as_a_whole() -> None:
    known = Known(outcomes=["visit"], programs=["Flu shot"], lines=["Medicaid"])
    record = {"start": "2026-05-01", "end": "2026-04-01", "outcome": "visti", "program": "Fluu shot"}
    found = {one.field: one for one in remarks(record, known)}
    assert found["end"].blocking
    assert found["end"].words == "The end, 2026-04-01, lies before the start, 2026-05-01: change one of them."
    assert not found["outcome"].blocking
    assert 'did you mean "visit"' in found["outcome"].words
    assert 'did you mean "Flu shot"' in found["program"].words
    assert not remarks({"start": "2026-04-01", "end": "2026-04-01", "outcome": "visit"}, known)


def full(source: str, at: int, **record: Any) -> Version:
    return Version(source, at, False, {"id": "flu", **record})


def edit(at: int, **record: Any) -> Version:
    return Version(BROWSER, at, True, {"id": "flu", **record}, at)


def test_a_file_imported_again_does_not_undo_an_edit_but_a_change_there_does() -> None:
    versions = [full("crm", 1, goal=0.1, owner="A"), edit(2, goal=0.2)]
    assert fold(versions)[0] == {"id": "flu", "goal": 0.2, "owner": "A"}
    versions.append(full("crm", 3, goal=0.1, owner="B"))
    assert fold(versions)[0] == {"id": "flu", "goal": 0.2, "owner": "B"}
    versions.append(full("crm", 4, goal=0.3, owner="B"))
    assert fold(versions)[0] == {"id": "flu", "goal": 0.3, "owner": "B"}


def test_what_a_source_no_longer_states_is_taken_away() -> None:
    record, steps = fold([full("crm", 1, goal=0.1), edit(2, owner="A"), full("crm", 3)])
    assert record == {"id": "flu", "owner": "A"}
    assert steps[-1].changes == {"goal": [0.1, None]}


def test_an_edit_may_empty_a_field() -> None:
    assert fold([full("crm", 1, goal=0.1), edit(2, goal=None)])[0] == {"id": "flu"}


def test_two_sources_each_answer_for_what_they_change() -> None:
    versions = [full("crm", 1, goal=0.1, owner="A"), full("sheet", 2, goal=0.2), full("crm", 3, goal=0.1)]
    assert fold(versions)[0] == {"id": "flu", "goal": 0.2}, "crm said the same goal, and no owner any more"


@dataclass(frozen=True)
class Made:
    """An edit as the store has it."""

    id: int
    changed_us: int
    by: str
    changes: dict[str, list[Any]] = field(default_factory=dict)
    undo_of: int | None = None


def test_an_edit_is_shown_before_the_figures_know_it() -> None:
    edits = [Made(1, 10, "Ann", {"goal": [0.1, 0.2]}), Made(2, 20, "Bo", {"owner": ["A", None]})]
    now = shown({"goal": 0.2, "owner": "A"}, 10, edits)
    assert now.record == {"goal": 0.2}
    assert {name: one.by for name, one in now.waiting.items()} == {"owner": "Bo"}
    assert now.base == 2
    assert shown({}, 0, []).base == 0


def test_history_tells_who_and_when_and_what_waits_or_was_overtaken() -> None:
    versions = [
        full("crm", 5, goal=0.1, owner="A"),
        edit(10, goal=0.2),
        full("crm", 15, goal=0.3, owner="A"),
        edit(20),
    ]
    edits = [
        Made(1, 10, "Ann", {"goal": [0.1, 0.2]}),
        Made(2, 20, "Bo", {"goal": [0.2, 0.4]}),
        Made(3, 30, "Cy", {"owner": ["A", "B"]}),
    ]  # fmt: skip
    told = history(versions, edits)
    assert [(one.at_us, one.source, one.by, one.edit, one.waiting) for one in told] == [
        (30, BROWSER, "Cy", 3, True),
        (20, BROWSER, "Bo", 2, False),
        (15, "crm", "", None, False),
        (10, BROWSER, "Ann", 1, False),
        (5, "crm", "", None, False),
    ]
    assert told[1].overtaken == ("goal",)
    assert told[2].changes == {"goal": [0.2, 0.3]}
    assert told[3].changes == {"goal": [0.1, 0.2]}


def test_only_what_differs_is_a_change() -> None:
    assert difference({"goal": 0.1, "owner": "A"}, {"goal": 0.1, "owner": None, "name": None}) == {
        "owner": ["A", None]
    }


@pytest.mark.parametrize(
    ("record", "through", "expected"),
    [
        ({}, 50, "draft"),
        ({"start": "1970-05-01"}, None, "scheduled"),
        ({"start": "1970-01-01"}, None, "active"),
        ({"start": "1970-01-01", "end": "1970-04-11"}, 200, "active"),
        ({"start": "1970-01-01", "end": "1970-04-01"}, 89, "maturing"),
        ({"start": "1970-01-01", "end": "1970-04-01"}, None, "maturing"),
        ({"start": "1970-01-01", "end": "1970-04-01"}, 90, "closed"),
        ({"end": "1970-04-01"}, 90, "closed"),
    ],
)
def test_status_follows_from_dates_and_the_outcomes_clock(
    record: dict[str, Any], through: int | None, expected: str
) -> None:
    assert status(record, 100, through) == expected
