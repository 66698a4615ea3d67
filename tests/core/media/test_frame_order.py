"""From packets to frames, and the doubts about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.frame_order import find_doubts, infer_picture_types, order_frames
from framescope.core.media.probe import probe
from tests.core.media.index_examples import TIME_BASE, packet_table

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def info(plain_clip: Path) -> VideoInfo:
    return probe(str(plain_clip))


PLAIN = packet_table([0, 3, 1, 2, 4, 7, 5, 6], [0, 4])


def test_plain_packets_are_trusted(info: VideoInfo) -> None:
    assert find_doubts(info, PLAIN) == ()


@pytest.mark.parametrize(
    ("packets", "words"),
    [
        (packet_table([0, 1, None], [0]), "no timestamp"),
        (packet_table([0, 1, 1], [0]), "same timestamp"),
        (packet_table([0, 1, 2], [0], corrupt=[1]), "damaged"),
        (packet_table([0, 1, 2], [1]), "not begin with a keyframe"),
        (packet_table([2, 0, 1, 3], [0]), "middle of an open GOP"),
        (packet_table([0, 1, 2, 3], [0], discarded=[2]), "edit list"),
        (packet_table([0, 1, 2, 3], [0, 2], codes=[1, 2, 2, 2]), "gradual refresh"),
    ],
)
def test_each_oddity_is_a_doubt(info: VideoInfo, packets: object, words: str) -> None:
    assert any(words in doubt for doubt in find_doubts(info, packets))  # type: ignore[arg-type]


def test_dropped_frames_at_the_start_are_plain(info: VideoInfo) -> None:
    assert find_doubts(info, packet_table([0, 1, 2, 3], [0], discarded=[0, 1])) == ()


def test_hidden_reference_pictures_are_plain(info: VideoInfo) -> None:
    packets = packet_table([0, 1, 2, 3], [0], discarded=[2])
    assert find_doubts(replace(info, codec="vp9", container="matroska,webm"), packets) == ()


def test_containers_and_codecs_that_are_known_to_lie(info: VideoInfo) -> None:
    assert find_doubts(replace(info, container="avi"), PLAIN)
    assert find_doubts(replace(info, codec="cinepak", decoder="cinepak"), PLAIN)
    assert find_doubts(replace(info, container="mpegts", interlacing="top field first"), PLAIN)


def test_types_are_inferred_from_order_and_taken_from_packets() -> None:
    assert infer_picture_types(PLAIN).tolist() == [1, 2, 3, 3, 1, 2, 3, 3]
    known = packet_table([0, 1, 2], [0], codes=[1, 3, 0])
    assert infer_picture_types(known).tolist() == [1, 3, 2]


def test_leading_pictures_do_not_start_at_their_keyframe() -> None:
    index = order_frames(packet_table([0, 3, 1, 2, 6, 4, 5], [0, 4]), TIME_BASE)
    assert index.entries.packet_numbers.tolist() == [0, 4]
    assert index.entries.first_numbers.tolist() == [0, 6]


def test_a_partial_table_gives_whole_gops_only() -> None:
    packets = packet_table([0, 3, 1, 2, 6, 4, 5, 9], [0, 4], complete=False)
    part = order_frames(packets, TIME_BASE)
    assert (len(part), part.complete) == (4, False)
    assert len(order_frames(packet_table([0, 1], [0], complete=False), TIME_BASE)) == 0


def test_edit_list_drops_leave_no_hole() -> None:
    index = order_frames(packet_table([-2, -1, 0, 1], [0], discarded=[0, 1]), TIME_BASE)
    assert index.pts.tolist() == [0, 1]
    assert index.packet_numbers.tolist() == [2, 3]
    assert index.entries.first_numbers.tolist() == [0]
