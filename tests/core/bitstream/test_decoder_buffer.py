"""The decoder's buffer is what the encoder was told, and its level that of a bucket filled drop by drop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.bitstream.decoder_buffer import (
    BufferLevels,
    DeclaredBuffer,
    buffer_from,
    buffer_levels,
    buffer_rows,
    declared_buffer,
)
from framescope.core.media.facts.bit_rate_facts import why_no_buffer
from framescope.core.media.index import NO_PTS
from framescope.core.source.opening import open_video
from tests.clips.encoding import Encoding, write_clip
from tests.core.bitstream.test_bit_rate import listed

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex


def levels_of(index: FrameIndex, declared: DeclaredBuffer) -> BufferLevels:
    levels = buffer_levels(index, declared)
    assert levels is not None
    return levels


def bucket(times: list[float], sizes: list[int], declared: DeclaredBuffer) -> list[tuple[float, float]]:
    """Before and after each removal, one packet after the other."""
    level, found, before = declared.size_bytes, [], times[0]
    if declared.delay_s is not None:
        level = declared.rate / 8 * declared.delay_s
    for time, size in zip(times, sizes, strict=True):
        level += (time - before) * declared.rate / 8
        if not declared.is_constant:
            level = min(level, declared.size_bytes)
        found.append((level, level - size))
        level, before = level - size, time
    return found


@pytest.mark.parametrize("is_constant", [True, False])
@pytest.mark.parametrize("delay_s", [None, 0.25])
def test_the_level_is_that_of_a_bucket(*, is_constant: bool, delay_s: float | None) -> None:
    random = np.random.default_rng(7)
    times = np.cumsum(random.integers(10, 80, 300))
    sizes = random.integers(10, 700, 300).tolist()
    declared = DeclaredBuffer(64_000, 1000.0, delay_s, is_constant)
    levels = levels_of(listed(times, sizes), declared)
    expected = bucket((times / 1000).tolist(), sizes, declared)
    assert levels.before == pytest.approx([before for before, _ in expected], abs=1e-6)
    assert levels.after == pytest.approx([after for _, after in expected], abs=1e-6)
    assert levels.underflows.tolist() == [n for n, (_, after) in enumerate(expected) if after < -1]
    assert levels.overflows.tolist() == [n for n, (before, _) in enumerate(expected) if before > 1001]
    assert not (len(levels.overflows) and not is_constant)


def test_faults_are_said_and_are_on_their_frames() -> None:
    declared = DeclaredBuffer(8000, 1000.0, None, is_constant=False)
    kept = levels_of(listed([0, 500, 1000], [400, 400, 400]), declared)
    assert kept.sentence.startswith("The stream keeps to its buffer. Declared: 1.00 kB")
    late = levels_of(listed([0, 100, 200], [400, 900, 10]), declared)
    assert late.underflows.tolist() == [1, 2]
    assert "2 packets arrive too late (underflow)." in late.sentence
    assert late.by_frame(3) == pytest.approx([0.6, -0.2, -0.11])
    tiny = levels_of(listed([0, 100], [400, 2000]), declared)
    assert tiny.sentence.startswith(
        "The declared buffer is implausible: the largest packet alone is 2.00 kB."
    )
    exact = DeclaredBuffer(8000, 1000.0, 0.4, is_constant=True)
    assert levels_of(listed([0], [412]), exact).underflows.tolist() == [0]
    assert not len(levels_of(listed([0], [412]), replace(exact, head_bytes=12)).underflows)
    full = levels_of(listed([0, 9000], [1, 1]), replace(declared, is_constant=True))
    assert "Before 1 packet, more has arrived" in full.sentence
    assert list(buffer_rows(full).rows())[1] == (1, 1, 9.0, 9999.0, 9998.0, False, True)


def test_decode_times_that_are_missing_or_jump_back() -> None:
    declared = DeclaredBuffer(8000, 1000.0, None, is_constant=False)
    index = listed([0, 100, 200, 300], [1] * 4)
    some = replace(index, dts=np.array([NO_PTS, 100, NO_PTS, 300]))
    assert levels_of(some, declared).times_s == pytest.approx([0, 0.1, 0.2, 0.3])
    # Without dts, frames are decoded at the pace at which they are shown.
    shown = replace(index, dts=np.full(4, NO_PTS), packet_numbers=np.array([0, 2, 3, 1], np.int32))
    assert levels_of(shown, declared).times_s == pytest.approx([0, 0.1, 0.2, 0.3])
    back = replace(index, dts=np.array([0, 100, 50, 150]))
    assert levels_of(back, declared).times_s == pytest.approx([0, 0.1, 0.1, 0.2])
    assert buffer_levels(listed([NO_PTS] * 3, [1] * 3), declared) is None
    # Packets behind the last frame are removed at the same pace.
    behind = levels_of(listed([0, 100], [1, 1, 1, 1]), declared)
    assert behind.times_s == pytest.approx([0, 0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("clip.mp4", "libx264", {"x264-params": "nal-hrd=vbr:vbv-maxrate=400:vbv-bufsize=300:bitrate=300"}),
        ("clip.ts", "libx264", {"x264-params": "nal-hrd=cbr:vbv-maxrate=400:vbv-bufsize=300:bitrate=400"}),
        (
            "hevc.mp4",
            "libx265",
            {"x265-params": "log-level=none:hrd=1:vbv-maxrate=400:vbv-bufsize=300:bitrate=300"},
        ),
    ],
)
def test_it_is_what_the_encoder_was_told(
    name: str, codec: str, options: dict[str, str], tmp_path: Path
) -> None:
    write_clip(tmp_path / name, Encoding(codec=codec, frames=24, options=options))
    with open_video(tmp_path / name) as video:
        declared = declared_buffer(video.info, video.index)
        assert declared is not None
        assert (declared.rate, declared.size_bytes) == (400_000, 37_500)
        assert declared.is_constant == (name == "clip.ts")
        # Both encoders start with a buffer filled to nine tenths.
        assert declared.delay_s == pytest.approx(0.9 * 300 / 400, abs=1e-4)
        # An encoder that keeps to its own limits neither runs dry nor over.
        assert not len(levels_of(video.index, declared).underflows)


def test_mpeg_2(tmp_path: Path) -> None:
    options = {"b": "400000", "maxrate": "800000", "bufsize": "300000"}
    write_clip(tmp_path / "clip.ts", Encoding(codec="mpeg2video", frames=12, options=options))
    with open_video(tmp_path / "clip.ts") as video:
        declared = declared_buffer(video.info, video.index)
    assert declared is not None
    assert declared.head_bytes > 12
    assert replace(declared, head_bytes=0) == DeclaredBuffer(800_000, 19 * 2048, None, is_constant=False)
    values = {"bit_rate_value": "1000", "vbv_buffer_size_value": "20", "vbv_delay": "45000"}
    assert buffer_from("mpeg1video", values) == DeclaredBuffer(400_000, 40_960, 0.5, is_constant=True)
    longer = {**values, "bit_rate_extension": "1", "vbv_buffer_size_extension": "1"}
    assert buffer_from("mpeg2video", longer) == DeclaredBuffer(
        (1000 + (1 << 18)) * 400, (20 + 1024) * 2048, 0.5, is_constant=True
    )
    assert buffer_from("mpeg1video", {**values, "bit_rate_value": str(0x3FFFF)}) is None
    assert buffer_from("mpeg2video", {"bit_rate_value": "0"}) is None


def test_what_declares_none(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        assert not why_no_buffer(video.info)
        assert declared_buffer(video.info, video.index) is None
        assert "H.264" in why_no_buffer(replace(video.info, codec="vp9"))
        assert declared_buffer(replace(video.info, codec="vp9"), video.index) is None
