"""What is no video is refused with one clear sentence, whatever it is; what cannot be asked for, likewise."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from framescope import FrameScopeError, FrameUnavailableError, open_video
from tests.clips.oddities import REFUSED_FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.oddities import RefusedFile


@pytest.mark.parametrize("entry", REFUSED_FILES, ids=lambda entry: entry.name)
def test_a_file_without_video_is_refused(entry: RefusedFile, refused_file: Callable[[str], Path]) -> None:
    with pytest.raises(entry.error) as caught:
        open_video(refused_file(entry.name), use_index_cache=False)
    assert entry.name in caught.value.message or caught.value.hint
    assert "\n" not in caught.value.message
    assert "Errno" not in caught.value.message


@pytest.mark.parametrize("number", [-1, 48, 10**9])
def test_a_number_outside_is_refused(number: int, plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video, pytest.raises(IndexError):
        video.frame(number)


def test_a_video_goes_on_after_a_refused_number(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        with pytest.raises(IndexError):
            video.frame(48)
        assert video.frame(47).frame_number == 47


def test_a_file_that_vanishes_is_an_error_not_a_wrong_frame(plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "gone.mp4"
    shutil.copy(plain_clip, path)
    with open_video(path, use_index_cache=False, cache_bytes=0) as video:
        path.unlink()
        for number in (40, 3, 47):
            try:
                assert video.frame(number).frame_number == number
            except FrameScopeError as error:
                assert error.message  # noqa: PT017 - either answer is right


@pytest.mark.parametrize("replacement", ["gop_open.mp4", "small_h264.ts", "vfr.mp4"])
def test_a_file_that_is_replaced_gives_no_wrong_frame(
    replacement: str, plain_clip: Path, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "replaced.mp4"
    shutil.copy(plain_clip, path)
    with open_video(path, use_index_cache=False, cache_bytes=0) as video:
        before = {number: video.frame(number).to_rgb() for number in (3, 40)}
        path.unlink()
        shutil.copy(clip(replacement), path)
        for number, picture in before.items():
            try:
                again = video.frame(number).to_rgb()
            except FrameScopeError:
                continue
            assert (again == picture).all()


def test_damage_is_an_answer_that_does_not_end_the_rest(clip: Callable[[str], Path]) -> None:
    with open_video(clip("damaged_mjpeg.mov"), use_index_cache=False) as video:
        answers = list(video.try_frames(range(len(video))))
    assert len(answers) == 46
    assert not any(isinstance(answer, FrameUnavailableError) for answer in answers)
