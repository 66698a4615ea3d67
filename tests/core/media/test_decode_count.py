"""Counting by decoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media import decode_count
from framescope.core.media.decode_count import CountedStream, count_frames, digest_frame
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.index_builder import list_packets
from framescope.core.media.probe import probe
from framescope.core.model.progress import CancelToken, ignore_progress
from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def count(
    path: Path, on_partial: Callable[[FrameIndex], None] | None = None, *, cancelled: bool = False
) -> FrameIndex:
    info = probe(str(path))
    packets, _ = list_packets(info)
    cancel = CancelToken()
    if cancelled:
        cancel.cancel()
    stream = CountedStream(info.source, info.stream_index, info.time_base)
    return count_frames(stream, packets, progress=ignore_progress, cancel=cancel, on_partial=on_partial)


@pytest.mark.parametrize("name", ["h264.mp4", "mpeg4.avi", "h264.h264", "gop_open.ts", "damaged_middle.mp4"])
def test_counts_what_a_sequential_decode_shows(name: str, clip: Callable[[str], Path]) -> None:
    index, truth = count(clip(name)), true_frames(clip(name))
    assert index.basis is IndexBasis.DECODED
    assert len(index) == len(truth)
    assert "".join(index.picture_types) == "".join(frame.picture_type for frame in truth)
    assert index.picture_types_decoded


def test_damage_is_noted_where_it_is(clip: Callable[[str], Path]) -> None:
    index = count(clip("damaged_vp9.webm"))
    assert index.damage
    assert index.damage[0].packet_count >= 1
    assert 0 < index.damage[0].before_frame_number <= len(index)
    assert index.damage[0].reason
    assert index.single_thread


def test_snapshots_are_prefixes(clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_count, "_REPORT_S", 0.0)
    parts: list[FrameIndex] = []
    whole = count(clip("h264.mp4"), parts.append)
    assert parts
    assert all(whole.extends(part) and not part.complete for part in parts)
    assert [len(part) for part in parts] == sorted(len(part) for part in parts)


def test_a_cancelled_count_stops(plain_clip: Path) -> None:
    with pytest.raises(Cancelled):
        count(plain_clip, cancelled=True)


def test_a_digest_sees_one_changed_sample_and_no_padding() -> None:
    frame, other = av.VideoFrame(61, 47, "yuv420p"), av.VideoFrame(61, 47, "yuv420p")
    for one in (frame, other):
        for plane in one.planes:
            plane.update(bytes(plane.buffer_size))
    data = bytearray(other.planes[0].buffer_size)
    data[other.planes[0].line_size - 1] = 1  # behind the last visible column
    other.planes[0].update(bytes(data))
    assert digest_frame(frame) == digest_frame(other)
    data[0] = 1
    other.planes[0].update(bytes(data))
    assert digest_frame(frame) != digest_frame(other)
