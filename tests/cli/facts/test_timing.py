"""``framescope timing`` tells the measured rate, the errors of other clocks, and a frame's names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.cli.facts import timing as module
from tests.core.compare.moving import Shot, film, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.cli.conftest import Answer


def late_opencv(*_arguments: object, **_options: object) -> tuple[NDArray[np.float64], str]:
    """The 48 frames of the plain clip, each said to be shown one frame late."""
    return (np.arange(48, dtype=np.float64) + 1) / 24, "A remark."


def test_a_constant_rate_in_words(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("timing", plain_clip, "--no-opencv")
    rows = dict(line.strip().split("  ", 1) for line in answer.out.splitlines() if line.startswith("  "))
    words = {name: text.strip() for name, text in rows.items()}
    assert words["rate"].startswith("Constant: all 47 intervals are 41.667 ms")
    assert words["nominal rate"] == "24 fps (24)"
    assert words["duration"] == "2 s"
    assert words["n / fps"].endswith("always the right frame")
    assert "gaps before" not in words
    assert "OpenCV POS_MSEC" not in words
    assert answer.status == 0


def test_json_is_one_document(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("timing", plain_clip, "--no-opencv", "--json").json()
    assert (table["frame_count"], table["is_constant"], table["rate"]) == (48, True, "24")
    assert table["duration_s"] == pytest.approx(2.0)
    assert table["interval_median_s"] == pytest.approx(1 / 24)
    assert (table["gaps"], table["duplicates"], table["opencv_error"], table["identity"]) == (
        [],
        [],
        None,
        None,
    )
    assert isinstance(table["nominal_error"], dict)
    assert table["nominal_error"]["wrong_frames"] == 0


def test_all_the_names_of_one_frame(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    out = framescope("timing", plain_clip, "--no-opencv", "--frame", 30).out
    lines = out.partition("Frame 30\n")[2].splitlines()
    names = {name.strip(): text for name, _, text in (line.rpartition("  ") for line in lines)}
    assert names["Counted from 1"] == "31"
    assert names["Timecode"] == "00:00:01:06"
    assert names["Time from the first frame"] == "1.250000"
    table = framescope("timing", plain_clip, "--no-opencv", "--frame", 30, "--json").json()
    assert isinstance(table["identity"], dict)
    assert table["identity"]["timecode"] == "00:00:01:06"
    assert table["identity"]["opencv_pos_msec"] is None


def test_a_frame_that_is_not_there(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("timing", plain_clip, "--no-opencv", "--frame", 48)
    assert answer.status == 1
    assert "There is no frame 48." in answer.err
    assert answer.out == ""


def test_opencv_is_asked_unless_told_otherwise(
    framescope: Callable[..., Answer], plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "read_opencv_times", late_opencv)
    out = framescope("timing", plain_clip).out
    # The last frame's late time still shows the last frame.
    assert "up to +41.667 ms" in out
    assert "up to +1 frames; 47 frames would be mistaken for another one" in out
    assert "A remark." in out
    table = framescope("timing", plain_clip, "--json").json()
    assert isinstance(table["opencv_error"], dict)
    assert table["opencv_error"]["worst_frames"] == 1
    assert table["opencv_remark"] == "A remark."
    assert "remark" not in framescope("timing", plain_clip, "--no-opencv").out


def test_a_variable_rate_names_its_gaps(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    table = framescope("timing", clip("vfr.mkv"), "--no-opencv", "--json").json()
    assert table["is_constant"] is False
    assert isinstance(table["exceptions"], int)
    assert table["exceptions"] > 0
    assert f"Variable: {table['exceptions']} of" in framescope("timing", clip("vfr.mkv"), "--no-opencv").out


def test_without_timestamps_there_is_no_figure(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    table = framescope("timing", clip("h264.h264"), "--no-opencv", "--json").json()
    assert (table["rate"], table["mean_rate"], table["interval_median_s"]) == (None, None, None)
    assert table["missing"] == list(range(48))
    out = framescope("timing", clip("h264.h264"), "--no-opencv").out
    assert "Unknown" in out
    assert "48: frames 0, 1, 2, 3, 4, 5, 6, 7, …\n" in out


def test_telecine_is_named(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    frames = film((Shot(120, 3.0),))
    fields = [number for number in range(len(frames)) for _ in range(2 + number % 2)]
    woven = []
    for upper, lower in zip(fields[::2], fields[1::2], strict=True):
        picture = frames[upper].copy()
        picture[1::2] = frames[lower][1::2]
        woven.append(picture)
    path = write(tmp_path / "telecined.mp4", woven, rate=Fraction(30000, 1001))
    answer = framescope("timing", path, "--no-opencv")
    assert "Hard telecine (2:3 pulldown)" in answer.out
    table = framescope("timing", path, "--no-opencv", "--json").json()["telecine"]
    assert isinstance(table, dict)
    assert (table["kind"], table["film_rate"]) == ("fields", "24000/1001")
    assert framescope("timing", path, "--no-opencv", "--no-telecine", "--json").json()["telecine"] is None
    source = write(tmp_path / "film.mp4", frames, rate=Fraction(24000, 1001))
    compared = framescope("compare", source, path, "--metric", "none")
    assert "B: Hard telecine (2:3 pulldown)" in compared.out
    assert "A: Hard telecine" not in compared.out
