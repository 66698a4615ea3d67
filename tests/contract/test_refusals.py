"""What is no video is refused with one clear sentence, whatever it is; what cannot be requested, likewise."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from framescope import FrameScopeError, FrameUnavailableError, OpenError, open_video
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


def test_a_file_that_still_grows_keeps_the_frames_it_had(clip: Callable[[str], Path], tmp_path: Path) -> None:
    whole = clip("h264.ts").read_bytes()
    path = tmp_path / "growing.ts"
    path.write_bytes(whole[: len(whole) // 2])
    with open_video(path, use_index_cache=False, cache_bytes=0) as video:
        # The last ones are cut off in the middle; what they look like changes with the file.
        known = {number: video.frame(number).to_rgb() for number in range(len(video) - 6)}
        with path.open("ab") as file:
            file.write(whole[len(whole) // 2 :])
        for number, picture in reversed(known.items()):
            assert (video.frame(number).to_rgb() == picture).all()
    with open_video(path, use_index_cache=False) as video:
        assert len(video) == 48


def test_a_stale_index_is_not_used(
    clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "changing.mp4"
    shutil.copy(clip("h264.mp4"), path)
    with open_video(path) as video:
        assert len(video) == 48
    shutil.copy(clip("gop_one_long.mp4"), path)
    with open_video(path) as video:
        assert len(video) == 120
        assert video.index.keyframes.tolist() == [0]


def test_a_file_that_may_not_be_read_is_refused(plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "secret.mp4"
    shutil.copy(plain_clip, path)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root, and whoever has its rights, may read everything")
    with pytest.raises(OpenError):
        open_video(path, use_index_cache=False)
