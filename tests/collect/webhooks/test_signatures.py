"""Every scheme takes what is signed and refuses what was changed, however little."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from collect.webhooks import signatures
from collect.webhooks.payload import Request
from collect.webhooks.signatures import Unverified
from tests.collect.webhooks import claims
from tests.collect.webhooks.claims import NOW, Claim

MUTATIONS = 1_000
AUTHORITY = claims.Authority()
OWN = {
    "sendgrid": claims.own_sendgrid(),
    "mandrill": claims.own_mandrill(),
    "svix headers": claims.own_svix(),
    "mailgun": claims.own_mailgun(),
    "mailersend": claims.own_mailersend(),
    "name and password": claims.own_password(),
    "bearer token": claims.own_token(),
    "sns version 1": AUTHORITY.claim("1"),
    "sns version 2": AUTHORITY.claim("2", Subject="Amazon SES Email Event Notification"),
    "sns confirmation": AUTHORITY.claim(
        "2",
        Type="SubscriptionConfirmation",
        SubscribeURL="https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        Token="0123",
    ),
}
VECTORS = ("sendgrid", "twilio form", "twilio json", "standard webhooks")


@pytest.fixture
def vector(samples: Path, request: pytest.FixtureRequest) -> Claim:
    """The vendor's own vector."""
    told = json.loads((samples / "webhooks" / "signature_vectors.json").read_text(encoding="utf-8"))
    return of_vendor(told, request.param)


def of_vendor(told: dict, name: str) -> Claim:
    one = told.get(name.split(" ")[0], told["standard_webhooks"])
    if name == "sendgrid":
        stamp = one["timestamp"]
        return claims.sendgrid(one["public_key"], stamp, one["signature"], one["body"], float(stamp))
    if name == "twilio form":
        return claims.twilio_form(one["auth_token"], one["url"], one["params"], one["expected_signature"])
    if name == "twilio json":
        return claims.twilio_json(one["auth_token"], one["json_body"], one["json_body_sha256"])
    stamp = one["timestamp"]
    return claims.standard(
        one["secret"], one["msg_id"], str(stamp), one["body"], one["expected"], float(stamp), "webhook"
    )


@pytest.mark.parametrize("vector", VECTORS, indirect=True)
def test_the_vendor_s_own_vector_is_taken_and_each_of_its_mutations_refused(vector: Claim) -> None:
    vector.check()
    assert refused(vector) == MUTATIONS


@pytest.mark.parametrize("name", OWN)
def test_what_our_own_keys_sign_is_taken_and_each_of_its_mutations_refused(name: str) -> None:
    OWN[name].check()
    assert refused(OWN[name]) == MUTATIONS


def refused(claim: Claim) -> int:
    """How many of the mutations are refused, all alike and without a word."""
    rng, count = Random(20261121), 0
    for _ in range(MUTATIONS):
        parts = claim.mutated(rng)
        try:
            claim.check(parts)
        except Unverified as error:
            count += str(error) == "" and error.__cause__ is None
        else:
            pytest.fail(f"taken: {next(name for name in parts if parts[name] != claim.parts[name])}")
    return count


def test_sendgrid_refuses_the_other_key_the_other_signature_and_a_body_without_its_line_break(
    samples: Path,
) -> None:
    told = json.loads((samples / "webhooks" / "signature_vectors.json").read_text(encoding="utf-8"))[
        "sendgrid"
    ]
    claim = of_vendor({"sendgrid": told, "standard_webhooks": {}}, "sendgrid")
    for wrong in (
        {"secret": told["bad_public_key"]},
        {"signature": told["bad_signature"]},
        {"body": told["body"].rstrip("\r\n")},
    ):
        with pytest.raises(Unverified):
            claim.check({**claim.parts, **wrong})


