"""``framescope timing`` tells when frames are, and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_constant_file(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    out = framescope("timing", plain_clip, "--frame", "7").out
    for words in ("Constant: all 47 intervals", "24 fps", "always the right frame", "00:00:00:07", "Frame 7"):
        assert words in out


def test_a_varying_file(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    out = framescope("timing", clip("vfr.mp4"), "--no-opencv").out
    assert "Variable: " in out
    assert "would be taken for another" in out
    assert "POS_MSEC" not in out


def test_json(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("timing", plain_clip, "--json", "--frame", "0").json()
    assert table["is_constant"] is True
    assert table["rate"] == "24"
    assert table["opencv_error"]["wrong_frames"] == 0  # type: ignore[index] # a table
    assert table["identity"]["number_from_1"] == 1  # type: ignore[index] # a table


def test_a_frame_that_is_not_there(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("timing", plain_clip, "--no-opencv", "--frame", "48")
    assert answer.status == 2
    assert "has 48" in answer.err
