"""The document that every form of it is tried with."""

from __future__ import annotations

import pytest

from documents.model import Document
from tests.documents.content import example


@pytest.fixture
def whole() -> Document:
    """Figures, tables, bars, lines, sentences and notes, issued under an ID."""
    return example("monthly")
