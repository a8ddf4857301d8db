"""Why a number is not told travels as a code and a day, and reads as the sentence that it was."""

from __future__ import annotations

import pytest

from data.answer import Released, Status
from data.metrics import METRICS
from data.untold import Untold
from ui.hints import REASON, STATUS, STATUS_WORDS, hint

DAY = 20_794  # 7 Dec 2026
SPAN = (20_760, 20_777)


@pytest.mark.parametrize(
    ("status", "untold"),
    [
        (Status.WITHHELD, Untold(few=True)),
        (Status.WITHHELD, Untold(until=DAY)),
        (Status.WITHHELD, Untold(True, DAY)),
        (Status.WITHHELD, Untold(months=frozenset({202611}))),
        (Status.PARTIAL, Untold(few=True)),
        (Status.PARTIAL, Untold(until=DAY)),
        (Status.PARTIAL, Untold(True, DAY)),
        (Status.PARTIAL, Untold(True, DAY, frozenset({202611}))),
    ],
)
def test_a_reason_is_spelt_out_as_it_was(status: Status, untold: Untold) -> None:
    whole = status is Status.WITHHELD
    reason = untold.whole() if whole else untold.part(SPAN, SPAN[1])
    told = hint(Released(None if whole else 40, status, 40, reason=reason), METRICS["sent"])
    words = STATUS_WORDS[told[STATUS]][1]
    sent = told.get(REASON, "")
    assert (words.replace("{}", sent) if "{}" in words else sent or words) == reason
    assert STATUS_WORDS[told[STATUS]][0] == ("Withheld" if whole else "In part")
    assert untold.until is None or "7 Dec 2026" in reason
    if untold.until is not None and not untold.months:
        assert sent == "7 Dec 2026"
