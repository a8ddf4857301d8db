"""Whatever is changed in the ledger is found, and where it is: random mutations of each kind."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.chain import Head, line_of, start
from ledger.checkpoints import FILE, Signer
from ledger.entry import canonical
from ledger.seals import Seals
from ledger.verify import verify
from ledger.writing import now_us
from tests.ledger.conftest import SEALS, Written

Spoil = Callable[[], Written]
TRIALS = 40
FORGER = Seals.of(b"another secret that somebody made up")


def every(told: Written) -> list[Path]:
    return [*told.files(), told.folder / FILE]


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def found(told: Written, path: Path) -> None:
    """Something is wrong, and it is said of this very file."""
    report = told.report()
    assert not report.sound, path
    named = [one for one in report.findings if path.name in one.where or path.name == FILE]
    assert named, [str(one) for one in report.findings]


def test_what_nobody_touched_is_sound(sound: Written) -> None:
    report = sound.report()
    assert report.sound, report.findings
    assert not report.notes
    assert (report.chains, report.checkpoints) == (3, 4)
    assert report.covered == sum(len(lines(path)) for path in sound.files()) - report.open
    assert report.open == 1  # the word on the last checkpoint


def test_the_public_key_alone_suffices_for_what_is_signed(sound: Written) -> None:
    public = Seals.of_public(SEALS.public.hex())
    assert sound.report(public).sound
    assert not sound.report(Seals.of_public(FORGER.public.hex())).sound


def test_every_flipped_bit_is_found(spoil: Spoil) -> None:
    chance, told = random.Random(1), spoil()
    for _ in range(8 * TRIALS):
        path = chance.choice(every(told))
        raw = bytearray(path.read_bytes())
        at, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        if path != told.folder / FILE and at >= len(raw) - 1 and _open_end(told, path):
            continue
        raw[at] ^= bit
        whole = path.read_bytes()
        path.write_bytes(raw)
        found(told, path)
        path.write_bytes(whole)
    assert told.report().sound


def _open_end(told: Written, path: Path) -> bool:
    """Whether the last line of a file is behind the last checkpoint."""
    heads = [json.loads(line)["heads"] for line in lines(told.folder / FILE)]
    return max(head[path.stem][0] for head in heads if path.stem in head) < len(lines(path))


def test_exchanged_lines_are_found(spoil: Spoil) -> None:
    chance, told = random.Random(2), spoil()
    for _ in range(TRIALS):
        path = chance.choice(every(told))
        whole = lines(path)
        one, other = chance.sample(range(len(whole)), 2)
        changed = list(whole)
        changed[one], changed[other] = whole[other], whole[one]
        path.write_bytes(b"".join(changed))
        found(told, path)
        path.write_bytes(b"".join(whole))


def test_lines_taken_out_twice_or_from_elsewhere_are_found(spoil: Spoil) -> None:
    chance, told = random.Random(3), spoil()
    for trial in range(TRIALS):
        path = chance.choice(every(told))
        whole = lines(path)
        at, changed = chance.randrange(len(whole) - 1), list(whole)
        if trial % 3 == 0:
            del changed[at]
        elif trial % 3 == 1:
            changed.insert(at, whole[at])
        else:
            changed.insert(at + 1, chance.choice(lines(chance.choice(every(told)))))
        path.write_bytes(b"".join(changed))
        found(told, path)
        path.write_bytes(b"".join(whole))


def test_every_cut_of_what_is_signed_is_found(spoil: Spoil) -> None:
    chance, told = random.Random(4), spoil()
    for trial in range(TRIALS):
        path = chance.choice(every(told))
        whole = path.read_bytes()
        ends = len(whole) - (len(lines(path)[-1]) if path.name != FILE and _open_end(told, path) else 0)
        cut = chance.randrange(ends)
        if trial % 2:
            cut = whole.rfind(b"\n", 0, cut) + 1  # whole lines
        path.write_bytes(whole[:cut])
        found(told, path)
        path.write_bytes(whole)


@pytest.mark.parametrize("seals", [FORGER, SEALS], ids=["without the secret", "with the secret"])
def test_a_chain_that_is_linked_anew_is_found(spoil: Spoil, seals: Seals) -> None:
    """Whoever has no secret is found by the mark of each line; who has it, by the checkpoints."""
    chance, told = random.Random(5), spoil()
    for _ in range(TRIALS):
        path = chance.choice(told.files())
        whole = lines(path)
        signed = len(whole) - (1 if _open_end(told, path) else 0)
        at = chance.randrange(signed)
        path.write_bytes(b"".join(relinked(whole, at, path.stem, seals)))
        found(told, path)
        path.write_bytes(b"".join(whole))


def relinked(whole: list[bytes], at: int, chain: str, seals: Seals) -> list[bytes]:
    """The chain with another name in a line, and all hashes computed anew."""
    head, made = start(chain), []
    for number, raw in enumerate(whole):
        document = {k: v for k, v in json.loads(raw).items() if k not in ("seq", "prev", "hash", "mark")}
        if number == at:
            document["who"] = "somebody else"
        line, head = line_of(document, head, seals)
        made.append(line)
    return made


def test_what_is_added_without_the_secret_is_found(spoil: Spoil) -> None:
    """Behind the last checkpoint, too, where no signature is yet."""
    told = spoil()
    for path in told.files():
        whole = lines(path)
        last = json.loads(whole[-1])
        head = Head(last["seq"], last["hash"], path.stat().st_size, last["at"])
        line, _ = line_of({"at": last["at"], "what": "view", "who": "nobody"}, head, FORGER)
        path.write_bytes(b"".join([*whole, line]))
        found(told, path)
        path.write_bytes(b"".join(whole))


def test_a_deleted_or_renamed_chain_is_found(spoil: Spoil) -> None:
    for number in range(3):
        told = spoil()
        path = told.files()[number]
        path.unlink()
        found(told, path)
    told = spoil()
    one, other = told.files()[:2]
    raw = one.read_bytes()
    one.write_bytes(other.read_bytes())
    found(told, one)
    one.write_bytes(raw)
    stray = one.with_name("20261122T000000-web-ffffffffffff.jsonl")
    stray.write_bytes(raw)
    found(told, stray)
    assert any("stranger" in one.where for one in _with_stranger(told, raw).findings)


def _with_stranger(told: Written, raw: bytes) -> Any:
    (told.files()[0].parent / "stranger.jsonl").write_bytes(raw)
    return told.report()


@pytest.mark.parametrize("copies", [True, False])
def test_a_replaced_checkpoint_is_found(spoil: Spoil, copies: bool) -> None:
    """Signed by a stranger, or by us: then the one behind it, or the word in a chain, tells."""
    for seals in (FORGER, SEALS):
        for at in range(4):
            told = spoil()
            path = told.folder / FILE
            whole = lines(path)
            document = {k: v for k, v in json.loads(whole[at]).items() if k != "sig"}
            document |= {"at": document["at"] + 1, "key": seals.public.hex()}
            whole[at] = canonical({**document, "sig": seals.sign(document)}) + b"\n"
            path.write_bytes(b"".join(whole))
            report = told.report(copies=copies)
            assert not report.sound, (at, seals.public.hex())


@pytest.mark.parametrize("gone", [1, 2, 3, 4])
def test_checkpoints_that_were_cut_off_are_told_by_the_chains(spoil: Spoil, gone: int) -> None:
    told = spoil()
    whole = lines(told.folder / FILE)
    (told.folder / FILE).write_bytes(b"".join(whole[:-gone]))
    assert not told.report(copies=False).sound
    (told.folder / FILE).unlink()
    assert not told.report(copies=False).sound


def test_a_ledger_set_back_whole_is_found_by_the_copies(spoil: Spoil) -> None:
    told = spoil()
    whole = lines(told.folder / FILE)
    heads: dict[str, Any] = {}
    for line in whole[:2]:
        heads |= json.loads(line)["heads"]
    for path in told.files():
        path.write_bytes(path.read_bytes()[: heads[path.stem][2]])
    (told.folder / FILE).write_bytes(b"".join(whole[:2]))
    assert told.report(copies=False).sound  # it is what once stood here
    report = told.report()
    assert "2 copied checkpoints are not here" in str(report.findings[0])


def test_a_ledger_written_anew_under_the_secret_is_found_by_the_copies(spoil: Spoil) -> None:
    told = spoil()
    for path in told.files():
        kept = [one for one in lines(path) if json.loads(one)["what"] != "checkpoint"]
        path.write_bytes(b"".join(relinked(kept, 3, path.stem, SEALS)))
    (told.folder / FILE).unlink()
    assert Signer(told.folder, SEALS).sign(now_us())[0] is not None
    assert verify(told.folder, SEALS).sound  # whoever has the secret and no copies finds nothing
    assert not verify(told.folder, SEALS, told.copy).sound


def test_a_copy_that_somebody_spoilt_is_told(spoil: Spoil) -> None:
    told = spoil()
    path = told.copy / FILE
    raw = bytearray(path.read_bytes())
    raw[40] ^= 1
    path.write_bytes(raw)
    assert not told.report().sound
    assert told.report(copies=False).sound


def test_a_line_that_is_no_canonical_one_is_found(spoil: Spoil) -> None:
    """The same words with another space: a line has one form."""
    told = spoil()
    path = told.files()[0]
    whole = lines(path)
    path.write_bytes(whole[0].replace(b'"at":', b'"at": ', 1) + b"".join(whole[1:]))
    found(told, path)
