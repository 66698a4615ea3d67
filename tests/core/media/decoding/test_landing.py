"""Recognising packets, and landing on the right one whatever the container's seek does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.landing import PacketRecogniser, land
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEEKABLE = ["h264.mp4", "h264.mkv", "h264.ts", "mpeg2.ts", "mpeg2.mpg", "mpeg4.avi", "vp9.webm", "h264.h264"]


@pytest.mark.parametrize("name", [*SEEKABLE, "edit_list_inside_gop.mp4", "repeated_pts.mkv", "joined.ts"])
def test_keyframe_packets_are_recognised_and_no_others(name: str, clip: Callable[[str], Path]) -> None:
    info = probe(str(clip(name)))
    index = build_index(info)
    recogniser = PacketRecogniser(index)
    with StreamDecoder(info.source, info.stream_index) as decoder:
        for number, packet in enumerate(decoder.packets()):
            entry = recogniser.entry_of(packet)
            if entry is None:
                assert number not in index.entries.packet_numbers
            else:
                assert index.entries.packet_numbers[entry] == number


@pytest.mark.parametrize("name", SEEKABLE)
def test_lands_on_each_entry_in_any_order(name: str, clip: Callable[[str], Path]) -> None:
    info = probe(str(clip(name)))
    index = build_index(info)
    assert len(index.entries) > 1
    recogniser = PacketRecogniser(index)
    with StreamDecoder(info.source, info.stream_index) as decoder:
        for entry in [*reversed(range(len(index.entries))), *range(len(index.entries))]:
            landed = land(decoder, index, recogniser, entry)
            assert landed is not None, entry
            packets, first = landed
            number = int(index.entries.packet_numbers[entry])
            assert first.size == index.packet_sizes[number]
            following = next(packets, None)
            if following is not None:
                assert following.size == index.packet_sizes[number + 1]
