"""The envelope of Amazon SNS: whose certificate, whose topic, how old, and who may confirm a subscription."""

from __future__ import annotations

import json

import pytest

from collect.webhooks import ses, sns
from collect.webhooks.payload import Request
from collect.webhooks.signatures import Unverified
from tests.collect.webhooks.claims import CERTIFICATE_URL, NOW, TOPIC, Authority

DAY = 86_400
CONFIRM = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=0123"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def posted(envelope: dict[str, str]) -> Request:
    return Request(json.dumps(envelope).encode(), {"Content-Type": "text/plain; charset=UTF-8"})


def test_a_certificate_is_fetched_once_for_many_requests() -> None:
    own = Authority()
    verify = sns.verifier(own.fetch)
    for n in range(5):
        verify(posted(own.envelope(MessageId=str(n))), [TOPIC], NOW)
    assert own.asked == [CERTIFICATE_URL]


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-01.pem",
        "https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-01.pem",
        "https://name:word@sns.us-east-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com:444/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-01.txt",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-01.pem?a=1",
        "https://sns.us-east-1.amazonaws.com/other/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-01.pem\n",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-01.pem",
        "https://snsXus-east-1.amazonaws.com/SimpleNotificationService-01.pem",
        "https://sns.us-east-1.amazonaws.com\\.evil.example/SimpleNotificationService-01.pem",
        "https://[sns/SimpleNotificationService-01.pem",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_never_asked_for(authority: Authority, url: str) -> None:
    before = len(authority.asked)
    with pytest.raises(Unverified):
        sns.verifier(authority.fetch)(posted(authority.envelope(SigningCertURL=url)), [TOPIC], NOW)
    assert len(authority.asked) == before


def test_another_topic_is_refused_though_it_is_well_signed(authority: Authority) -> None:
    envelope = authority.envelope(TopicArn="arn:aws:sns:us-east-1:999999999999:mail-events")
    with pytest.raises(Unverified):
        sns.verifier(authority.fetch)(posted(envelope), [TOPIC], NOW)


def test_an_hour_of_tries_is_taken_and_no_more(authority: Authority) -> None:
    verify, request = sns.verifier(authority.fetch), posted(authority.envelope())
    verify(request, [TOPIC], NOW + 3_600)
    for now in (NOW + 3_901, NOW - 3_901, NOW + DAY):
        with pytest.raises(Unverified):
            verify(request, [TOPIC], now)


@pytest.mark.parametrize("name", ["evil.example", "sns.amazonaws.com.evil.example", "amazonaws.com"])
def test_a_certificate_of_another_name_is_refused(name: str) -> None:
    other = Authority(name)
    with pytest.raises(Unverified):
        sns.verifier(other.fetch)(posted(other.envelope()), [TOPIC], NOW)


def test_a_certificate_that_has_run_out_is_refused() -> None:
    other = Authority(days=1)
    request = posted(other.envelope())
    sns.verifier(other.fetch)(request, [TOPIC], NOW)
    with pytest.raises(Unverified):
        sns.verifier(other.fetch)(request, [TOPIC], NOW + 60)


def test_what_the_fetching_of_a_certificate_raises_goes_through_and_is_not_remembered(
    authority: Authority,
) -> None:
    answers = [OSError("no network"), authority.pem]

    def fetch(_url: str) -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    verify, request = sns.verifier(fetch), posted(authority.envelope())
    with pytest.raises(OSError, match="no network"):
        verify(request, [TOPIC], NOW)
    verify(request, [TOPIC], NOW)


def test_a_subscription_s_address_is_handed_on_and_only_if_it_is_the_vendor_s_own() -> None:
    envelope = {"Type": "SubscriptionConfirmation", "SubscribeURL": CONFIRM, "Token": "0123"}
    assert ses.read(posted(envelope)).confirm == CONFIRM
    foreign = ses.read(
        posted({**envelope, "SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"})
    )
    assert foreign.confirm == ""
    assert [(one.column, one.reason) for one in foreign.refused] == [
        ("SubscribeURL", "is not at the vendor's own host")
    ]
    assert ses.read(posted({**envelope, "Type": "UnsubscribeConfirmation"})) == ses.Reading()


def test_a_sentence_of_the_vendor_is_no_event() -> None:
    reading = ses.read(
        posted({"Type": "Notification", "MessageId": "1", "Message": "Successfully validated."})
    )
    assert [one.status for one in reading.notices] == ["unrelated"]


def test_several_recipients_of_one_event_are_several_events(authority: Authority) -> None:
    message = json.dumps(
        {
            "notificationType": "Delivery",
            "mail": {"messageId": "m1"},
            "delivery": {"recipients": ["member1@example.com", "member2@example.com"]},
        }
    )
    notices = ses.read(posted(authority.envelope(Message=message))).notices
    assert [one.recipient for one in notices] == ["member1@example.com", "member2@example.com"]
    assert len({one.event_id for one in notices}) == 2
    assert {one.means for one in notices} == {("sent", "delivered")}
