"""The one list of tables, which migrations are held against."""

from __future__ import annotations

from sqlalchemy import MetaData

METADATA = MetaData()
