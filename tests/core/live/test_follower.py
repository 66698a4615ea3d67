"""Which frame is decoded next while a live source is followed."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import pytest

from framescope.core.live.follower import Follower, frame_to_show, latency_of, next_to_follow
from framescope.core.live.ring import Limits, LivePacket, PacketRing, Segment

if TYPE_CHECKING:
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

TICK = Fraction(1, 25)


class NotingVideo:
    """Decodes nothing; writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def adopt_index(self, index: object) -> None:
        del index

    def frame(self, number: int) -> None:
        self.asked.append(number)


def ring_of(count: int, *, age_s: float = 0.0) -> PacketRing:
    ring = PacketRing(TICK, Limits())
    ring.begin_segment(Segment(cast("VideoInfo", None), b"", TICK, ()))
    arrived_s = time.monotonic() - age_s
    for number in range(count):
        is_key = number % 10 == 0
        ring.add(LivePacket(b"x", number, number, 1, is_key, True, False, 1, arrived_s))  # noqa: FBT003 - in a tuple
    return ring


def test_the_next_frame_is_followed_while_there_is_time() -> None:
    index = ring_of(35).index()
    assert next_to_follow(index, -1, is_behind=False) == 0
    assert next_to_follow(index, 33, is_behind=False) == 34
    assert next_to_follow(index, 34, is_behind=False) is None


def test_keyframes_only_where_there_is_none() -> None:
    index = ring_of(35).index()
    assert next_to_follow(index, 5, is_behind=True) == 30
    assert next_to_follow(index, 30, is_behind=True) is None
    assert frame_to_show(index, 5, is_behind=False) == 34
    assert frame_to_show(index, 5, is_behind=True) == 30
    assert frame_to_show(index, 32, is_behind=True) == 32


@pytest.mark.parametrize(("age_s", "asked", "left_out"), [(0.0, [0, 1, 2], 0), (60.0, [30], 30)])
def test_what_is_too_late_is_left_out_and_counted(age_s: float, asked: list[int], left_out: int) -> None:
    ring, video = ring_of(35, age_s=age_s), NotingVideo()
    follower = Follower(cast("Video", video), ring)
    for _ in range(3):
        follower.step(0.0)
    assert video.asked == asked
    assert (follower.decoded, follower.left_out) == (len(asked), left_out)
    assert follower.latency.frames == len(asked)
    assert follower.latency.p50_ms >= age_s * 1000


def test_latency_of_nothing_is_unknown() -> None:
    assert math.isnan(latency_of([]).p50_ms)
    assert latency_of([0.01] * 95 + [1.0] * 5).p50_ms == pytest.approx(10)
