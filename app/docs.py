"""The generated files: which they are, what writes each, and the command behind `make docs`."""

from __future__ import annotations

from collections.abc import Callable

from app.matrix import access_page
from config.permissions import permissions_page
from config.reference import env_example, settings_page
from config.settings import ROOT
from data.dictionary import metrics_page, tables_page

GENERATED: dict[str, Callable[[], str]] = {
    ".env.example": env_example,
    "docs/access.md": access_page,
    "docs/metrics.md": metrics_page,
    "docs/permissions.md": permissions_page,
    "docs/settings.md": settings_page,
    "docs/tables.md": tables_page,
}


def stale() -> list[str]:
    """Names of generated files whose text is not what would be written now."""
    return [name for name, write in GENERATED.items() if _text(name) != write()]


def write_all() -> list[str]:
    """Writes every stale file and returns their names."""
    names = stale()
    for name in names:
        (ROOT / name).write_text(GENERATED[name](), encoding="utf-8")
    return names


def _text(name: str) -> str | None:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    print(*(f"wrote {name}" for name in write_all()), sep="\n")
