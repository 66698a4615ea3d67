"""The GOP table, against the same counted frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.media.frame_order import order_frames
from framescope.core.media.gops import GopTable, frames_to_decode, gop_table
from tests.core.media.index_examples import TIME_BASE, closed_gops, open_gops, packet_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.index import FrameIndex

I, P, B = 1, 2, 3  # noqa: E741 - the field's own names


def typed_gops(*, complete: bool = True) -> FrameIndex:
    """IBBP twice and an open third GOP, stored I P B B, I P B B, I B B P."""
    pts = [0, 3, 1, 2, 4, 7, 5, 6, 10, 8, 9, 11]
    codes = [I, P, B, B, I, P, B, B, I, B, B, P]
    return order_frames(packet_table(pts, [0, 4, 8], codes=codes, complete=complete), TIME_BASE)


def check_by_hand(index: FrameIndex, table: GopTable) -> None:
    """Compare with a walk through the frames in decode order."""
    order = sorted(range(len(index)), key=lambda number: int(index.packet_numbers[number]))
    gops: list[list[int]] = []
    for number in order:
        if index.is_keyframe[number] or not gops:
            gops.append([])
        gops[-1].append(number)
    assert len(table) == len(gops)
    for gop, numbers in enumerate(gops):
        assert table.keyframes[gop] == numbers[0]
        assert table.first_frames[gop] == min(numbers)
        assert table.frame_counts[gop] == len(numbers)
        assert table.is_open[gop] == (min(numbers) < numbers[0])
        assert table.frames_of(gop).tolist() == sorted(numbers)
        assert table.frames_of(gop, in_decode_order=True).tolist() == numbers
        letters = "".join(str(index.picture_types[number]) for number in sorted(numbers))
        assert table.structure(gop) == letters
        counts = (table.i_counts[gop], table.p_counts[gop], table.b_counts[gop])
        assert counts == tuple(letters.count(letter) for letter in "IPB")
        assert {table.gop_of(number) for number in numbers} == {gop}
    assert table.sizes_bytes.sum() == index.packet_sizes.sum(dtype=np.int64)
    assert [frames_to_decode(index, number) for number in range(len(index))] == table.decode_costs.tolist()


@pytest.mark.parametrize("make", [closed_gops, open_gops, typed_gops])
def test_small_tables(make: Callable[[], FrameIndex]) -> None:
    index = make()
    check_by_hand(index, gop_table(index))


def test_open_and_closed_are_told_apart() -> None:
    table = gop_table(typed_gops())
    assert table.is_open.tolist() == [False, False, True]
    assert table.first_frames.tolist() == [0, 4, 8]
    assert table.keyframes.tolist() == [0, 4, 10]
    assert [table.structure(gop) for gop in range(3)] == ["IBBP", "IBBP", "BBIP"]
    assert table.structure(2, in_decode_order=True) == "IBBP"


def test_sizes_are_those_of_the_packets() -> None:
    assert gop_table(closed_gops()).sizes_bytes.tolist() == [sum(range(1000, 1004)), sum(range(1004, 1008))]


def test_leading_pictures_cost_the_gop_before() -> None:
    index = typed_gops()
    assert gop_table(index).decode_costs.tolist() == [1, 3, 4, 2, 1, 3, 4, 2, 6, 7, 1, 4]
    with pytest.raises(IndexError):
        frames_to_decode(index, 12)
    with pytest.raises(IndexError):
        frames_to_decode(index, -1)


def test_summary() -> None:
    summary = gop_table(typed_gops()).summary
    assert (summary.gop_count, summary.open_count) == (3, 1)
    assert (summary.shortest, summary.mean, summary.longest) == (4, 4.0, 4)
    assert summary.keyframe_share == 0.25
    assert (summary.longest_seek, summary.longest_seek_frame) == (7, 9)


def test_a_gop_that_still_grows_is_not_the_shortest() -> None:
    index = order_frames(packet_table([0, 1, 2, 3, 4], [0, 4], complete=False), TIME_BASE)
    table = gop_table(index)
    assert not table.complete
    assert table.summary.shortest == table.summary.longest == 4


def test_frames_from_an_earlier_place_come_along() -> None:
    table = gop_table(typed_gops())
    assert table.frames_from(4, 2).tolist() == list(range(4, 12))
    assert table.frames_from(11, 2).tolist() == [8, 9, 10, 11]


def test_histogram_counts_every_gop_once() -> None:
    keys = [0, 3, 6, 16, 19]
    table = gop_table(order_frames(packet_table(list(range(22)), keys), TIME_BASE))
    fine = table.length_histogram()
    assert dict(zip(fine.lows.tolist(), fine.counts.tolist(), strict=True))[3] == 4
    assert (fine.width, int(fine.counts.sum())) == (1, 5)
    coarse = table.length_histogram(most_bins=2)
    assert (coarse.width, coarse.lows.tolist(), coarse.counts.tolist()) == (4, [3, 7], [4, 1])


def test_nothing_at_all() -> None:
    table = gop_table(order_frames(packet_table([], []), TIME_BASE))
    assert len(table) == 0
    assert table.summary.gop_count == 0
    assert len(table.length_histogram().lows) == 0
    with pytest.raises(IndexError):
        table.gop_of(0)


def test_no_array_can_be_changed() -> None:
    table = gop_table(typed_gops())
    with pytest.raises(ValueError, match="read-only"):
        table.starts[0] = 5


def test_many_gops_are_summed_in_64_bits() -> None:
    count = 3000
    packets = packet_table(list(range(count)), list(range(count)))
    packets.sizes.setflags(write=True)
    packets.sizes[:] = 2_000_000
    table = gop_table(order_frames(packets, TIME_BASE))
    assert len(table) == count
    assert int(table.sizes_bytes.sum()) == count * 2_000_000


@pytest.mark.parametrize(
    "name",
    ["h264.mp4", "gop_open.mp4", "gop_pyramid.ts", "gop_hevc_open.ts", "mpeg2.ts", "gif.gif", "h264.h264"],
)
def test_clips(name: str, clip: Callable[[str], Path]) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        check_by_hand(video.index, gop_table(video.index))


@pytest.mark.parametrize(
    "name",
    [
        "hevc_tiny_opengop.mp4",
        "nonkey_start.mp4",
        "elst_3.mov",
        "vp9_10bit_hidden_altref.webm",
        "oneframe.gif",
        "mpeg2_1080p.ts",
    ],
)
def test_real_files(name: str, media_file: Callable[[str], Path]) -> None:
    with open_video(media_file(name), use_index_cache=False) as video:
        check_by_hand(video.index, gop_table(video.index))
