"""What each vendor says, in the words of all; what nobody can read is refused in words without its values."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from importlib import import_module
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect.webhooks.notice import (
    BOUNCES,
    REASONS,
    STATUSES,
    Code,
    Notice,
    Reading,
    detail_of,
    events_of,
    why_none,
)
from collect.webhooks.payload import Request, Unreadable
from collect.webhooks.registry import vendors
from collect.webhooks.replies import reply_class
from collect.webhooks.signatures import Unverified
from config.vocabulary import EVENT_NAMES
from tests.collect.webhooks.posts import AT, FORM, MEMBER, form, posted, sendgrid
from tests.collect.webhooks.samples import SAMPLES, Sample

VENDORS = vendors(lambda _url: b"")
SECRET = "member1-of-the-tests"
KINDS = ("application/json", FORM, "multipart/form-data; boundary=x", "text/plain", "")


def read(sample: Sample) -> Notice:
    reading = VENDORS[sample.vendor].read(sample.request)
    assert reading.refused == ()
    (notice,) = reading.notices
    return notice


def label(sample: Sample) -> str:
    return f"{sample.vendor} {sample.status} {' '.join(map(str, sample.said.values()))[:30]}"


@pytest.mark.parametrize("sample", SAMPLES, ids=label)
def test_a_sample_is_read_as_what_it_means(sample: Sample) -> None:
    notice = read(sample)
    assert (notice.vendor, notice.status) == (sample.vendor, sample.status)
    assert events_of(notice) == sample.events
    for name, value in sample.said.items():
        shown = getattr(notice, name)
        assert (shown.items() >= value.items()) if isinstance(value, dict) else shown == value, name


@pytest.mark.parametrize("sample", SAMPLES, ids=label)
def test_a_notice_says_events_of_the_vocabulary_or_why_it_is_none(sample: Sample) -> None:
    notice = read(sample)
    assert bool(events_of(notice)) != bool(why_none(notice))
    assert set(events_of(notice)) <= set(EVENT_NAMES)
    assert notice.status in STATUSES
    assert notice.event_id


@pytest.mark.parametrize("sample", SAMPLES, ids=label)
def test_the_same_event_sent_again_is_the_same_event(sample: Sample) -> None:
    assert read(sample) == read(sample)


def test_every_vendor_has_samples() -> None:
    assert {sample.vendor for sample in SAMPLES} | {"standard"} == set(VENDORS)


def test_every_line_of_every_table_is_in_the_words_of_all() -> None:
    seen = 0
    for name in VENDORS:
        for table in vars(import_module(f"collect.webhooks.{name}")).values():
            for line in table.values() if isinstance(table, dict) else ():
                code = line[0] if isinstance(line, tuple) else line
                if not isinstance(code, Code):
                    continue
                seen += 1
                assert code.status in STATUSES
                assert set(code.means) <= set(EVENT_NAMES)
                assert code.bounce in ("", *BOUNCES)
                assert code.reason in ("", *REASONS)
                assert "bounced" not in code.means or code.bounce
    assert seen > 200


def test_every_reason_of_every_table_is_one_of_ours() -> None:
    for name, table in (
        ("sendgrid", "DROPPED"), ("mailgun", "REASONS"), ("mailgun", "NUMBERS"), ("mailjet", "ERRORS"),
        ("twilio", "ERRORS"),
    ):  # fmt: skip
        assert set(vars(import_module(f"collect.webhooks.{name}"))[table].values()) <= set(REASONS)


def test_the_detail_is_the_class_of_a_bounce_and_the_reason_of_what_was_not_sent() -> None:
    said = {sample.status: detail_of(read(sample)) for sample in SAMPLES if sample.vendor == "sendgrid"}
    assert (said["bounced"], said["rejected"], said["opened"]) == ("soft", "spam", "")
    listed = [read(one) for one in SAMPLES if one.vendor == "ses" and one.events == ("suppressed",)]
    assert [detail_of(one) for one in listed] == ["bounced"]


def test_derived_ids_tell_events_of_one_message_apart() -> None:
    def ids(*events: dict[str, object]) -> set[str]:
        about = {"MessageID": 17, "email": MEMBER, "time": AT}
        reading = VENDORS["mailjet"].read(posted([{**about, **one} for one in events]))
        return {one.event_id for one in reading.notices}

    assert len(ids({"event": "open"}, {"event": "open"})) == 1
    assert len(ids({"event": "open"}, {"event": "sent"}, {"event": "open", "time": AT + 1})) == 3
    assert len(ids(*({"event": "click", "url": f"https://plan.example/{n}"} for n in range(3)))) == 3
    assert len(ids({"event": "open"}, {"event": "open", "MessageID": 18})) == 2
    assert len(ids({"event": "open", "time": None}, {"event": "open", "time": None, "ip": "192.0.2.1"})) == 2


def test_an_id_derived_today_is_the_one_of_tomorrow() -> None:
    assert read(next(one for one in SAMPLES if one.vendor == "mailjet")).event_id == (
        "9826a3bff116376c7ec080c526eb284b"
    )


def test_one_bad_element_does_not_stop_the_others() -> None:
    good = json.loads(sendgrid("open").body)[0]
    batch = [
        good,
        {**good, "event": SECRET},
        SECRET,
        {**good, "timestamp": SECRET},
        {**good, "event": "click"},
    ]
    reading = VENDORS["sendgrid"].read(posted(batch))
    assert [one.status for one in reading.notices] == ["opened", "clicked"]
    assert [(one.index, one.column, one.reason) for one in reading.refused] == [
        (1, "event", "a word that the table does not know"),
        (2, "", "the element is no object"),
        (3, "timestamp", "is no time"),
    ]
    assert json.loads(reading.refused[1].raw) == SECRET


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"nul", b"[NaN]", b"1e999999999999", b"[" * 100_000]
)
def test_a_body_that_is_not_of_the_vendor_is_unreadable_in_words(name: str, body: bytes) -> None:
    with pytest.raises(Unreadable, match=f"^{name}: "):
        VENDORS[name].read(Request(body, {"Content-Type": "application/json"}))


def test_a_text_beyond_reason_is_refused() -> None:
    event = json.loads(sendgrid("open").body)[0]
    reading = VENDORS["sendgrid"].read(
        posted([{**event, "email": "x" * 2_000}, {**event, "email": "x" * 2_001}])
    )
    assert [(one.index, one.column, one.reason) for one in reading.refused] == [(1, "email", "is too long")]


def test_no_error_refusal_or_notice_shows_a_value() -> None:
    shown = []
    for sample in SAMPLES:
        notice = read(sample)
        shown.append(repr(notice))
        for field in dataclasses.fields(Notice):
            if not field.repr and getattr(notice, field.name):
                shown.append(repr(replace(notice, **{field.name: SECRET})))
    event = {"event": SECRET, "email": SECRET, "timestamp": SECRET}
    reading = VENDORS["sendgrid"].read(posted([event]))
    shown += [repr(reading), repr(posted([event])), repr(Reading(objects=({"a": SECRET},)))]
    with pytest.raises(Unreadable) as error:
        VENDORS["twilio"].read(Request(SECRET.encode(), {"Content-Type": "application/json"}))
    shown += [str(error.value), repr(error.value)]
    for text in shown:
        assert SECRET not in text
        assert MEMBER not in text


def test_the_text_of_a_member_s_reply_is_kept_nowhere() -> None:
    words = "my knee hurts a lot since yesterday"
    request = form({"MessageSid": "SM2", "SmsStatus": "received", "From": "+15550100001", "Body": words})
    (notice,) = VENDORS["twilio"].read(request).notices
    assert notice.detail == "other"
    assert not any("knee" in str(getattr(notice, field.name)) for field in dataclasses.fields(Notice))


def test_standard_webhooks_leave_their_body_to_the_caller() -> None:
    one, two = {"type": "page_view", "n": 1.5}, {"type": "claim"}
    assert VENDORS["standard"].read(posted(one)).objects == (one,)
    reading = VENDORS["standard"].read(posted([one, 3, two]))
    assert (reading.objects, reading.notices) == ((one, two), ())
    assert [(refusal.index, refusal.reason) for refusal in reading.refused] == [
        (1, "the element is no object")
    ]
    with pytest.raises(Unreadable):
        VENDORS["standard"].read(Request(b"3"))


def test_the_id_of_a_request_is_told_for_a_replay_cache() -> None:
    told = {sample.vendor: VENDORS[sample.vendor].read(sample.request).delivery_id for sample in SAMPLES}
    assert (told["mailgun"], told["resend"], told["sendgrid"]) == ("t1", "e1", "")
    assert VENDORS["standard"].read(posted({}, webhook_id="msg_1")).delivery_id == "msg_1"
    refused = VENDORS["mailgun"].read(posted({"signature": {"token": "t2"}, "event-data": {"event": "?"}}))
    assert (len(refused.refused), refused.delivery_id) == (1, "t2")


def test_mailgun_s_older_forms_come_in_both_kinds_and_their_own_fields_stand_first() -> None:
    boundary = "----b"
    fields = (("event", "bounced"), ("recipient", MEMBER), ("code", "552"), ("event", "opened"))
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    )
    body = f"{parts}--{boundary}--\r\n".encode()
    request = Request(body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    (notice,) = VENDORS["mailgun"].read(request).notices
    assert (notice.status, notice.recipient, notice.bounce) == ("bounced", MEMBER, "hard")
    twice = form({"event": "clicked", "recipient": MEMBER}).body + b"&event=other&recipient=other"
    (notice,) = VENDORS["mailgun"].read(Request(twice, {"Content-Type": FORM})).notices
    assert (notice.status, notice.recipient) == ("clicked", MEMBER)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", "stop"), ("stop.", "stop"), (" Stop please ", "stop"), ("Please stop texting me", "stop"),
        ("I want to opt out", "stop"), ("Don’t text me again", "stop"), ("ALTO", "stop"), ("revoke", "stop"),
        ("end", "stop"), ("cancel my appointment", "other"), ("HELP", "help"), ("ayuda", "help"),
        ("yes", "positive"), ("Sí", "positive"), ("ok thank you", "positive"), ("no", "negative"),
        ("No thanks", "negative"), ("not now", "negative"), ("when are you open on Friday", "other"),
        ("", "other"), ("👍", "other"), ("stop by tomorrow at noon", "other"),
    ],
)  # fmt: skip
def test_replies_are_classed_by_the_table_of_words(text: str, kind: str) -> None:
    assert reply_class(text) == kind


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ODD = st.sampled_from(
    ["", "x", "-1", "1e400", "9" * 30, "\ud800", "2026-13-01T00:00:00Z", "1795000000", 0, 10**30, True, None,
     [], {}, [None], {"": ""}, [[]], "<", "<a@b>", "https://[", "{", "[1]", '{"a": NaN}'],
) | JSON  # fmt: skip


def survives(name: str, request: Request) -> None:
    """Reads, or says that it cannot; verifies, or refuses. Nothing else may come out."""
    try:
        reading = VENDORS[name].read(request)
    except Unreadable:
        reading = Reading()
    for notice in reading.notices:
        assert notice.status in STATUSES
        assert isinstance(notice.recipient, str)
        json.dumps([notice.event_id, notice.recipient, dict(notice.metadata), notice.tags]).encode()
        "".join(
            (notice.event_id, notice.message_id, notice.recipient, *notice.tags, *notice.metadata)
        ).encode()
    try:
        VENDORS[name].verify(request, ["a secret"], AT)
        pytest.fail("verified")
    except Unverified:
        pass


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=60), kind=st.sampled_from(KINDS) | st.text(max_size=30))
@pytest.mark.parametrize("name", VENDORS)
def test_any_bytes_are_survived(name: str, body: bytes, kind: str) -> None:
    survives(name, Request(body, {"Content-Type": kind}, "https://plan.example/hooks"))


@settings(max_examples=60, deadline=None)
@given(value=JSON, header=st.text(max_size=10))
@pytest.mark.parametrize("name", VENDORS)
def test_any_json_is_survived(name: str, value: object, header: str) -> None:
    headers = {"Content-Type": "application/json", "webhook-signature": header, "Signature": header}
    survives(name, Request(json.dumps(value).encode(), headers, header))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("sample", SAMPLES, ids=label)
def test_any_value_in_any_place_of_a_sample_is_survived(sample: Sample, data: st.DataObject) -> None:
    text = sample.request.body.decode()
    if sample.request.headers["Content-Type"] != FORM:
        changed = altered(json.loads(text), data)
        survives(sample.vendor, replace(sample.request, body=json.dumps(changed).encode()))
        return
    values = {name: found[0] for name, found in parse_qs(text).items()}
    name = data.draw(st.sampled_from(sorted(values)))
    if name == "mandrill_events":
        values[name] = json.dumps(altered(json.loads(values[name]), data))
    else:
        values[name] = str(data.draw(ODD)).encode("utf-8", "replace").decode()
    survives(sample.vendor, replace(sample.request, body=urlencode(values).encode()))


def altered(value: object, data: st.DataObject) -> object:
    """The value with something odd in one place of it."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: altered(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], altered(value[place], data), *value[place + 1 :]]
    return data.draw(ODD)
