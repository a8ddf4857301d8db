"""Saved views: a page's address under a name, its owner's own or shared with a role, default or not."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from config.text import TextRefused, typed
from ledger.entry import Entry, What
from state.database import Database
from state.tables import VIEWS

NAME, QUERY, MOST = 80, 2_000, 200
PATH = re.compile(r"/[a-z0-9_/-]{0,79}")


class ViewRefused(ValueError):
    """A view that cannot be kept or changed so; the message says why."""


@dataclass(frozen=True)
class View:
    """One saved view. `path` and `query` are its address, `title` the page's; `scope` is the row scope of
    its owner as `exports.owner` writes it; `shared` is the role that sees it too, or nothing."""

    id: int
    path: str
    title: str
    name: str
    query: str
    by: str
    scope: str
    shared: str
    is_default: bool
    made_us: int
    removed_us: int | None = None

    @property
    def address(self) -> str:
        """Where the view opens."""
        return f"{self.path}?{self.query}" if self.query else self.path


class ViewStore:
    """The views of everybody; who may share and who may see what is shared is the caller's to ask."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, by: str, role: str = "") -> list[View]:
        """The views of a person, and those of others that are shared with a role, by name."""
        if self._database.is_new():
            return []
        own = VIEWS.c.by == by
        whose = sa.or_(own, VIEWS.c.shared == role) if role else own
        asked = sa.select(VIEWS).where(whose, VIEWS.c.removed_us.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(sa.func.lower(VIEWS.c.name), VIEWS.c.id)).mappings()
            return [View(**row) for row in rows]

    def save(self, path: str, title: str, query: str, name: str, by: str, scope: str) -> View:
        """Keep an address under a name; the same name on the same page takes the new address.

        Raises `ViewRefused` where the address is none of a page or too long, or there are too many views,
        and `TextRefused` where the name cannot be kept. Both are a ValueError.
        """
        plain = _named(name)
        if not PATH.fullmatch(path) or path.startswith("//") or len(query) > QUERY or not query.isprintable():
            raise ViewRefused("This address cannot be kept as a view.")
        with self._database.writing() as connection:
            held = _same(connection, by, path, plain)
            if held is not None:
                return self._put(connection, held, "change", query=query, scope=scope)
            every = sa.select(sa.func.count()).where(VIEWS.c.by == by, VIEWS.c.removed_us.is_(None))
            if (connection.scalar(every) or 0) >= MOST:
                raise ViewRefused(f"You have {MOST} views; delete one first.")
            values: dict[str, Any] = {
                "path": path, "title": typed(title, NAME), "name": plain, "query": query, "by": by,
                "scope": scope, "shared": "", "is_default": False, "made_us": time.time_ns() // 1000,
            }  # fmt: skip
            (number,) = connection.execute(sa.insert(VIEWS).values(values)).inserted_primary_key or (0,)
            made = View(id=number, **values)
            self._told(made, "save")
            return made

    def rename(self, number: int, name: str, by: str) -> View:
        """Give a view another name, which none of the owner's on that page has yet."""
        plain = _named(name)
        with self._database.writing() as connection:
            view = _own(connection, number, by)
            same = _same(connection, by, view.path, plain)
            if same is not None and same.id != number:
                raise ViewRefused("Another of your views of this page has that name.")
            return self._put(connection, view, "rename", name=plain)

    def make_default(self, number: int, by: str, *, on: bool = True) -> View:
        """Have the page open with this view, and with no other of the owner's; or with none."""
        with self._database.writing() as connection:
            view = _own(connection, number, by)
            others = sa.update(VIEWS).where(VIEWS.c.by == by, VIEWS.c.path == view.path)
            connection.execute(others.values(is_default=False))
            return self._put(connection, view, "default" if on else "no default", is_default=on)

    def share(self, number: int, role: str, by: str) -> View:
        """Show a view to everybody of a role, or with an empty one to nobody but its owner."""
        with self._database.writing() as connection:
            return self._put(connection, _own(connection, number, by), "share", shared=role)

    def remove(self, number: int, by: str) -> View:
        """Take a view away; `bring_back` undoes it."""
        with self._database.writing() as connection:
            gone = {"removed_us": time.time_ns() // 1000, "is_default": False}
            return self._put(connection, _own(connection, number, by), "remove", **gone)

    def bring_back(self, number: int, by: str) -> View:
        """Bring a view back that was taken away, unless its name is taken by now."""
        with self._database.writing() as connection:
            view = _own(connection, number, by, removed=True)
            if _same(connection, by, view.path, view.name) is not None:
                raise ViewRefused("Another of your views of this page has that name by now.")
            return self._put(connection, view, "restore", removed_us=None)

    def _put(self, connection: sa.Connection, view: View, do: str, **values: Any) -> View:
        connection.execute(sa.update(VIEWS).where(VIEWS.c.id == view.id).values(values))
        made = View(**{**vars(view), **values})
        self._told(made, do)
        return made

    def _told(self, view: View, do: str) -> None:
        about: dict[str, str | int] = {"do": do, "number": view.id, "name": view.name}
        about |= {"is": view.shared or "nobody"} if do == "share" else {}
        self._database.tell(Entry(What.VIEWS, view.by, place=view.path, about=about))


def _named(name: str) -> str:
    plain = typed(name, NAME)
    if not plain:
        raise TextRefused("no name yet; write a short one")
    return plain


def _own(connection: sa.Connection, number: int, by: str, *, removed: bool = False) -> View:
    there = VIEWS.c.removed_us.is_not(None) if removed else VIEWS.c.removed_us.is_(None)
    asked = sa.select(VIEWS).where(VIEWS.c.id == number, VIEWS.c.by == by, there)
    row = connection.execute(asked).mappings().first()
    if row is None:
        raise ViewRefused("There is no such view of yours.")
    return View(**row)


def _same(connection: sa.Connection, by: str, path: str, name: str) -> View | None:
    """The owner's view of that page and name, however its letters are written."""
    asked = sa.select(VIEWS).where(VIEWS.c.by == by, VIEWS.c.path == path, VIEWS.c.removed_us.is_(None))
    rows = (View(**row) for row in connection.execute(asked).mappings())
    return next((view for view in rows if view.name.casefold() == name.casefold()), None)
