"""A document on a page says what its PDF says, with a hint on every figure that a metric defines."""

from __future__ import annotations

import json

from msgspec.structs import replace

from data.answer import Released, Status
from data.metrics import METRICS
from documents.model import Column, Row, Table
from tests.documents.content import MARKUP, example
from tests.drawn import words
from ui.document import document, released_of, value_of


def test_every_block_is_there_with_its_words() -> None:
    said = words(document(example(), "light"))
    for told in (
        MARKUP,
        "1,234",
        "withheld",
        "Three sentences",
        "A good month.",
        "Rates withheld: 3.",
        "Pace",
    ):
        assert json.dumps(told, ensure_ascii=False)[1:-1] in said


def test_a_gap_in_a_line_stays_one() -> None:
    assert '"y": [1, 2, null, 4, 5]' in words(document(example(), "dark"))


def test_a_released_value_comes_back_as_it_was() -> None:
    rate = Released(0.5, Status.RELEASED, 10, 20, reason="why", approximate=True)
    kept = value_of(rate, METRICS["delivered_rate"])
    assert kept.text == "≈ 50.0%"
    assert released_of(kept) == rate
    hidden = value_of(Released(None, Status.WITHHELD), METRICS["sent"])
    assert (hidden.text, hidden.status, hidden.value) == ("withheld", "withheld", None)


def test_cells_have_the_hint_of_their_metric() -> None:
    sent = value_of(Released(12, Status.RELEASED, 12), METRICS["sent"])
    block = Table("t", "T", (Column("a", "A", False), Column("sent", "Sent")), (Row("x", (sent,)),))
    said = words(document(replace(example(), blocks=(block,)), "light"))
    assert '"data-hint": "sent"' in said
