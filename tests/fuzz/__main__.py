"""``python -m tests.fuzz --seed N --count 1500``: damages small files and says what that brought to light."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.clips.store import ClipStore
from tests.fuzz.corpus import made_seeds, real_seeds
from tests.fuzz.run import Child, Finding, command_for, fuzz


def say(words: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def tell(finding: Finding) -> None:
    """Write a finding and how to see it again."""
    say(f"\n{finding.number} ({finding.name}): {finding.words}\n  {command_for(finding, finding.number)}")


def main() -> int:
    """Run; the exit status is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of everything random")
    parser.add_argument("--count", type=int, default=1500, help="mutations to try")
    parser.add_argument("--only", type=int, metavar="N", help="only mutation N of that seed")
    parser.add_argument("--file", type=Path, help="only try this file or folder, as it is")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "framescope-fuzz-failures"))
    parser.add_argument("--match", default="", metavar="REGEX", help="only files whose name holds this")
    parser.add_argument("--made-only", action="store_true", help="leave real files aside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="framescope-fuzz-") as name:
        folder = Path(name)
        (folder / "clips").mkdir()
        store = ClipStore(folder / "clips")
        sound = store.path("h264.mp4")
        if options.file is not None:
            child = Child(sound)
            for words in child.try_file(options.file.absolute(), options.seed):
                say(words)
            child.close()
            return 0
        seeds = made_seeds(folder, store.path) + ([] if options.made_only else real_seeds())
        seeds = [one for one in seeds if re.search(options.match, one.name)]
        say(f"Seed {options.seed}: {options.count} mutations of {len(seeds)} files")
        numbers = range(options.count) if options.only is None else range(options.only, options.only + 1)
        began = time.monotonic()
        done, found = fuzz(
            seeds, sound, seed=options.seed, numbers=numbers, keep=options.keep, on_finding=tell
        )
    seconds = time.monotonic() - began
    say(f"\n{done} mutations in {seconds:.0f} s: {len(found)} findings, seed {options.seed}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
