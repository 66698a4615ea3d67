"""Where the pictures of a new video come from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from framescope import open_video
from framescope.core.errors import MissingFileError, SynthesisError
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.pictures import (
    RepeatedPicture,
    VideoFrames,
    constant_rate,
    picture_files,
    read_picture,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def save(path: Path, level: int) -> Path:
    picture = np.full((8, 12, 3), (level, 0, 200), np.uint8)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return path


def test_a_folder_is_taken_in_the_order_people_count(tmp_path: Path) -> None:
    for number in (10, 9, 1, 2):
        save(tmp_path / f"frame{number}.png", number)
    (tmp_path / "notes.txt").write_text("no picture")
    files = picture_files([tmp_path])
    assert [files.describe(n) for n in range(len(files))] == [f"frame{n}.png" for n in (1, 2, 9, 10)]
    assert files.picture(2)[0, 0].tolist() == [200, 0, 9]


def test_files_are_taken_as_they_are_named(tmp_path: Path) -> None:
    paths = [save(tmp_path / name, 5) for name in ("b.png", "a.png", "ü 1.png")]
    assert picture_files(paths).paths == tuple(paths)


def test_one_picture_is_shown_again_and_again(tmp_path: Path) -> None:
    source = RepeatedPicture(save(tmp_path / "one.png", 7), 3)
    assert len(source) == 3
    assert np.array_equal(source.picture(0), source.picture(2))


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    (tmp_path / "empty.png").write_bytes(b"")
    for name in ("broken.png", "empty.png"):
        with pytest.raises(SynthesisError, match=name):
            read_picture(tmp_path / name)
    with pytest.raises(MissingFileError, match=r"gone\.png"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(MissingFileError):
        picture_files([tmp_path / "nowhere"])
    (tmp_path / "bare").mkdir()
    with pytest.raises(SynthesisError, match="There are no pictures"):
        picture_files([tmp_path / "bare"])


def test_frames_of_a_video_keep_their_times(clip: Callable[[str], Path]) -> None:
    with open_video(clip("h264.mp4"), use_index_cache=False) as video:
        source = VideoFrames(video, [5, 7, 30])
        assert [read_number(source.picture(n)) for n in range(3)] == [5, 7, 30]
        assert source.times_s == pytest.approx((0, 2 / 24, 25 / 24))
        assert source.describe(1) == "frame 7"


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        ([0, 0.04, 0.08], Fraction(25)),
        ([1.0, 1.033, 1.067, 1.1], Fraction(30)),
        ([0, 0.04, 0.09], None),
        ([0.5], None),
        ([], None),
    ],
)
def test_a_constant_rate_is_told_from_a_variable_one(times: list[float], rate: Fraction | None) -> None:
    assert constant_rate(times) == rate
