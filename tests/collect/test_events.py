"""What a live event must be, and what a sender is told of one that is not: never its values."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from collect.accept import NOT_PERMITTED, Accepted, Door, decoder, encoder
from collect.events import EVERY, Event, Wrong, decoded, schema
from data.identify import Pseudonyms

IDS = Pseudonyms(bytes(range(32)))
AT = "2026-03-01T15:00:00Z"
NOW_US = 1_772_500_000_000_000


class Said:
    """Consents in memory."""

    def __init__(self, known: Mapping[int, bool] | None = None) -> None:
        self.known = dict(known or {})

    def tracking(self, subjects: Collection[int]) -> Mapping[int, bool]:
        return {one: self.known[one] for one in subjects if one in self.known}

    def state(self, statements: Sequence[tuple[int, bool, int]], source: str) -> None:
        raise AssertionError("the door only asks")


def event(**more: Any) -> dict[str, Any]:
    return {
        "id": "e1",
        "event": "delivered",
        "at": AT,
        "member": "M1",
        "campaign": "flu",
        "channel": "email",
        **more,
    }


def of(*events: object, lines: bool = False) -> list[Event | Wrong]:
    body = "\n".join(json.dumps(one) for one in events) if lines else json.dumps(events)
    return decoded(body.encode(), lines)


def take(*events: object, known: Mapping[int, bool] | None = None, where_given: bool = False) -> Accepted:
    return Door(IDS, Said(known), where_given).take("app", of(*events), NOW_US)


def test_lines_and_an_array_are_the_same() -> None:
    assert of(event(), event(id="e2"), lines=True) == of(event(), event(id="e2"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"event": "deliverd"}, "event: no such event"),
        ({"id": ""}, "id: Expected str of length >= 1"),
        ({"at": "2026-03-01T15:00:00"}, "at: Expected datetime with a timezone"),
        ({"at": "yesterday"}, "at: Invalid RFC3339"),
        ({"nickname": "Jo"}, "a field that the schema does not have"),
        ({"member": None, "message_id": None}, "names nobody"),
        ({"campaign": None}, "campaign: needed where there is no message_id"),
        ({"event": "claim"}, "outcome: needed"),
        ({"event": "claim", "member": None, "email": "a@b.example"}, "member: needed"),
        ({"event": "page_view", "member": None}, "names nobody"),
        ({"machine": "yes"}, "machine: Expected"),
    ],
)
def test_a_wrong_event_is_told_where_and_what_beside_sound_ones(wrong: dict[str, Any], words: str) -> None:
    first, second, third = of(event(), event(**wrong), event(id="e3"))
    assert isinstance(first, Event)
    assert isinstance(third, Event)
    assert isinstance(second, Wrong)
    assert words in str(second)
    for value in wrong.values():
        assert not (isinstance(value, str) and len(value) > 1 and value in str(second))


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"null", b"\xff", b"[1"])
def test_what_is_no_array_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Wrong, match="no JSON array"):
        decoded(body, lines=False)


def test_elements_that_are_no_objects_are_refused_alone() -> None:
    found = decoded(b'[1, null, "x"]', lines=False)
    assert all(isinstance(one, Wrong) for one in found)


def test_an_event_has_the_keys_that_a_file_would_give_it() -> None:
    (row,) = take(event(message_id="m1", email=" A@b.Example ")).record.messages
    one = [pl.Series(["app"]), pl.Series(["e1"])]
    assert row.event_id == IDS.keys("event", one)[0]
    assert row.message_id == IDS.keys("message", [pl.Series(["app"]), pl.Series(["m1"])])[0]
    assert row.member == IDS.members(pl.Series(["M1"]))[0]
    assert row.recipient == IDS.recipients(pl.Series(["a@b.example"]), "email")[0]


def test_a_record_holds_nobody_by_name() -> None:
    taken = take(
        event(member="M-SECRET", email="jo@secret.example", phone=None),
        event(id="o1", event="claim", outcome="a1c_test", member="M-SECRET"),
        event(id="p1", event="page_view", member="M-SECRET", feature="booking"),
    )
    packed = encoder.encode(taken.record)
    assert b"secret" not in packed.lower()
    assert decoder.decode(packed) == taken.record
    assert taken.kept == 3


def test_an_event_counts_once_whoever_it_names() -> None:
    taken = take(event(event="tracking_permitted", email="a@b.example"), event(id="e2", message_id="m1"))
    assert (taken.kept, len(taken.statements)) == (2, 2)


def test_an_instant_that_cannot_be_is_refused() -> None:
    taken = take(event(at="2036-01-01T00:00:00Z"), event(id="e2", at="1980-01-01T00:00:00Z"), event(id="e3"))
    assert [place for place, _ in taken.refused] == [0, 1]
    assert taken.kept == 1
    assert sum(taken.record.refused.values()) == 2


def test_who_withdrew_is_not_tracked_and_the_records_of_our_sends_stay() -> None:
    known = {IDS.member("M1"): False}
    rows = [
        event(id=name, event=name, message_id="m1") for name in ("sent", "delivered", "opened", "clicked")
    ]
    taken = take(*rows, event(id="x", event="opt_out"), known=known)  # type: ignore[arg-type]
    assert [row.event for row in taken.record.messages] == ["sent", "delivered", "opt_out"]
    assert taken.record.not_kept == {NOT_PERMITTED: 2}


def test_where_permission_is_needed_silence_is_none() -> None:
    opened = event(event="opened", message_id="m1")
    assert take(opened, where_given=True).record.messages == []
    known = {IDS.member("M1"): True}
    assert len(take(opened, known=known, where_given=True).record.messages) == 1  # type: ignore[arg-type]


def test_a_statement_counts_for_the_events_beside_it() -> None:
    taken = take(event(id="c", event="tracking_withdrawn"), event(event="clicked"))
    assert [(one.subject, one.permitted) for one in taken.statements] == [(IDS.member("M1"), False)]
    assert taken.record.messages == []


def test_an_address_that_withdrew_stops_a_member_who_did_not() -> None:
    known = {IDS.recipient("a@b.example", "email"): False}
    assert take(event(event="opened", email="a@b.example"), known=known).record.messages == []  # type: ignore[arg-type]


def test_the_schema_names_every_event_and_field() -> None:
    parts = schema()["$defs"]["Event"]
    assert set(parts["properties"]) == set(Event.__struct_fields__)
    assert set(parts["properties"]["event"]["enum"]) == set(EVERY)
    assert parts["additionalProperties"] is False


@pytest.mark.parametrize("body", [b'[{"id": "\xff"}]', b"\xff\xfe[", b"[" * 200_000, b'[{"id": 1e999}]'])
@pytest.mark.parametrize("lines", [False, True])
def test_bytes_that_are_no_text_and_depth_break_nothing(body: bytes, lines: bool) -> None:
    try:
        found = decoded(body, lines)
    except Wrong as whole:
        found = [whole]
    assert found
    assert all(isinstance(one, Wrong) for one in found)
