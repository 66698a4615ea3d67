"""The child process that exercises one damaged file after the other, as it is told on stdin."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from pathlib import Path

from tests.fuzz.exercise import findings_on


def main(sound_video: str) -> None:
    """Serve until stdin ends: a line of JSON in, lines of JSON out."""
    faulthandler.enable()
    # What a library prints must not get between the answers.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(**message: object) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    for line in sys.stdin:
        job = json.loads(line)
        findings = findings_on(
            Path(job["path"]),
            lambda stage: tell(stage=stage),
            sound_video=Path(sound_video),
            seed=job["seed"],
        )
        tell(findings=findings)


if __name__ == "__main__":
    main(sys.argv[1])
