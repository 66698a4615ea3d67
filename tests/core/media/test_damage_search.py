"""Searching for damage by a strict decode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.media.damage_search import DamageSearch, DamageWatch
from framescope.core.media.decoder import StreamDecoder
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOUND = [
    "h264.mp4",
    "gop_open.mkv",
    "gop_pyramid.ts",
    "gop_intra_refresh.mp4",
    "hevc.ts",
    "gop_hevc_open.mp4",
]
SOUND += ["mpeg2.mkv", "mpeg4.avi", "vp9.webm", "gop_interlaced.mp4", "mjpeg.mov"]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_stream_has_none(name: str, clip: Callable[[str], Path]) -> None:
    with StreamDecoder(str(clip(name)), 0, single_thread=True, is_strict=True) as decoder:
        watch = DamageWatch(decoder)
        for number, packet in enumerate(decoder.packets()):
            watch.feed(packet, number)
        watch.drain()
        assert not watch.damage


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_stream_has_none_wherever_it_is_entered(name: str, clip: Callable[[str], Path]) -> None:
    info = probe(str(clip(name)))
    index = build_index(info, counting=Counting.DECODE)
    for entry in range(-1, len(index.entries)):
        search = DamageSearch(info)
        assert search.search(index, entry, entry).tolist() == []
        assert search.starts == {}


def test_damage_is_found_in_its_run_only(clip: Callable[[str], Path]) -> None:
    info = probe(str(clip("damaged_keyframe.mp4")))
    index = build_index(info, counting=Counting.PACKETS)
    search = DamageSearch(info)
    assert search.search(index, 0, 1).tolist() == []
    found = search.search(index, 2, 2).tolist()
    assert found == list(range(24, 36))
    # Decoding begins at the start of so short a file.
    assert search.starts == {2: -1}
