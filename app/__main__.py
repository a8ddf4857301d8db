"""`python -m app prepare | serve | keys`: fill an empty lake, serve the app, and keep the keys of the API."""

from __future__ import annotations

import argparse
import subprocess
import sys

from app import keys
from config.settings import ROOT, Settings, get_settings, variable


def prepare(settings: Settings) -> int:
    """Fill the lake with the sample where it is empty and the settings say so; prints its progress."""
    if not _open_state(settings):
        return 2
    if not settings.sample or (settings.lake / "snapshots" / "_delta_log").is_dir():
        return 0
    return subprocess.run([sys.executable, "-m", "etl", "prepare"], cwd=ROOT, check=False).returncode


def _open_state(settings: Settings) -> bool:
    """Bring the state database to its newest form, before anything is forked; false where it cannot be."""
    from sqlalchemy.exc import SQLAlchemyError

    from state.store import store_of

    store = store_of(settings)
    try:
        store.open()
    except (SQLAlchemyError, ImportError, OSError) as error:
        where = f"see whether the folder of {variable('var')}, or {variable('state_url')}, can be written"
        print(f"The state database cannot be opened ({type(error).__name__}): {where}.", file=sys.stderr)
        return False
    finally:
        store.close()
    return True


def serve(settings: Settings) -> int:
    """Serve until a signal ends it."""
    from app import meters
    from app.serve import Server, busy

    problem = busy(settings)
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if not _open_state(settings):
        return 2
    settings.secret()
    meters.clear(settings.meters)
    Server(settings).run()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    verbs = parser.add_subparsers(dest="command", required=True, metavar="prepare | serve | keys")
    verbs.add_parser("prepare", help="fill an empty lake with the sample, unless REACHBOARD_SAMPLE=0")
    verbs.add_parser("serve", help="serve until a signal ends it")
    keys.arguments(verbs.add_parser("keys", help="keys of other systems: add, list, revoke"))
    given = parser.parse_args()
    if given.command == "keys":
        return keys.run(get_settings(), given)
    return {"prepare": prepare, "serve": serve}[given.command](get_settings())


if __name__ == "__main__":
    sys.exit(main())
