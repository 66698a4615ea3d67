"""The promise, saved: pictures exported from real files are those of an independent decode, pixel for pixel.

The colour rule that the test follows by itself: swscale to BGR with 8 bits, by the matrix that the frame
signals, else the stream, else BT.709 from 720 rows or 1280 columns on and BT.601 below; all code values where
frame or stream say so, in RGB, or by the format's own name; not turned.

A few frames of each file are compared; ``FRAMESCOPE_EXPORTED_FRAMES`` is how many more, spread over the file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from framescope import open_video
from framescope.core.export.encoders.formats import BitDepth
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.verify import verify_folder
from framescope.core.export.plan import plan_export
from framescope.core.export.result import Fate
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat
from tests.clips.reference_picture import displayed_rgb
from tests.clips.truth import decode_in_sequence
from tests.contract.test_real_media import ROWS, VIDEOS, cache_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope import Video

MORE_FRAMES = int(os.environ.get("FRAMESCOPE_EXPORTED_FRAMES", "0"))
MANY_PIXELS, VERY_MANY_PIXELS = 2_100_000, 8_000_000
_JPEG, _MPEG = int(ColorRange.JPEG), int(ColorRange.MPEG)
# By the numbers of ITU-T H.273.
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    # PyAV 17 has no name for it.
    9: 9,
    10: 9,
}

if not ROWS:
    pytest.skip("no real media: set FRAMESCOPE_MEDIA to a folder of real files", allow_module_level=True)


@pytest.mark.parametrize("name", VIDEOS)
def test_saved_pictures_are_those_of_a_sequential_decode(
    name: str, media_file: Callable[[str], Path], tmp_path: Path
) -> None:
    path = media_file(name)
    settings = ExportSettings(
        tmp_path / "out",
        ImageFormat.PNG,
        compression=1,
        bit_depth=BitDepth.EIGHT,
        rotate=False,
        name_pattern="{frame}",
    )
    with open_video(path, use_index_cache=False, cache_bytes=cache_bytes(name)) as video:
        numbers = telling_frames(video)
        plan = plan_export(video.info, video.index, numbers, settings)
        result = export_frames(video, plan, manifest=True)
        assert result.is_complete, result.summary
        stream_index, damaged = video.info.stream_index, set(video.index.damaged_frames.tolist())
    (section,) = read_manifest(settings.folder).sections
    lines = {line.frame_number: line for line in section.lines if line.fate is Fate.WRITTEN}
    assert list(lines) == numbers
    with av.open(str(path)) as container:
        stream = next(one for one in container.streams.video if one.index == stream_index)
        signalled = stream.codec_context.colorspace, stream.codec_context.color_range
    for number, frame in enumerate(decode_in_sequence(path, stream_index=stream_index)):
        line = lines.pop(number, None)
        if line is None:
            continue
        data = np.fromfile(settings.folder / line.file, np.uint8)
        saved = cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        assert saved is not None
        assert np.array_equal(saved, to_bgr(frame, *signalled)), f"frame {number}"
        assert line.pts == frame.pts
        # The decoder marks where it conceals; what depends on that is marked as well, and nothing else.
        assert line.is_damaged is (number in damaged)
        assert line.is_damaged or not frame.is_corrupt
        if not lines:
            break
    assert not lines
    assert verify_folder(settings.folder).is_good


def telling_frames(video: Video) -> list[int]:
    """The first and the last, those around keyframes, damaged ones, and as many more as are requested."""
    total, pixels = len(video), video.info.width * video.info.height
    chosen = {0, total - 1 if pixels <= VERY_MANY_PIXELS else 1}
    if pixels <= MANY_PIXELS:
        keys = video.index.keyframes.tolist()
        for key in {*keys[1:2], *keys[-1:]}:
            chosen |= {key - 1, key}
        chosen |= {1, total // 2, *video.index.damaged_frames[:2].tolist()}
    if MORE_FRAMES:
        chosen |= set(np.linspace(0, total - 1, min(MORE_FRAMES, total)).astype(int).tolist())
    return sorted(number for number in chosen if 0 <= number < total)


def to_bgr(frame: av.VideoFrame, stream_matrix: int, stream_range: int) -> NDArray[np.uint8]:
    """(rows, columns, 3) by the colour rule."""
    name = frame.format.name
    by_size = 1 if frame.height >= 720 or frame.width >= 1280 else 6
    matrix = next((one for one in (frame.colorspace, stream_matrix) if one in _MATRICES), by_size)
    is_full = frame.color_range == _JPEG or (
        frame.color_range != _MPEG
        and (stream_range == _JPEG or frame.format.is_rgb or name.startswith("yuvj"))
    )
    return displayed_rgb(frame, int(_MATRICES[matrix]), is_full=is_full)[..., ::-1]
