"""Sound and picture stay together: ten minutes with a device that runs fast or slow, in virtual time."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.engine.sound_clock import SoundClock
from framescope.engine.sound_feed import SoundFeed, SoundPlan

RATE = 48_000
PERIOD = 1920
PERIODS = 3
_SCALE = 4096.0


class VirtualDevice:
    """An audio device in virtual time, with its own idea of how long a second is.

    It asks for a period of samples whenever it has played one, and remembers everything it was given.
    """

    def __init__(
        self, feed: SoundFeed, *, rate_error: float, jitter_s: float = 0.0, begin_s: float = 0.0
    ) -> None:
        self._feed = feed
        self._rate = RATE * (1 + rate_error)
        self._begin_s = begin_s
        self._random = np.random.default_rng(5)
        self._jitter_s = jitter_s
        self._given: list[np.ndarray] = []
        self.due_s = begin_s
        self._calls = 0
        feed.start((PERIODS - 1) * PERIOD / RATE)

    def call(self) -> None:
        """Ask for the next period; `due_s` is then when the one after it is asked for."""
        self._given.append(self._feed.fill(PERIOD))
        self._calls += 1
        played_s = max(self._calls - PERIODS + 1, 0) * PERIOD / self._rate
        self.due_s = self._begin_s + played_s + self._random.uniform(0, self._jitter_s)

    def heard_at(self, now_s: float) -> float:
        """The time of the video that is heard: the samples carry it. NaN for silence."""
        place = int((now_s - self._begin_s) * self._rate)
        if not 0 <= place < len(self._given) * PERIOD:
            return float("nan")
        left, right = self._given[place // PERIOD][place % PERIOD]
        return float("nan") if not (left or right) else float(left) * _SCALE + float(right)


class Run:
    """A feed that is always kept full, a clock, and a device, in virtual time."""

    def __init__(self, *, rate_error: float, speed: float, jitter_s: float = 0.0) -> None:
        self.now_s = 50.0
        self.clock = SoundClock(lambda: self.now_s)
        self.feed = SoundFeed(self.clock, RATE)
        self.speed = speed
        self.plan = SoundPlan(1, 0.0, self.clock.now(), speed)
        self.feed.set_plan(self.plan)
        self.device = VirtualDevice(self.feed, rate_error=rate_error, jitter_s=jitter_s, begin_s=self.now_s)
        self._put = 0

    def fill_up(self) -> None:
        while True:
            places = self._put + np.arange(RATE // 10)
            times_s = places / RATE * self.speed
            whole = np.floor(times_s)
            block = np.stack([whole / _SCALE, times_s - whole], axis=1).astype(np.float32)
            if not self.feed.put(self.plan.serial, float(times_s[0]), block, 0.0):
                return
            self._put += len(block)

    def difference_s(self) -> float:
        """Sound heard less picture due, in seconds of the clock."""
        picture_s = self.plan.time_at(self.clock.now())
        return (self.device.heard_at(self.now_s) - picture_s) / self.speed


@pytest.mark.parametrize("rate_error", [0.001, -0.001, 0.0])
@pytest.mark.parametrize("speed", [1.0, 0.5, 2.0])
def test_ten_minutes_of_drift_stay_under_20_ms(rate_error: float, speed: float) -> None:
    run = Run(rate_error=rate_error, speed=speed, jitter_s=0.01)
    worst, end_s, look_s = 0.0, run.now_s + 600.0, run.now_s + 0.5
    while run.now_s < end_s:
        run.now_s = max(run.device.due_s, run.now_s)
        run.fill_up()
        run.device.call()
        if run.now_s >= look_s:
            worst = max(worst, abs(run.difference_s()))
            look_s += 0.04
    assert worst < 0.02
    assert run.feed.missed == 0


def test_the_clock_follows_the_device() -> None:
    run = Run(rate_error=0.001, speed=1.0)
    begin_s = run.clock.now()
    while run.now_s < 150.0:
        run.now_s = max(run.device.due_s, run.now_s)
        run.fill_up()
        run.device.call()
    assert run.clock.now() - begin_s == pytest.approx((run.now_s - 50.0) * 1.001, abs=0.005)


def test_the_clock_never_goes_back_and_goes_on_without_a_device() -> None:
    now_s = [10.0]
    clock = SoundClock(lambda: now_s[0])
    assert clock.now() == 10.0
    now_s[0] = 11.0
    clock.start(0.1)
    seen = [clock.now()]
    for step, taken_s in ((0.0, 0.0), (0.0, 0.05), (0.0, 0.1), (0.03, 0.15), (0.02, 0.2), (5.0, 0.25)):
        now_s[0] += step
        clock.note_call(taken_s)
        seen.append(clock.now())
    assert seen == sorted(seen)
    now_s[0] += 100.0
    assert clock.now() == pytest.approx(now_s[0], abs=0.05)


def test_after_the_device_has_paused_the_present_is_heard() -> None:
    run = Run(rate_error=0.0, speed=1.0)
    for _ in range(100):
        run.now_s = max(run.device.due_s, run.now_s)
        run.fill_up()
        run.device.call()
    paused_s = 3.0
    run.now_s += paused_s
    heard_at = run.clock.note_call(100 * PERIOD / RATE)
    assert heard_at == pytest.approx(run.clock.now() + (PERIODS - 1) * PERIOD / RATE, abs=0.05)
