"""Pseudonyms and keys: stable for ever, told apart by purpose, and without a collision by joining."""

from __future__ import annotations

import hmac

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.identify import Pseudonyms, joined, normalised

SECRET = bytes(range(32))
IDS = Pseudonyms(SECRET)


def test_a_member_is_the_hmac_of_purpose_and_id() -> None:
    expected = int.from_bytes(hmac.digest(SECRET, b"plan|member|v1|M-1", "sha256")[:8], "big", signed=True)
    assert IDS.members(pl.Series([" M-1 ", "M-1", None, ""])).to_list() == [expected, expected, None, None]


def test_the_values_never_change_between_versions_and_machines() -> None:
    assert IDS.members(pl.Series(["M-1"])).to_list() == [PINNED["member"]]
    assert IDS.recipients(pl.Series(["A@b.org"]), "email").to_list() == [PINNED["email"]]
    assert IDS.keys("event", [pl.Series(["a", None]), pl.Series([1, 2])]).to_list() == PINNED["keys"]


PINNED = {
    "member": 5687685597481401231,
    "email": -14395073208742368,
    "derived": [5169932890875918554, -6103903335751011812, 7427806662313409504],
    "keys": [7830365241916288120, -6468512900893573367],
}


def test_a_long_secret_works_like_hmac_too() -> None:
    secret = b"x" * 100
    expected = int.from_bytes(hmac.digest(secret, b"plan|member|v1|M-1", "sha256")[:8], "big", signed=True)
    assert Pseudonyms(secret).members(pl.Series(["M-1"])).to_list() == [expected]


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        Pseudonyms(b"short")


def test_another_secret_or_purpose_gives_another_pseudonym() -> None:
    other = Pseudonyms(bytes(32))
    same = pl.Series(["5550102030"])
    found = {
        IDS.members(same)[0],
        other.members(same)[0],
        IDS.recipients(same, "phone")[0],
        IDS.recipients(same, "email")[0],
        IDS.recipients(same, "device")[0],
    }
    assert len(found) == 5


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("email", ["Ann@Example.org", " ann@example.ORG "]),
        ("phone", ["+1 (555) 010-2030", "555.010.2030", "15550102030", "001 555 010 2030"]),
    ],
)
def test_spellings_of_one_address_are_one(kind: str, spellings: list[str]) -> None:
    assert normalised(pl.Series(spellings), kind).n_unique() == 1


def test_a_foreign_number_keeps_its_country() -> None:
    assert normalised(pl.Series(["+49 170 1234567"]), "phone").to_list() == ["491701234567"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text() | st.none(), st.text() | st.none()), min_size=2, max_size=2, unique=True))
def test_two_different_rows_never_join_alike(rows: list[tuple[str | None, str | None]]) -> None:
    columns = [pl.Series([row[n] for row in rows], dtype=pl.String) for n in range(2)]
    assert joined(columns).n_unique() == 2


@pytest.mark.parametrize("n", [1, 7, 1000])
def test_many_or_few_distinct_values_give_the_same_pseudonyms(n: int) -> None:
    few = pl.Series([f"M{k % 3}" for k in range(n)])
    alone = {one: IDS.members(pl.Series([one]))[0] for one in ("M0", "M1", "M2")}
    assert IDS.members(few).to_list() == [alone[one] for one in few]


def test_derived_keys_are_stable_and_told_apart() -> None:
    keys = pl.Series([1, -1, 2**62], dtype=pl.Int64)
    sent, opened = IDS.derived(keys, "sent"), IDS.derived(keys, "opened")
    assert sent.dtype == pl.Int64
    assert len({*sent, *opened}) == 6
    assert sent.to_list() == IDS.derived(keys, "sent").to_list() == PINNED["derived"]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-9, 9)), min_size=1, max_size=4))
def test_one_key_is_that_of_its_row(parts: list[str | int | None]) -> None:
    columns = [pl.Series([None if part is None else str(part)], dtype=pl.String) for part in parts]
    assert IDS.key("message", parts) == IDS.keys("message", columns)[0]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_one_pseudonym_is_that_of_its_row(text: str) -> None:
    assert IDS.member(text) == IDS.members(pl.Series([text]))[0]
    for kind in ("email", "phone", "device", "id"):
        assert IDS.recipient(text, kind) == IDS.recipients(pl.Series([text]), kind)[0]
