"""The tables of the page Exports: the released facts themselves."""

from __future__ import annotations

from pages.table import FactsTable

TABLES = (FactsTable("facts", "Released facts"),)
