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

MARKUP = '#panic("no") *bold* <b>tag</b> & $x$'


def counts(*numbers: float | None) -> tuple[Value, ...]:
    return tuple(Value("withheld" if n is None else f"{n:,.0f}", value=n) for n in numbers)


def example(kind: str = "executive", programs: int = 3, words: str = "A good month.") -> Document:
    """A document of that kind; more programs or longer words fill the sheet."""
    columns = (Column("program", "Program", False), Column("verdict", "Verdict", False), Column("n", "More"))
    rows = tuple(Row(f"Program {n}", (Value("works"), *counts(520 + n))) for n in range(programs))
    days = tuple(f"2026-10-{day:02d}" for day in range(1, 6))
    paces = (Series("done", counts(1, 2, None, 4, 5)), Series("goal", counts(*range(5)), True))
    budgets = tuple(Row("Rest", counts(n)) for n in (3, None))
    blocks = (
        Figures(tuple(Figure(f"f{n}", f"Figure {n}", Value(f"{n},234", value=n)) for n in range(1, 6))),
        Table("programs", f"Programs {MARKUP}", columns, rows, caption="Ranked by evidence."),
        Bars("budget", "Budget", columns[:1] + columns[2:], budgets),
        Lines("pace", "Pace", days, paces),
        Sentences("Three sentences", (Sentence(words, "What changed."),)),
        Notes(("Rates withheld: 3.",)),
    )
    return Document(
        kind,
        "Executive page",
        "Demo Health Plan",
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
    )