@pytest.mark.parametrize("name", ["sendgrid", "svix headers", "mailgun"])
def test_five_minutes_after_or_before_its_time_stamp_a_request_is_refused(name: str) -> None:
    claim = OWN[name]
    for now in (NOW - 300, NOW + 300):
        claim.check(now=now)
    for now in (NOW - 301, NOW + 301):
        with pytest.raises(Unverified):
            claim.check(now=now)


def test_while_a_secret_is_changed_both_are_good_and_one_of_several_signatures_is_enough() -> None:
    claim = OWN["svix headers"]
    other = "whsec_" + claims.coded(b"the next key of the tests")
    request = claim.build({**claim.parts, "signature": f"v1,AAAA {claim.parts['signature']} v1a,BBBB"})
    signatures.standard(request, [other, claim.parts["secret"]], NOW)
    with pytest.raises(Unverified):
        signatures.standard(request, [other], NOW)


def test_a_signature_of_another_version_is_none() -> None:
    claim = OWN["svix headers"]
    right = claim.parts["signature"]
    for wrong in (right.removeprefix("v1,"), "v2" + right[2:], "", "v1,", f"{right} ", f" {right}"):
        with pytest.raises(Unverified):
            claim.check({**claim.parts, "signature": wrong})


@pytest.mark.parametrize("signed", ["https://plan.example/h?a=1", "https://plan.example:443/h?a=1"])
@pytest.mark.parametrize("public", ["https://plan.example/h?a=1", "https://plan.example:443/h?a=1"])
def test_twilio_may_sign_the_url_with_or_without_the_usual_port(signed: str, public: str) -> None:
    claim = claims.twilio_json("token", "", "")
    mac = signatures.hmac.new(b"token", signed.encode(), "sha1").digest()
    request = Request(b"", {"X-Twilio-Signature": claims.coded(mac)}, public)
    claim.verify(request, ["token"], NOW)
    with pytest.raises(Unverified):
        claim.verify(replace(request, url=public.replace("https", "http")), ["token"], NOW)


def test_a_json_body_that_is_not_the_one_of_the_url_is_refused() -> None:
    body = '{"property": "value"}'
    claim = claims.twilio_json("token", body, signatures.sha256(body.encode()).hexdigest())
    claim.check()
    with pytest.raises(Unverified):
        claim.check({**claim.parts, "body": '{"property": "other"}'})


@pytest.mark.parametrize(
    "verify",
    [signatures.sendgrid, signatures.twilio, signatures.mandrill, signatures.mailgun, signatures.mailersend,
     signatures.standard, signatures.credential],
)  # fmt: skip
@pytest.mark.parametrize("secrets", [[], [""], ["a secret"]])
def test_a_bare_request_is_refused_with_any_secret_or_none(verify: object, secrets: list[str]) -> None:
    for body in (b"", b"{}", b"[]", b"\xff", b"a=1"):
        for kind in ("application/json", claims.FORM, "multipart/form-data"):
            with pytest.raises(Unverified):
                verify(Request(body, {"Content-Type": kind}), secrets, NOW)  # type: ignore[operator]


def test_a_body_that_carries_its_signature_carries_one_event() -> None:
    one = json.loads(OWN["mailgun"].build(OWN["mailgun"].parts).body)
    request = Request(json.dumps([one, one]).encode(), {"Content-Type": "application/json"})
    with pytest.raises(Unverified):
        signatures.mailgun(request, [OWN["mailgun"].parts["secret"]], NOW)


def test_an_empty_secret_opens_nothing() -> None:
    for header in ("Bearer ", "Basic ", ""):
        with pytest.raises(Unverified):
            signatures.credential(Request(b"", {"Authorization": header}), [""], NOW)
    empty = signatures.hmac.new(b"", b"{}", "sha256").hexdigest()
    with pytest.raises(Unverified):
        signatures.mailersend(Request(b"{}", {"Signature": empty}), [""], NOW)
    form = Request(b"", {"X-Twilio-Signature": claims.coded(signatures.hmac.new(b"", b"", "sha1").digest())})
    with pytest.raises(Unverified):
        signatures.twilio(form, [""], NOW)
