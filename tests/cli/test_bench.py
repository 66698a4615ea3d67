"""``framescope bench`` compares engines on a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

QUICK = ("--rounds", "1", "--seconds", "0.2")


def test_a_table(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("bench", plain_clip, "--engines", "opencv,pyav", *QUICK)
    assert answer.status == 0
    for words in ("h264.mp4, 48 frames, 1 rounds", "fps (1.00)", "MiB", "* gave wrong frames"):
        assert words in answer.out
    assert ")*" in next(line for line in answer.out.splitlines() if line.lstrip().startswith("pyav"))


def test_json(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("bench", plain_clip, "--engines", "framescope", "--json", *QUICK).json()
    engines = table["engines"]
    assert isinstance(engines, list)
    engine = engines[0]
    assert engine["state"] == "done"
    assert engine["measures"]["random"]["wrong"] == 0
    assert engine["measures"]["open"]["ratio"] is None
