"""Sound TIFF pictures are not marked as damaged for the tags they carry; damaged ones still are."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_HEIGHT, _WIDTH = 40, 48
_ORIENTATION, _RESOLUTION_UNIT, _EXTRA, _SAMPLE_FORMAT, _XMP, _EXIF = 274, 296, 338, 339, 700, 34665
_DEFLATE = 8


def _pixels(number: int) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(0, 256, (_HEIGHT, _WIDTH), np.uint8)


def _tiff(
    pixels: NDArray[np.uint8], *tags: int, order: str = "<", value: int = 1, damages: bool = False
) -> bytes:
    """One grey picture in one deflated strip, with further tags."""
    strip = bytearray(zlib.compress(pixels.tobytes()))
    if damages:
        # The checksum at the end.
        strip[-1] ^= 255
    known = {256: _WIDTH, 257: _HEIGHT, 258: 8, 259: _DEFLATE, 262: 1, 273: 8, 277: 1, 278: _HEIGHT}
    entries = sorted({**known, 279: len(strip), **dict.fromkeys(tags, value)}.items())
    short, head = 3, (b"II*\0" if order == "<" else b"MM\0*")
    rows = b"".join(struct.pack(f"{order}HHIHH", tag, short, 1, number, 0) for tag, number in entries)
    place = 8 + len(strip)
    return (
        head
        + struct.pack(f"{order}I", place)
        + bytes(strip)
        + struct.pack(f"{order}H", len(entries))
        + rows
        + bytes(4)
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "tags",
    [(), (_RESOLUTION_UNIT,), (_SAMPLE_FORMAT,), (_ORIENTATION, _RESOLUTION_UNIT, _EXTRA, _XMP, _EXIF)],
)
def test_other_tags_are_no_damage(tmp_path: Path, tags: tuple[int, ...], order: str) -> None:
    for number in range(4):
        (tmp_path / f"p{number}.tif").write_bytes(_tiff(_pixels(number), *tags, order=order))
    for source, numbers in ((tmp_path, range(4)), (tmp_path / "p2.tif", range(2, 3))):
        with open_video(source, use_index_cache=False) as video:
            assert len(video) == len(numbers)
            for frame, number in zip(video, numbers, strict=True):
                assert not frame.is_damaged
                np.testing.assert_array_equal(frame.picture.planes()[0], _pixels(number))
            assert not len(video.damaged_frames)


@pytest.mark.parametrize("tags", [(), (_RESOLUTION_UNIT,)])
def test_damage_is_found_whatever_the_tags(tmp_path: Path, tags: tuple[int, ...]) -> None:
    for number in range(3):
        (tmp_path / f"p{number}.tif").write_bytes(_tiff(_pixels(number), *tags, damages=number == 1))
    with open_video(tmp_path) as video:
        answers = list(video.try_frames(range(3)))
    marks = [isinstance(answer, FrameUnavailableError) or answer.is_damaged for answer in answers]
    assert marks == [False, True, False]


def test_samples_that_ffmpeg_misreads_stay_marked(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"p{number}.tif").write_bytes(_tiff(_pixels(number), _SAMPLE_FORMAT, value=2))
    with open_video(tmp_path) as video:
        assert video.frame(0).is_damaged
