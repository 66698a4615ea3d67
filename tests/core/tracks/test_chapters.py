"""Chapters: when they begin, from the first picture, and what they are called."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.errors import MissingFileError
from framescope.core.tracks.chapters import Chapter, chapters_of

if TYPE_CHECKING:
    from pathlib import Path


def with_chapters(source: Path, path: Path, starts_s: dict[float, str]) -> None:
    """Copy a clip, and declare chapters that begin at these times."""
    with av.open(str(source)) as given, av.open(str(path), "w") as made:
        stream = made.add_stream_from_template(given.streams.video[0])
        made.set_chapters(
            [
                {
                    "id": number, "start": round(start_s * 1000), "end": round(start_s * 1000) + 100,
                    "time_base": Fraction(1, 1000), "metadata": {"title": title} if title else {},
                }
                for number, (start_s, title) in enumerate(starts_s.items())
            ]
        )  # fmt: skip
        for packet in given.demux(given.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_chapters_are_listed_by_time(tmp_path: Path, plain_clip: Path, suffix: str) -> None:
    path = tmp_path / f"clip.{suffix}"
    with_chapters(plain_clip, path, {0.0: "Opening", 0.5: "Main\u202e\x1bpart", 1.25: ""})
    found = chapters_of(str(path), Fraction(0))
    assert [chapter.start_s for chapter in found] == pytest.approx([0.0, 0.5, 1.25])
    assert [chapter.title for chapter in found] == ["Opening", "Main part", "Chapter 3"]


def test_times_count_from_the_first_picture(tmp_path: Path, plain_clip: Path) -> None:
    path = tmp_path / "clip.mkv"
    with_chapters(plain_clip, path, {1.0: "Late"})
    assert chapters_of(str(path), Fraction(1, 4)) == (Chapter(0.75, "Late"),)


def test_without_chapters_or_file(tmp_path: Path, plain_clip: Path) -> None:
    assert chapters_of(str(plain_clip), Fraction(0)) == ()
    with pytest.raises(MissingFileError):
        chapters_of(str(tmp_path / "gone.mkv"), Fraction(0))
