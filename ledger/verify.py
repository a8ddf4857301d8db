"""Finds every tampering with the ledger, and says where: in chains, checkpoints, and against copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ledger import copies
from ledger.chain import NAME, Head, Line, Tampered, Torn, chains, month_at, month_of, path_of, read, start
from ledger.checkpoints import FILE, Checkpoint, checkpoints
from ledger.entry import What
from ledger.seals import Seals

SIGNED = dict[int, tuple[str, int]]
"""Of a chain: number of a line -> its hash as signed, and the checkpoint that says so."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: in which file, and what."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


@dataclass
class Report:
    """What a verification found. `covered` are entries that a checkpoint signs, `open` those behind it."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    chains: int = 0
    covered: int = 0
    open: int = 0
    checkpoints: int = 0
    signed_at: int | None = None

    @property
    def sound(self) -> bool:
        return not self.findings

    def sentence(self) -> str:
        """How it stands, in words."""
        told = (
            f"{_many(self.covered + self.open, 'entry', 'entries')} in "
            f"{_many(self.chains, 'chain', 'chains')}, "
            f"{_many(self.checkpoints, 'checkpoint', 'checkpoints')}, "
            f"{_many(self.open, 'entry', 'entries')} since the last"
        )
        many = len(self.findings)
        wrong = "1 thing is wrong" if many == 1 else f"{many:,} things are wrong"
        return f"{told}: {wrong if many else 'all is as it was written'}."


def _many(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def verify(folder: Path, seals: Seals, copy: Path | None = None, since_us: int = 0) -> Report:
    """Look at everything; with `since_us` at chains from that month on and checkpoints signed since."""
    report = Report()
    # Read first: a checkpoint covers what is in the files, which only grow meanwhile.
    known = _checkpoints(folder, seals, report, since_us)
    if copy is not None:
        _copied(known, copy, report)
    signed: dict[str, SIGNED] = defaultdict(dict)
    for one in known:
        for chain, (seq, digest, _) in one.heads.items():
            signed[chain][seq] = (digest, one.number)
    since = month_at(since_us) if since_us else ""
    told = _Told(folder, seals, known)
    there = {path.stem for path in chains(folder, since) if _named(path)}
    for chain in sorted({*signed, *there}):
        if month_of(chain) >= since:
            _chain(folder, chain, seals, signed.get(chain, {}), report, told)
    _strange(folder, report)
    return report


class _Told:
    """The checkpoints that a chain may tell of: those that are there, and those that a restore lost."""

    def __init__(self, folder: Path, seals: Seals, known: list[Checkpoint]) -> None:
        self.folder, self.seals, self.known = folder, seals, known
        self.numbers = {one.number: one.hash for one in known}
        self.lost = {
            n for one in known if one.restored for n in range(one.restored["number"] + 1, one.number)
        }

    def holds(self, number: object, digest: object) -> bool:
        if number not in self.numbers and isinstance(number, int):
            self._later()
        return self.numbers.get(number) == digest or number in self.lost  # type: ignore[call-overload]

    def _later(self) -> None:
        """Look for what was signed since this began."""
        with suppress(Tampered):
            for one in checkpoints(self.folder, self.seals, 0, self.known[-1] if self.known else None):
                self.numbers[one.number] = one.hash


def _checkpoints(folder: Path, seals: Seals, report: Report, since_us: int) -> list[Checkpoint]:
    found: list[Checkpoint] = []
    try:
        for one in checkpoints(folder, seals, since_us):
            found.append(one)
            if one.restored:
                first, end = one.restored["number"] + 1, one.restored["last"]
                report.notes.append(
                    f"checkpoint {one.number}: a backup was restored; checkpoints {first} to {end}, and what "
                    "they covered, were lost with the former state"
                )
    except Tampered as wrong:
        report.findings.append(Finding(f"{FILE}, line {wrong.line}", wrong.words))
    report.checkpoints = len(found)
    report.signed_at = found[-1].at if found else None
    return found


def _copied(known: list[Checkpoint], copy: Path, report: Report) -> None:
    try:
        if not (copy / FILE).exists():
            report.notes.append(f"no checkpoint was copied to {copy} yet")
        report.findings += [Finding(FILE, words) for words in copies.compared(known, copy)]
    except Tampered as wrong:
        report.findings.append(Finding(f"{copy / FILE}, line {wrong.line}", wrong.words))


def _chain(folder: Path, chain: str, seals: Seals, signed: SIGNED, report: Report, told: _Told) -> None:
    path, head = path_of(folder, chain), start(chain)
    where = f"{path.parent.name}/{path.name}"
    last = max(signed, default=0)
    report.chains += 1
    if not path.exists():
        report.findings.append(
            Finding(where, f"the file is gone; checkpoint {signed[last][1]} covers {last:,} lines of it")
        )
        return
    try:
        for one in read(path, seals):
            if isinstance(one, Torn):
                report.notes.append(f"{where}: the write of line {head.seq + 1:,} was not finished")
                break
            head = one.head
            _compared(one, signed, told)
    except Tampered as wrong:
        report.findings.append(Finding(f"{where}, line {wrong.line:,}", wrong.words))
    else:
        report.findings += [Finding(where, words) for words in _cut(head, signed, last)]
    report.covered += min(head.seq, last)
    report.open += max(0, head.seq - last)


def _compared(line: Line, signed: SIGNED, told: _Told) -> None:
    """`Tampered` where a line is not the signed one, or speaks of a checkpoint that is not there."""
    head = line.head
    digest, number = signed.get(head.seq, (head.hash, 0))
    if digest != head.hash:
        raise Tampered(head.seq, f"it is not the line that checkpoint {number} signed")
    if line.document["what"] == What.CHECKPOINT.value:
        about = line.document.get("about", {})
        if not told.holds(about.get("number"), about.get("hash")):
            raise Tampered(
                head.seq, f"it tells of checkpoint {about.get('number')}, which is gone or another one"
            )


def _cut(head: Head, signed: SIGNED, last: int) -> Iterator[str]:
    if head.seq < last:
        yield (
            f"it was cut behind line {head.seq:,}: checkpoint {signed[last][1]} covers {last:,} lines, "
            f"{last - head.seq:,} are gone"
        )


def _named(path: Path) -> bool:
    return bool(NAME.fullmatch(path.stem)) and month_of(path.stem) == path.parent.name


def _strange(folder: Path, report: Report) -> None:
    """Files under the names of chains that none could have."""
    for path in chains(folder):
        if not _named(path):
            report.findings.append(
                Finding(f"{path.parent.name}/{path.name}", "it is no chain that a process began")
            )
