"""A clip with numbered frames, and a transcode of it with three dropped and two doubled frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.synth.number_blocks import draw_number
from tests.core.compare.moving import Shot, film, write

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 120
DROPPED = (20, 55, 90)
DOUBLED = (33, 70)


@dataclass(frozen=True)
class ComparedClips:
    """The two files.

    Attributes:
        source: ``COUNT`` frames, the number of each drawn into it.
        copy: The transcode.
        numbers: The number drawn into each frame of the transcode.
    """

    source: Path
    copy: Path
    numbers: tuple[int, ...]


def write_clips(folder: Path) -> ComparedClips:
    """Write both."""
    pictures = film((Shot(60, 3.0), Shot(60, 2.0)))
    for number, picture in enumerate(pictures):
        draw_number(picture, number)
    numbers = [number for number in range(COUNT) if number not in DROPPED]
    numbers = sorted([*numbers, *DOUBLED])
    source = write(folder / "source.mp4", pictures, crf=16)
    copy = write(folder / "copy.mp4", (pictures[number] for number in numbers), crf=26)
    return ComparedClips(source, copy, tuple(numbers))
