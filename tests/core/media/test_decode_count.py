"""Counting by decoding."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media import decode_count
from framescope.core.media.decode_count import CountedStream, count_frames, digest_frame, entry_table
from framescope.core.media.decoding.seek_plan import choose_entry
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.index_builder import list_packets
from framescope.core.media.probe import probe
from framescope.core.media.tables.packet_table import PacketTable
from framescope.core.model.progress import CancelToken, ignore_progress
from tests.clips.encoding import RATE
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


def test_a_keyframe_that_an_edit_list_hides_does_not_decode_its_leading_pictures(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    data = bytearray(clip("gop_hevc_open.mp4").read_bytes())
    whole = count(clip("gop_hevc_open.mp4"))
    # An open GOP: frames shown before their keyframe come after it in the file.
    packets = whole.packet_numbers.tolist()
    key = next(n for n in whole.keyframes.tolist() if n and packets[n - 1] > packets[n])
    place = data.index(b"elst") + 12
    scale = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)[0]
    # The edit ends where the keyframe's own time begins.
    struct.pack_into(">I", data, place, round(key * scale / RATE))
    path = tmp_path / "cut.mp4"
    path.write_bytes(data)
    index = count(path)
    assert len(index) == key == len(true_frames(path))
    entry = index.entries.packet_numbers.tolist().index(packets[key])
    assert int(index.packet_numbers[key - 1]) > packets[key]
    assert index.entries.first_numbers[entry] == key
    assert choose_entry(index, key - 1) < entry


def test_first_numbers_of_hidden_keyframes() -> None:
    pts = np.array([0, 3, 1, 2, 6, 4, 5, 8, 7, 9])
    flags = np.isin(np.arange(10), (0, 4, 7))
    nothing = np.zeros(10, np.bool_)
    packets = PacketTable(
        pts=pts, dts=np.arange(10), sizes=np.full(10, 9, np.int32), positions=np.arange(10),
        is_keyframe=flags, is_discard=nothing, is_corrupt=nothing.copy(),
        picture_type_codes=np.zeros(10, np.uint8),
    )  # fmt: skip
    shown = {  # the packets of the frames, by the hidden keyframes
        (): ([0, 2, 3, 1, 5, 6, 4, 8, 7, 9], [0, 6, 8]),
        (4,): ([0, 2, 3, 1, 5, 6, 8, 7, 9], [0, 6, 7]),
        (4, 7): ([0, 2, 3, 1, 5, 6, 8, 9], [0, 6, 7]),
        (4, 7, 9): ([0, 2, 3, 1, 5, 6, 8], [0, 6, 7]),
    }
    for hidden, (numbers, first) in shown.items():
        table = entry_table(packets, np.array(numbers, np.int32))
        assert table.first_numbers.tolist() == first, hidden
