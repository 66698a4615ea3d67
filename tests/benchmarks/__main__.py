"""Measures FrameScope beside other libraries: ``python -m tests.benchmarks --help``."""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from rich.console import Console

from tests.benchmarks import (
    access_rows,
    export_rows,
    file_rows,
    fragments_rows,
    loader_rows,
    screen_rows,
    window_rows,
)
from tests.benchmarks.bench import Bench
from tests.benchmarks.clips import ClipShelf, clip_specs
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import print_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.report import Row

GROUPS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "random": access_rows.random_access,
    "hands": access_rows.hands,
    "open": file_rows.opening,
    "sequence": file_rows.reading_through,
    "thumbnails": file_rows.thumbnails,
    "memory": file_rows.memory,
    "clips": loader_rows.shuffled_clips,
    "export": export_rows.exporting,
    "fragments": fragments_rows.fragments,
    "window": window_rows.window,
}
_IN_OTHER_ENVIRONMENT = ("decord", "torchcodec")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="clips of 10 s and 10 min, fewer trials")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="groups of rows")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument(
        "--clips",
        nargs="+",
        metavar="WORD",
        help="random access and hands only on clips, and with gestures, named so",
    )
    parser.add_argument("--folder", type=Path, help="where clips are kept (default: the user's cache)")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON",
                        help="interpreter that has decord2 and torchcodec, if it is another one")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE too")
    return parser.parse_args()


def main() -> int:
    """Make the clips, measure, print."""
    wanted = _arguments()
    console = Console(stderr=True)
    folder = wanted.folder or Path(platformdirs.user_cache_dir("framescope-benchmarks", appauthor=False))
    specs = (
        clip_specs(seconds=10, long_seconds=600)
        if wanted.quick
        else clip_specs(seconds=60, long_seconds=3600)
    )
    paths = ClipShelf(specs, folder, console.print)
    pythons = {
        name: wanted.peers if name in _IN_OTHER_ENVIRONMENT else sys.executable for name in wanted.engines
    }
    bench = Bench(pythons, specs, paths, words=wanted.clips or [], quick=wanted.quick)
    rows: list[Row] = []
    # A request to end is taken like Ctrl+C: the children end, and what was measured is printed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for group in wanted.only:
            for row in GROUPS[group](bench):
                rows.append(row)
                console.print(f"{row.group}: {row.title}")
    finally:
        bench.close()
        # Also after Ctrl+C: what was measured so far is not thrown away.
        asked = {name for row in rows for name in row.measures}
        others = (LIMIT, "ffms2", "ffmpeg", screen_rows.MPV, fragments_rows.FILE, fragments_rows.STREAM)
        print_rows(rows, [*wanted.engines, *(name for name in others if name in asked)])
    for engine, problem in bench.problems.items():
        console.print(f"{engine} is not measured: {problem}")
    if wanted.json:
        facts = {"python": platform.python_version(), "system": platform.platform(), "quick": wanted.quick}
        figures = {**facts, "not_measured": bench.problems, "rows": [row.as_json() for row in rows]}
        wanted.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
