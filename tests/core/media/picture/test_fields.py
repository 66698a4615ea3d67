"""Fields are the rows as stored; deinterlaced pictures are those of FFmpeg's filter over the whole video."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import av.filter
import numpy as np
import pytest

from framescope.core.media.picture.fields import FieldView, deinterlaced, field_of
from framescope.core.media.picture.planes import frame_planes
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLIPS = ["gop_interlaced.mp4", "gop_mpeg2_interlaced.ts"]


@pytest.mark.parametrize("name", CLIPS)
def test_a_field_is_every_second_row_of_each_plane(name: str, clip: Callable[[str], Path]) -> None:
    frame = next(iter(decode_in_sequence(clip(name))))
    for view, first in ((FieldView.TOP, 0), (FieldView.BOTTOM, 1)):
        made = field_of(frame, view)
        for plane, whole in zip(frame_planes(made), frame_planes(frame), strict=True):
            np.testing.assert_array_equal(plane, whole[first::2])


@pytest.mark.parametrize("pixel_format", ["yuv422p10le", "gray", "rgb24", "yuv444p"])
def test_other_formats_have_fields_too(pixel_format: str) -> None:
    rows = np.arange(32, dtype=np.uint8)[:, None, None]
    frame = av.VideoFrame.from_ndarray(np.tile(rows * 4 + 40, (1, 48, 3)), "rgb24").reformat(
        format=pixel_format
    )
    made = field_of(frame, FieldView.BOTTOM)
    assert made.format.name == pixel_format
    for plane, whole in zip(frame_planes(made), frame_planes(frame), strict=True):
        np.testing.assert_array_equal(plane, whole[1::2])


@pytest.mark.parametrize("name", CLIPS)
def test_each_picture_is_that_of_the_filter_over_all(name: str, clip: Callable[[str], Path]) -> None:
    frames = list(decode_in_sequence(clip(name)))[:8]
    graph = av.filter.Graph()
    first = frames[0]
    source = graph.add_buffer(
        width=first.width, height=first.height, format=first.format, time_base=Fraction(1, 25)
    )
    # FFmpeg reads from each picture which field comes first.
    bwdif, sink = graph.add("bwdif", "mode=send_frame:parity=auto:deint=all"), graph.add("buffersink")
    source.link_to(bwdif)
    bwdif.link_to(sink)
    graph.configure()
    wanted = []
    for frame in (*frames, None):
        source.push(frame)
        try:
            while True:
                wanted.append(cast("av.VideoFrame", sink.pull()))
        except (av.error.BlockingIOError, av.error.EOFError):
            continue
    assert len(wanted) == len(frames)
    # The filter's first and last picture know neighbours on one side only, as ours do.
    for number, frame in enumerate(frames):
        before = frames[number - 1] if number else None
        after = frames[number + 1] if number + 1 < len(frames) else None
        made = deinterlaced(before, frame, after)
        for plane, expected in zip(frame_planes(made), frame_planes(wanted[number]), strict=True):
            np.testing.assert_array_equal(plane, expected)


def test_a_neighbor_of_another_size_is_left_out(clip: Callable[[str], Path]) -> None:
    frames = list(decode_in_sequence(clip("gop_interlaced.mp4")))[:2]
    small = frames[1].reformat(width=64, height=48)
    for plane, expected in zip(
        frame_planes(deinterlaced(small, frames[0], small)),
        frame_planes(deinterlaced(None, frames[0], None)),
        strict=True,
    ):
        np.testing.assert_array_equal(plane, expected)
