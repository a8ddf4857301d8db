"""`python -m exports ID`: writes the file of an export job; the app starts it, nobody needs to."""

from __future__ import annotations

import logging
import os
import sys

from config.settings import get_settings
from exports.writing import write


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: python -m exports ID", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.nice(10)  # pages come first
    return write(sys.argv[1], get_settings())


if __name__ == "__main__":
    sys.exit(main())
