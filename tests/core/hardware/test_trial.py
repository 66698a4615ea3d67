"""The trial finds every fault that a device can have, and blames no device for a damaged file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import DeviceError
from framescope.core.hardware.downloaded import as_software
from framescope.core.hardware.trial import Extent, TrialResult, compare
from framescope.core.media.probe import probe
from tests.clips.truth import decode_in_sequence, digest_of_av_frame
from tests.core.hardware import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def tried(path: Path, device: stand_ins.StandIn, extent: Extent | None = None) -> TrialResult:
    info = probe(str(path))
    return compare(
        info.source, info.stream_index, pixel_format=info.pixel_format, device=device, extent=extent
    )


@pytest.mark.parametrize(
    "name",
    [
        "h264.mp4",
        "hevc.mkv",
        "gop_open.ts",
        "gop_interlaced.mp4",
        "gop_mpeg2_interlaced.ts",
        "ten_bit.mp4",
        "odd_size.mkv",
        "chroma_422.mp4",
        "chroma_444.mp4",
        "full_range_709.mp4",
        "vp9.webm",
        "mpeg4.avi",
    ],
)
def test_a_device_without_fault_is_found_so(name: str, clip: Callable[[str], Path]) -> None:
    result = tried(clip(name), stand_ins.StandIn())
    assert not result.difference
    assert result.is_conclusive
    # More than the file has, since the start is compared once more after a seek.
    assert result.frames > 48


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (stand_ins.Absent, "no such device"),
        (lambda: stand_ins.Failing(12), "reported an error (gone)"),
        (lambda: stand_ins.OffByOne(20), "frame 20: 1 of 28\u202f800 samples differ, by up to 1"),
        (stand_ins.Dropping, "it gave another frame"),
        (stand_ins.Repeating, "frame 6: "),
        (stand_ins.Swapping, "frame 4: it gave another frame"),
        (stand_ins.Shrinking, "frame 0: another size"),
        (stand_ins.OtherFormat, "gives pictures as bgra where software gives yuv420p"),
    ],
    ids=["absent", "failing", "off by one", "dropping", "repeating", "swapping", "shrinking", "format"],
)
def test_every_fault_is_found(device: Callable[[], stand_ins.StandIn], words: str, plain_clip: Path) -> None:
    result = tried(plain_clip, device())
    assert words in result.difference
    assert result.is_conclusive


def test_a_last_frame_that_never_comes_out_is_found(plain_clip: Path) -> None:
    class Swallowing(stand_ins.StandIn):
        def decode(self, context, packet):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            return super().decode(context, packet) if packet is not None and packet.size else []

    assert "than software" in tried(plain_clip, Swallowing()).difference


def test_a_fault_after_a_seek_is_found(plain_clip: Path) -> None:
    result = tried(plain_clip, stand_ins.OffByOne(50))
    assert result.frames == 50
    assert "differ" in result.difference


@pytest.mark.parametrize("name", ["damaged_middle.mkv", "damaged_keyframe.mp4"])
def test_damage_says_nothing_about_a_device(name: str, clip: Callable[[str], Path]) -> None:
    result = tried(clip(name), stand_ins.StandIn())
    assert not result.is_conclusive
    assert "damaged" in result.difference


def test_one_frame_says_nothing_about_a_device(clip: Callable[[str], Path]) -> None:
    result = tried(clip("one_frame.mp4"), stand_ins.StandIn())
    assert not result.is_conclusive


@pytest.mark.parametrize("extent", [Extent(frames=10), Extent(pixels=10 * 160 * 120), Extent(pixels=1)])
def test_only_the_start_of_a_long_file_is_compared(extent: Extent, plain_clip: Path) -> None:
    result = tried(plain_clip, stand_ins.StandIn(), extent)
    assert 8 <= result.frames < 48
    assert not result.difference


@pytest.mark.parametrize("name", ["h264.mp4", "ten_bit.mp4", "odd_size.mkv", "gop_interlaced.mp4"])
def test_no_sample_changes_on_the_way(name: str, clip: Callable[[str], Path]) -> None:
    for frame in list(decode_in_sequence(clip(name)))[:4]:
        given = stand_ins.as_downloaded(frame)
        assert given.format.name != frame.format.name
        back = as_software(given, frame.format.name)
        assert digest_of_av_frame(back) == digest_of_av_frame(frame)
        assert back.interlaced_frame == frame.interlaced_frame
        assert (back.pict_type, back.pts) == (frame.pict_type, frame.pts)


def test_bits_that_the_video_cannot_have_are_refused(clip: Callable[[str], Path]) -> None:
    given = stand_ins.as_downloaded(next(decode_in_sequence(clip("ten_bit.mp4"))))
    np.frombuffer(memoryview(given.planes[0]), np.uint16)[3] |= 1
    with pytest.raises(DeviceError, match="more bits"):
        as_software(given, "yuv420p10le")
