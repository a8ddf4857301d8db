"""`python -m app keys add | list | revoke`: the keys of other systems, from the command line."""

from __future__ import annotations

import argparse
import time

from config.instants import minute
from config.permissions import PERMISSIONS, Permission, Role
from config.settings import PYTHON, Settings
from ledger.entry import operator
from state.keys import ApiKey, KeyRefused
from state.store import Store, store_of

HEADS = ("name", "role", "rows", "starts with", "made", "by", "last use", "standing")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of `keys`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add | list | revoke")
    add = verbs.add_parser("add", help="make a key; it is shown once")
    add.add_argument("name", metavar="NAME", help="who asks with it, such as warehouse-sync")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument(
        "--program", action="append", metavar="PROGRAM", help="see this program alone; may be repeated"
    )
    add.add_argument(
        "--line", action="append", metavar="LINE", help="see this line of business alone; may be repeated"
    )
    add.add_argument(
        "--days", type=int, metavar="N", help="how long it lasts; without it until it is revoked"
    )
    verbs.add_parser("list", help="every key: whose, what it may see, and when it was last used")
    revoke = verbs.add_parser("revoke", help="end a key at once and for good")
    revoke.add_argument("name", metavar="NAME")


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Do what was asked; a mistake ends with its sentence and code 2."""
    store = store_of(settings)
    try:
        return {"add": _add, "list": _list, "revoke": _revoke}[given.verb](store, given)
    except KeyRefused as problem:
        print(problem)
        return 2
    finally:
        store.close()


def _add(store: Store, given: argparse.Namespace) -> int:
    key, secret = store.keys.add(
        given.name,
        given.role,
        operator(),
        programs=tuple(given.program) if given.program else None,
        lines=tuple(given.line) if given.line else None,
        days=given.days,
    )
    print(f"Key {key.name!r}, role {key.role}. It is shown this once:\n\n    {secret}\n")
    print('Send it with every request:  curl -H "Authorization: Bearer KEY" .../api/v1/campaigns')
    if Permission.EXPORT not in PERMISSIONS[Role(key.role)]:
        print(f"The role {key.role} takes no data away: this key can ask for no figures.")
    return 0


def _list(store: Store, _given: argparse.Namespace) -> int:
    rows = [HEADS, *(_row(key) for key in store.keys.all())]
    if len(rows) == 1:
        print(f"There are no keys. Make one:  {PYTHON} -m app keys add NAME --role analyst")
        return 0
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _revoke(store: Store, given: argparse.Namespace) -> int:
    key = store.keys.revoke(given.name, operator())
    print(f"The key {key.name!r} is revoked: nobody is answered with it any more.")
    return 0


def _row(key: ApiKey) -> tuple[str, ...]:
    standing = key.standing(time.time_ns() // 1000)
    if standing == "active" and key.expires_us is not None:
        standing = f"active until {minute(key.expires_us)}"
    used = "never" if key.used_us is None else minute(key.used_us)
    return (key.name, key.role, key.rows, key.start, minute(key.made_us), key.made_by, used, standing)
