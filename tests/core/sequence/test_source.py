"""The pictures of a sequence are those of its files, whatever the order they are read in."""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled, CorruptFrameError, MissingFileError, OpenError
from framescope.core.media.index import IndexBasis
from framescope.core.model.progress import CancelToken, cancellable
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER
from framescope.core.source.opening import build_index, known_video, open_video, probe

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def _picture(number: int, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def _write(path: Path, pixels: NDArray[np.uint8], codec: str = "png", pixel_format: str = "rgb24") -> None:
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=pixel_format)
    context = cast("av.VideoCodecContext", av.CodecContext.create(codec, "w"))
    context.width, context.height, context.pix_fmt = frame.width, frame.height, pixel_format
    context.time_base = Fraction(1, 25)
    path.write_bytes(b"".join(bytes(packet) for packet in (*context.encode(frame), *context.encode(None))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures 3, 4, 7 … 12, losslessly."""
    place = tmp_path / "shots"
    place.mkdir()
    for number in (3, 4, *range(7, 13)):
        _write(place / f"shot_{number:03d}.png", _picture(number))
    return place


@pytest.mark.parametrize("read_ahead", [False, True])
def test_every_picture_is_its_files(folder: Path, *, read_ahead: bool) -> None:
    with open_video(folder, read_ahead=read_ahead) as video:
        assert video.info.container == SEQUENCE_CONTAINER
        numbers = (3, 4, 7, 8, 9, 10, 11, 12)
        assert len(video) == len(numbers)
        for frame_number in (0, 7, 3, 2, 5, 6, 1, 4, 4):
            frame = video.frame(frame_number)
            assert frame.frame_number == frame_number
            assert frame.is_keyframe
            assert frame.time_s == pytest.approx(frame_number / 25)
            np.testing.assert_array_equal(frame.to_rgb(), _picture(numbers[frame_number]))
        found = [frame.to_rgb() for frame in video.frames(range(len(video)))]
    for pixels, number in zip(found, numbers, strict=True):
        np.testing.assert_array_equal(pixels, _picture(number))


def test_notes_tell_the_files_the_rate_and_the_gap(folder: Path) -> None:
    with open_video(folder) as video:
        notes = " ".join(video.index.notes)
    assert "Frame 0 is shot_003.png, the last frame is shot_012.png." in notes
    assert "2 numbers are missing in the names: 5–6." in notes
    assert "25 frames per second are assumed" in notes
    with open_video(f"{folder}#fps=30000/1001") as video:
        assert video.info.average_rate == Fraction(30000, 1001)
        assert video.frame(7).time_s == pytest.approx(7 * 1001 / 30000)
        assert "assumed" not in " ".join(video.index.notes)


def test_pictures_may_differ_in_size_and_format(tmp_path: Path) -> None:
    _write(tmp_path / "p1.png", _picture(1))
    _write(tmp_path / "p2.png", _picture(2, 30, 20))
    _write(tmp_path / "p3.png", _picture(3), pixel_format="gray")
    with open_video(tmp_path) as video:
        sizes = [video.frame(number).to_rgb().shape for number in range(3)]
        assert sizes == [(48, 64, 3), (30, 20, 3), (48, 64, 3)]
        np.testing.assert_array_equal(video.frame(1).to_rgb(), _picture(2, 30, 20))


def test_a_damaged_picture_is_refused_and_the_others_are_shown(folder: Path) -> None:
    (folder / "shot_007.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    with open_video(folder) as video:
        with pytest.raises(CorruptFrameError, match=r"shot_007\.png cannot be decoded"):
            video.frame(2)
        np.testing.assert_array_equal(video.frame(3).to_rgb(), _picture(8))


def test_a_truncated_picture_is_shown_as_damaged(tmp_path: Path) -> None:
    for number in range(3):
        _write(tmp_path / f"p{number}.jpg", _picture(number, 480, 640), "mjpeg", "yuvj444p")
    path = tmp_path / "p1.jpg"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_video(tmp_path) as video:
        assert [video.frame(number).is_damaged for number in range(3)] == [False, True, False]


@pytest.mark.parametrize("change", ["rewritten", "removed", "same size", "older, same size"])
def test_files_that_change_after_opening_are_never_mixed_in(folder: Path, change: str) -> None:
    with open_video(folder, cache_bytes=0) as video:
        path = folder / "shot_009.png"
        before = path.stat()
        if change == "rewritten":
            _write(path, _picture(99, 20, 20))
        elif change == "removed":
            path.unlink()
        elif change == "older, same size":
            # Pictures that are not compressed are all of the same size.
            path.rename(folder / "aside.png")
            shutil.copy(folder / "aside.png", path)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns - 5_000_000_000))
        else:
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 255
            path.write_bytes(data)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 5_000_000_000))
        with pytest.raises(OpenError):
            video.frame(4)


@pytest.mark.parametrize("read_ahead", [False, True])
def test_files_added_while_it_is_open_move_no_number(folder: Path, *, read_ahead: bool) -> None:
    with open_video(folder, cache_bytes=0, read_ahead=read_ahead) as video:
        for number in (1, 5, 13):
            _write(folder / f"shot_{number:03d}.png", _picture(number))
        assert len(video) == 8
        for frame_number, number in enumerate((3, 4, 7, 8, 9, 10, 11, 12)):
            np.testing.assert_array_equal(video.frame(frame_number).to_rgb(), _picture(number))


def test_a_file_that_cannot_be_read_is_one_missing_frame(folder: Path) -> None:
    # A list of other files, which FFmpeg must not follow.
    (folder / "shot_007.png").write_text("ffconcat version 1.0\nfile '../outside.png'\n")
    with open_video(folder) as video:
        answers = list(video.try_frames(range(len(video))))
    assert [number for number, answer in enumerate(answers) if isinstance(answer, CorruptFrameError)] == [2]


def test_a_folder_without_pictures_says_what_a_sequence_is(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        probe(tmp_path / "s_%04d.png")
    with pytest.raises(OpenError):
        probe(tmp_path)


def test_frames_are_counted_from_files_and_there_is_nothing_to_verify(folder: Path) -> None:
    with open_video(folder) as video:
        assert video.index.basis is IndexBasis.FILES
        assert not video.index.basis.can_be_verified


def test_pictures_added_later_are_there_when_the_folder_is_opened_again(folder: Path) -> None:
    """Also if nothing but the time of the folder says so, and it is long ago that it was read first."""
    long_ago = 1_700_000_000_000_000_000
    os.utime(folder, ns=(long_ago, long_ago))
    for _ in range(2):
        with open_video(folder) as video:
            assert len(video) == 8
    _write(folder / "shot_013.png", _picture(13))
    with open_video(folder) as video:
        assert len(video) == 9
    (folder / "shot_003.png").unlink()
    with open_video(folder) as video:
        assert len(video) == 8
        np.testing.assert_array_equal(video.frame(0).to_rgb(), _picture(4))


def test_what_is_replaced_between_header_and_index_is_not_shown(folder: Path) -> None:
    info = probe(folder)
    _write(folder / "shot_007.png", _picture(70, height=64))
    with known_video(info, build_index(info)) as video:
        np.testing.assert_array_equal(video.frame(1).to_rgb(), _picture(4))
        with pytest.raises(OpenError, match="changed or replaced"):
            video.frame(2)


def test_looking_at_a_folder_can_be_cancelled(folder: Path, tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    with cancellable(cancel), pytest.raises(Cancelled):
        probe(other)
    with open_video(other) as video:
        assert len(video) == 8
