"""docs/ledger.md says what the ledger holds: every kind, every detail, every name of a line."""

from __future__ import annotations

from config.settings import ROOT
from ledger.entry import ABOUT, MEANINGS, Entry, What


def test_the_page_lists_all_that_an_entry_may_hold() -> None:
    page = (ROOT / "docs/ledger.md").read_text()
    for name, meaning in {**{what.value: words for what, words in MEANINGS.items()}, **ABOUT}.items():
        assert f"| `{name}` | {meaning} |" in page, "say it in docs/ledger.md"
    whole = Entry(What.VIEW, "a", "b", "c", "d", "e", "f", ("g",), 1, 2, "h", "i", 3, {"do": "j"}).body()
    assert set(MEANINGS) == set(What)
    assert all(f"`{name}`" in page for name in whole)
