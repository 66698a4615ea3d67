"""What reading costs, counted by hand on small indexes and compared with what the reader really does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.read_way import SEEK_FRAMES, ReadCost, ReadWay, read_costs, start_packets
from framescope.core.media.decoding.seek_plan import BEGINNING, choose_entry
from tests.core.media.index_examples import closed_gops, open_gops
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.index import FrameIndex


def test_costs_are_counted_from_keyframe_to_target() -> None:
    # Ten frames a GOP, 100 bytes each.
    costs = read_costs(make_index(range(100)), [3, 5, 42, 91])
    assert costs.through == ReadCost(92, 9200, 1)
    assert costs.seek == ReadCost(6 + 3 + 2, 1100, 3)
    assert (costs.way, costs.cheaper) == (ReadWay.SEEK, costs.seek)


def test_neighbouring_gops_need_no_seek() -> None:
    costs = read_costs(make_index(range(100)), [9, 10, 19, 20])
    assert costs.seek == costs.through == ReadCost(21, 2100, 1)
    assert costs.way is ReadWay.THROUGH


def test_a_few_frames_do_not_make_up_for_a_seek() -> None:
    index = make_index(range(100))
    assert read_costs(index, [8, 18, 28]).way is ReadWay.THROUGH
    assert read_costs(index, [2, 12, 22]).way is ReadWay.SEEK
    assert read_costs(index, [2, 12, 22]).seek.weight == 9 + 3 * SEEK_FRAMES


def test_nothing_costs_nothing() -> None:
    assert read_costs(make_index(range(10)), []).cheaper == ReadCost(0, 0, 0)


def test_repeats_cost_nothing() -> None:
    index = make_index(range(100))
    assert read_costs(index, [3, 3, 42, 42]) == read_costs(index, [3, 42])


@pytest.mark.parametrize("index", [closed_gops(), open_gops()])
def test_starts_are_where_a_seek_would_start(index: FrameIndex) -> None:
    numbers = np.arange(len(index), dtype=np.int64)
    for number, start in zip(numbers.tolist(), start_packets(index, numbers).tolist(), strict=True):
        entry = choose_entry(index, number)
        assert start == (0 if entry == BEGINNING else index.entries.packet_numbers[entry])


DELAY = 24
"""Packets that a decoder with frame threads is fed beyond the one that is wanted."""


@pytest.mark.parametrize("name", ["h264.mp4", "hevc.mkv", "mpeg2.ts", "vp9.webm"])
@pytest.mark.parametrize("step", [1, 2, 6, 12, 24])
def test_the_reader_feeds_no_more_than_was_said(
    name: str, step: int, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = StreamDecoder.feed

    def counted(self: StreamDecoder, packet: VideoPacket, packet_number: int) -> list[DecodedPacket]:
        fed.append(packet_number)
        return feed(self, packet, packet_number)

    monkeypatch.setattr(StreamDecoder, "feed", counted)
    with open_video(clip(name), use_index_cache=False) as video:
        numbers = range(0, len(video), step)
        costs = read_costs(video.index, numbers)
        fed.clear()
        assert [frame.frame_number for frame in video.frames(numbers)] == list(numbers)
    assert len(fed) == len(set(fed)), "no packet is decoded twice"
    assert len(fed) <= costs.cheaper.frames + DELAY
