"""A document with every block, and with what markup languages would take for their own."""

from __future__ import annotations

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

MARKUP = (
    '#panic("no") *bold* $x$ </section><script>alert("x")</script>'
    '<img src="//evil.example/a.png" onerror=alert(1)>&amp;\x0b'
)
CLEAN = MARKUP.replace("\x0b", "")


def counts(*numbers: float | None) -> tuple[Value, ...]:
    return tuple(Value("withheld" if n is None else f"{n:,.0f}", value=n) for n in numbers)


def example(kind: str = "executive", programs: int = 3, words: str = "A good month.") -> Document:
    """A document of that kind; more programs or longer words fill the sheet."""
    columns = (Column("program", "Program", False), Column("verdict", "Verdict", False), Column("n", "More"))
    rows = tuple(Row(f"Program {n}", (Value("works"), *counts(520 + n))) for n in range(programs))
    days = tuple(f"2026-10-{day:02d}" for day in range(1, 6))
    paces = (Series("done", counts(1, 2, None, 4, 5)), Series("goal", counts(*range(5)), True))
    budgets = (Row(MARKUP, counts(3)), Row("Rest", counts(None)))
    first = Figure("sent", "Sent", Value("2,164", value=2164), "+3%", "better", "than in October 2025")
    others = (Figure(f"f{n}", f"Figure {n}", Value(f"{n},234", value=n)) for n in range(1, 5))
    blocks = (
        Figures((first, *others)),
        Table("programs", f"Programs {MARKUP}", columns, rows, caption="Ranked by evidence."),
        Bars("budget", "Budget", columns[:1] + columns[2:], budgets),
        Lines("pace", "Pace", days, paces, partial=days[1:2]),
        Sentences("Three sentences", (Sentence(words, "What changed."),)),
        Table("none", "Experiments", columns[:1], (), empty="None ran."),
        Notes(("Rates withheld: 3.",)),
    )
    return Document(
        kind,
        f"Executive page {MARKUP}",
        "Plan & Co",
        "October 2026",
        "all campaigns",
        "executive",
        {},
        12,
        "7",
        "21 Nov 2026",
        "31 Jul 2026",
        blocks,
        made_us=1_790_000_000_000_000,
        id="RB-7K3QF-9XH2M",
        state="draft",
        comment=MARKUP,
    )
