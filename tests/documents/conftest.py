"""A document of every kind of block, with a name in it that would be markup if anybody let it."""

from __future__ import annotations

import pytest

from documents.model import (
    Bars,
    Column,
    Document,
    Figure,
    Figures,
    Lines,
    Notes,
    Row,
    Sentence,
    Sentences,
    Series,
    Table,
    Value,
)

MARKUP = '</section><script>alert("x")</script><img src="//evil.example/a.png" onerror=alert(1)>&amp;\x0b'


def told(text: str, value: float | None = 1.0, status: str = "released") -> Value:
    return Value(text, value=value, status=status)


@pytest.fixture
def whole() -> Document:
    """Sentences, lines, bars, a table, figures and notes, issued under an ID."""
    return Document(
        kind="monthly",
        title=f"Monthly {MARKUP}",
        plan="Plan & Co",
        period="October 2026",
        words="1 – 31 Oct 2026 · all campaigns",
        page="/reports/monthly",
        query={"month": "2026-10"},
        snapshot=3,
        definitions="64fc2252",
        outreach_through="20 Nov 2026, 06:05",
        outcomes_through="24 Apr 2026",
        made_us=1_790_000_000_000_000,
        id="RB-7K3QF-9XH2M",
        state="draft",
        comment=MARKUP,
        blocks=(
            Sentences("Overview", (Sentence("Sent rose 12%.", "What changed"),)),
            Lines(
                "sent",
                "Messages sent",
                ("2026-10-01", "2026-10-02"),
                (
                    Series("2026", (told("1,000"), told("withheld", None, "withheld"))),
                    Series("2025", (told("–", None), told("930")), dashed=True),
                ),
                partial=("2026-10-02",),
            ),
            Bars(
                "campaigns",
                "By campaign",
                (Column("campaign", "Campaign", False), Column("sent", "Sent")),
                (Row(MARKUP, (told("1,234"),), "one", "/campaign?campaign=one"),),
            ),
            Table("none", "Experiments", (Column("campaign", "Campaign", False),), (), empty="None ran."),
            Figures((Figure("sent", "Sent", told("2,164"), "+3%", "better", "than in October 2025"),)),
            Notes(("Withheld to protect members.",)),
        ),
    )
