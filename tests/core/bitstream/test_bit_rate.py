"""Bit rates are sums over packets as another demuxer lists them, and peaks are where the bytes are."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.bitstream.bit_rate import BitRates, bit_rates, rate_rows, shown_times
from framescope.core.media.facts.bit_rate_facts import why_no_rates
from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


def listed(
    pts: list[int] | NDArray[np.int64],
    sizes: list[int],
    *,
    keys: tuple[int, ...] = (0,),
    complete: bool = True,
) -> FrameIndex:
    """Frames in decode order with pts in thousandths of a second; packets beyond the last yield none."""
    pts = np.array(pts, np.int64)
    numbers = np.array(keys, np.int64)
    return FrameIndex(
        basis=IndexBasis.PACKETS,
        complete=complete,
        time_base=Fraction(1, 1000),
        pts=pts,
        dts=pts.copy(),
        packet_numbers=np.arange(len(pts), dtype=np.int32),
        is_keyframe=np.isin(np.arange(len(pts)), numbers),
        picture_type_codes=np.ones(len(pts), np.uint8),
        packet_sizes=np.array(sizes, np.int32),
        entries=EntryTable(*(numbers.astype(np.int32),) * 2, pts[numbers], pts[numbers], pts[numbers]),
    )


def rates_of(index: FrameIndex) -> BitRates:
    rates = bit_rates(index)
    assert rates is not None
    return rates


@pytest.mark.parametrize("name", ["vfr.mkv", "gop_open.ts", "h264.mp4", "starts_at_10s.mp4", "vfr.mp4"])
def test_they_are_sums_over_the_packets(name: str, clip: Callable[[str], Path]) -> None:
    with av.open(os.fspath(clip(name))) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    base = packets[0].time_base
    assert base is not None
    pts = [int(packet.pts or 0) for packet in packets]
    by_second: dict[int, int] = {}
    for packet, stamp in zip(packets, pts, strict=True):
        second = int((stamp - min(pts)) * base)
        by_second[second] = by_second.get(second, 0) + packet.size
    gops: list[int] = []
    for packet in packets:
        if packet.is_keyframe:
            gops.append(0)
        gops[-1] += packet.size
    with open_video(clip(name)) as video:
        rates = rates_of(video.index)
    seconds = rates.seconds
    found = dict(zip(seconds.starts_s.astype(int).tolist(), seconds.sizes_bytes.tolist(), strict=True))
    # A last second shorter than half of one is part of the one before.
    if len(by_second) == len(found) + 1:
        last = max(by_second)
        by_second[last - 1] += by_second.pop(last)
    assert found == by_second
    assert rates.gops.sizes_bytes.tolist() == gops
    whole = seconds.rates[:-1]
    assert whole == pytest.approx(seconds.sizes_bytes[:-1] * 8.0)
    steps = np.diff(np.sort(pts))
    length_s = float((max(pts) - min(pts) + np.median(steps)) * base)
    assert rates.mean == pytest.approx(sum(gops) * 8 / length_s, rel=1e-6)


def test_the_last_second_is_as_long_as_the_video() -> None:
    # 25 frames a second for 2.6 s, and for 2.2 s.
    long = rates_of(listed(np.arange(65) * 40, [100] * 65)).seconds
    assert long.lengths_s.tolist() == pytest.approx([1, 1, 0.6])
    assert long.rates == pytest.approx([20_000] * 3)
    short = rates_of(listed(np.arange(55) * 40, [100] * 55)).seconds
    assert short.lengths_s.tolist() == pytest.approx([1, 1.2])
    assert short.rates == pytest.approx([20_000] * 2)


def test_a_still_has_no_seconds_and_no_false_rate() -> None:
    seconds = rates_of(listed([0, 500, 9100, 9140], [1000, 500, 2000, 0])).seconds
    assert seconds.starts_s.tolist() == [0, 9]
    assert seconds.rates[0] == 12_000
    assert seconds.frame_counts.tolist() == [2, 2]


def test_packets_without_frames_count_with_the_packet_before() -> None:
    index = listed([0, 1000], [100, 0, 200])
    index = replace(index, packet_numbers=np.array([0, 2], np.int32), packet_sizes=np.array([100, 50, 200]))
    assert rates_of(index).seconds.sizes_bytes.tolist() == [150, 200]
    # Of a partial index, the frames of the last packets are to come.
    growing = listed([0, 1000], [100, 200, 300, 400], complete=False)
    assert rates_of(growing).seconds.sizes_bytes.tolist() == [100, 200]


def test_frames_without_times() -> None:
    index = listed([0, NO_PTS, 1000, 1500], [10, 20, 30, 40])
    assert shown_times(index) == pytest.approx([0, 0.5, 1, 1.5])
    assert bit_rates(listed([NO_PTS] * 3, [1, 2, 3])) is None
    assert bit_rates(listed([], [], keys=())) is None
    single = rates_of(listed([7], [100]))
    assert np.isnan(single.mean)
    assert len(single.seconds.highest(5)) == 0


def test_frames_without_times_at_both_ends_take_as_long_as_the_others() -> None:
    pts = [NO_PTS] * 20 + list(range(0, 800, 40)) + [NO_PTS] * 10
    rates = rates_of(listed(pts, [100] * 50, keys=(0, 10, 20)))
    assert rates.mean == pytest.approx(100 * 8 * 25)
    assert rates.gops.rates == pytest.approx(20_000)
    assert rates.seconds.frame_counts.tolist() == [25, 25]


def test_times_that_jump_back_give_no_negative_lengths() -> None:
    rates = rates_of(listed([0, 1000, 500, 2000], [10, 20, 30, 40], keys=(0, 2)))
    assert (rates.seconds.lengths_s > 0).all()
    assert rates.gops.sizes_bytes.sum() == 100
    # A jump of centuries takes no memory for the seconds between.
    assert len(rates_of(listed([0, 10**16], [1, 1])).seconds) == 2


def test_the_highest_come_first_and_each_frame_has_its_rate() -> None:
    spans = rates_of(listed([0, 500, 1000, 2000, 2500], [10, 10, 90, 30, 30])).seconds
    assert spans.highest(2).tolist() == [1, 2]
    assert spans.by_frame().tolist() == [160, 160, 720, 480, 480]
    rows = list(rate_rows(spans, "second").rows())
    assert rows[1] == (1, 1.0, 1.0, 2, 1, 90, 720.0)


def test_only_files_have_packets(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        assert not why_no_rates(video.info)
        assert "packets" in why_no_rates(replace(video.info, container=SEQUENCE_CONTAINER))
