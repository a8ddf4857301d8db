"""The tables that pages offer as CSV: `/<page>/<table>.csv`, one line per page."""

from __future__ import annotations

from pages import (
    campaign_questions,
    compare_questions,
    data_questions,
    definitions_lists,
    overview_tables,
    privacy_history,
)
from pages.table import ListTable, Table

TABLES: dict[str, dict[str, Table | ListTable]] = {
    page: {table.name: table for table in offered}
    for page, offered in (
        ("overview", overview_tables.TABLES),
        ("campaign", campaign_questions.TABLES),
        ("compare", compare_questions.TABLES),
        ("definitions", definitions_lists.TABLES),
        ("data", data_questions.TABLES),
        ("privacy", privacy_history.TABLES),
    )
}
