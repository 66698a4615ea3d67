"""What the device is given: the samples that are due, from the first that is due on, or silence."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.engine.sound_clock import SoundClock
from framescope.engine.sound_feed import SoundFeed, SoundPlan

RATE = 1000


class Fed:
    """A feed at a thousand samples per second, with a clock that stands still."""

    def __init__(self) -> None:
        self.feed = SoundFeed(SoundClock(lambda: 100.0), RATE)
        self.feed.start(0.0)

    def put(self, serial: int, time_s: float, count: int, value: float = 0.5) -> bool:
        return self.feed.put(serial, time_s, np.full((count, 2), value, np.float32), 0.0)

    def fill(self, count: int) -> list[float]:
        return [round(float(value), 3) for value in self.feed.fill(count)[:, 0]]


def test_without_a_plan_there_is_silence() -> None:
    fed = Fed()
    assert fed.put(1, 0.0, 10)
    assert fed.fill(3) == [0, 0, 0]


def test_samples_are_heard_when_they_are_due() -> None:
    fed = Fed()
    # The first sample asked for is heard at 100 s: time 2 s of the video.
    fed.feed.set_plan(SoundPlan(1, 2.0, 100.0, 1.0))
    fed.put(1, 2.005, 3)
    assert fed.fill(10) == [0] * 5 + [0.5] * 3 + [0] * 2


def test_what_is_too_late_is_left_out() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 2.0, 100.0, 1.0))
    fed.put(1, 1.995, 5, 0.1)
    fed.put(1, 2.0, 4, 0.2)
    assert fed.fill(5) == [0.2] * 4 + [0]


def test_a_little_too_late_is_played() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 2.0, 100.0, 1.0))
    fed.put(1, 1.999, 3)
    assert fed.fill(4) == [0.5] * 3 + [0]


def test_at_double_speed_a_second_of_the_clock_is_two_of_the_video() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 2.0, 100.0, 2.0))
    fed.put(1, 2.02, 5)
    assert fed.fill(20) == [0] * 10 + [0.5] * 5 + [0] * 5


def test_another_plan_drops_what_was_queued() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 0.0, 100.0, 1.0))
    fed.put(1, 0.0, 10)
    fed.feed.set_plan(SoundPlan(2, 5.0, 100.0, 1.0))
    assert fed.put(1, 0.01, 10)  # no longer wanted, but nobody waits for room
    fed.put(2, 5.0, 2, 0.25)
    assert fed.fill(4) == [0.25, 0.25, 0, 0]
    fed.feed.set_plan(None)
    assert fed.fill(2) == [0, 0]


def test_the_queue_is_bounded() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 0.0, 100.0, 1.0))
    assert fed.put(1, 0.0, 600)
    assert not fed.put(1, 0.6, 600)
    fed.fill(200)
    assert fed.put(1, 0.6, 600)


def test_gain_and_full_scale() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 0.0, 100.0, 1.0))
    fed.put(1, 0.0, 4, 1.5)
    assert fed.fill(2) == [1, 1]
    fed.feed.set_gain(0.5)
    assert fed.fill(2) == [0.75, 0.75]


def test_a_snippet_is_played_at_once() -> None:
    fed = Fed()
    fed.feed.play_now(np.full((3, 2), 0.5, np.float32))
    assert fed.fill(2) == [0.5, 0.5]
    assert fed.fill(2) == [0.5, 0]
    assert fed.feed.missed == 0


def test_missing_samples_are_counted() -> None:
    fed = Fed()
    fed.feed.set_plan(SoundPlan(1, 0.0, 100.0, 1.0))
    fed.put(1, 0.0, 4)
    fed.fill(10)
    assert fed.feed.missed == 6


def test_times_of_a_plan() -> None:
    plan = SoundPlan(1, 10.0, 100.0, 0.5)
    assert plan.time_at(102.0) == pytest.approx(11.0)
