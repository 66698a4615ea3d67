"""The sound thread: what it decodes reaches the device at the right time, and nothing it meets stops it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.sound.device import SoundDevice
from framescope.core.sound.streams import SoundError
from framescope.engine.sound_clock import SoundClock
from framescope.engine.sound_feed import SoundPlan
from framescope.engine.sound_thread import RATE, SoundSource, SoundThread
from tests.clips.sounding import Sound, clicks, write_sounding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.engine.sound_feed import SoundFeed

PERIOD = 960


class HandDevice:
    """A device that the test turns by hand: each turn takes some samples."""

    def __init__(self) -> None:
        self.now_s = 10.0
        self.feed: SoundFeed | None = None
        self.heard: list[np.ndarray] = []
        self.closed = threading.Event()

    @contextmanager
    def open(self, feed: SoundFeed) -> Iterator[None]:
        self.feed = feed
        feed.start(0.0)
        yield
        self.closed.set()

    def turn(self, seconds: float) -> None:
        """Let time pass, and take what is due then."""
        assert self.feed is not None
        for _ in range(round(seconds * RATE / PERIOD)):
            self.heard.append(self.feed.fill(PERIOD))
            self.now_s += PERIOD / RATE

    @property
    def clicks_s(self) -> list[float]:
        """When something loud began, in seconds of what was taken."""
        samples = np.concatenate(self.heard)[:, 0]
        loud = np.flatnonzero(np.abs(samples) > 0.2)
        return [float(at) / RATE for at in loud[np.diff(loud, prepend=-RATE) > RATE // 20]]


@pytest.fixture
def device() -> HandDevice:
    return HandDevice()


@pytest.fixture
def thread(qtbot: QtBot, device: HandDevice) -> Iterator[SoundThread]:
    del qtbot
    thread = SoundThread(SoundClock(lambda: device.now_s), device=device.open)
    thread.start()
    yield thread
    thread.close()
    assert thread.wait(5000)


@pytest.fixture
def source(tmp_path: Path) -> SoundSource:
    """Clicks at 0.25, 1 and 1.5 s."""
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(clicks([0.25, 1.0, 1.5]))])
    return SoundSource(str(path), 1, Fraction(0))


def wait_for_sound(qtbot: QtBot, thread: SoundThread, seconds: float = 0.4) -> None:
    qtbot.waitUntil(lambda: thread.feed.queued_s >= seconds)


def test_what_is_due_is_heard(
    qtbot: QtBot, thread: SoundThread, device: HandDevice, source: SoundSource
) -> None:
    thread.play(source, SoundPlan(1, 0.0, 10.0, 1.0), 0.0)
    wait_for_sound(qtbot, thread)
    for _ in range(8):
        device.turn(0.2)
        qtbot.waitUntil(lambda: thread.feed.queued_s >= 0.3 or len(device.heard) * PERIOD / RATE > 1.4)
    assert device.clicks_s == pytest.approx([0.25, 1.0, 1.5], abs=0.003)


def test_playing_begins_in_the_middle_and_at_another_speed(
    qtbot: QtBot, thread: SoundThread, device: HandDevice, source: SoundSource
) -> None:
    thread.play(source, SoundPlan(1, 0.8, 10.0, 0.5), 0.8)
    wait_for_sound(qtbot, thread)
    for _ in range(4):
        device.turn(0.2)
        wait_for_sound(qtbot, thread, 0.3)
    assert device.clicks_s[0] == pytest.approx(0.4, abs=0.04)


def test_a_snippet_is_heard_at_once_and_the_idle_device_is_closed(
    qtbot: QtBot,
    thread: SoundThread,
    device: HandDevice,
    source: SoundSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("framescope.engine.sound_thread._IDLE_S", 0.01)
    thread.play_snippet(source, 1.0, 0.1)
    qtbot.waitUntil(lambda: device.feed is not None and device.closed.is_set())
    device.turn(0.2)
    assert device.clicks_s == pytest.approx([0.0], abs=0.005)
    assert not np.concatenate(device.heard)[round(0.1 * RATE) :].any()


def test_pausing_is_silent_at_once(
    qtbot: QtBot, thread: SoundThread, device: HandDevice, source: SoundSource
) -> None:
    thread.play(source, SoundPlan(1, 0.0, 10.0, 1.0), 0.0)
    wait_for_sound(qtbot, thread)
    thread.pause()
    device.turn(1.2)
    assert device.clicks_s == []


def test_a_released_file_is_closed(
    qtbot: QtBot, thread: SoundThread, device: HandDevice, source: SoundSource
) -> None:
    thread.play(source, SoundPlan(1, 0.0, 10.0, 1.0), 0.0)
    wait_for_sound(qtbot, thread)
    thread.release()
    qtbot.waitUntil(device.closed.is_set)
    qtbot.waitUntil(lambda: thread._reader is None)  # noqa: SLF001


def test_a_file_that_cannot_be_read_is_reported(qtbot: QtBot, thread: SoundThread, tmp_path: Path) -> None:
    with qtbot.waitSignal(thread.failed) as failed:
        thread.play(SoundSource(str(tmp_path / "gone.mkv"), 1, Fraction(0)), SoundPlan(1, 0, 0, 1), 0.0)
    assert "gone.mkv" in failed.args[0].message


def test_a_missing_device_is_reported_and_tried_again(qtbot: QtBot, source: SoundSource) -> None:
    tries = []

    def refuse(feed: SoundFeed) -> object:
        tries.append(feed)
        raise SoundError("There is no device.")

    thread = SoundThread(SoundClock(), device=refuse)  # type: ignore[arg-type]
    thread.start()
    for serial in (1, 2):
        with qtbot.waitSignal(thread.failed):
            thread.play(source, SoundPlan(serial, 0.0, 0.0, 1.0), 0.0)
    assert len(tries) == 2
    thread.close()
    assert thread.wait(5000)


def test_miniaudio_plays_into_nothing_in_real_time() -> None:
    clock, taken = SoundClock(), threading.Event()
    counts: list[int] = []

    def fill(count: int) -> np.ndarray:
        counts.append(count)
        if sum(counts) > RATE // 4:
            taken.set()
        return np.zeros((count, 2), np.float32)

    begin_s = time.monotonic()
    with SoundDevice(fill, silent=True):
        assert taken.wait(20)
    assert time.monotonic() > begin_s
    assert clock.now() > begin_s
