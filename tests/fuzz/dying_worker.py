"""A worker that dies over every file."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Say what comes next, and abort."""
    for _ in sys.stdin:
        sys.stdout.write('{"stage": "about to die"}\n')
        sys.stdout.flush()
        os.abort()


if __name__ == "__main__":
    main()
