"""`python -m app prepare | serve`: fill an empty lake, and serve the app."""

from __future__ import annotations

import argparse
import subprocess
import sys

from config.settings import ROOT, Settings, get_settings


def prepare(settings: Settings) -> int:
    """Fill the lake with the sample where it is empty and the settings say so; prints its progress."""
    if not settings.sample or (settings.lake / "snapshots" / "_delta_log").is_dir():
        return 0
    return subprocess.run([sys.executable, "-m", "etl", "prepare"], cwd=ROOT, check=False).returncode


def serve(settings: Settings) -> int:
    """Serve until a signal ends it."""
    from app.serve import Server, busy

    problem = busy(settings)
    if problem:
        print(problem, file=sys.stderr)
        return 2
    settings.secret()
    Server(settings).run()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    parser.add_argument("command", choices=["prepare", "serve"])
    command = {"prepare": prepare, "serve": serve}[parser.parse_args().command]
    return command(get_settings())


if __name__ == "__main__":
    sys.exit(main())
