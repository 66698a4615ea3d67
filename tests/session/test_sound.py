"""The sound of the open video: found after the first picture, measured once all frames are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.sound.streams import SoundError
from tests.clips.sounding import RATE, Sound, clicks, tone, write_sounding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.session.sound import Sound as SessionSound


@pytest.fixture
def sounding(tmp_path: Path) -> Path:
    """Two audio streams: clicks at frames 12 and 36, and a tone."""
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(clicks([0.51, 1.51])), Sound(tone(2.0), language="fra")])
    return path


def open_measured(qtbot: QtBot, controller: Controller, path: Path) -> None:
    controller.open_source(str(path))
    qtbot.waitUntil(lambda: controller.sound.peaks is not None and controller.sound.peaks.is_complete)


def highest(sound: SessionSound) -> float:
    return 0.0 if sound.peaks is None else float(sound.peaks.highs.max()) / 32767


def test_streams_and_peaks_are_found(qtbot: QtBot, real_controller: Controller, sounding: Path) -> None:
    sound = real_controller.sound
    open_measured(qtbot, real_controller, sounding)
    assert [stream.language for stream in sound.streams] == ["eng", "fra"]
    assert sound.stream is sound.streams[0]
    peaks, times = sound.peaks, sound.times
    assert peaks is not None
    assert times is not None
    edges = np.round(times.times_at(np.arange(49.0)) * peaks.rate).astype(np.int64)
    assert np.flatnonzero(peaks.columns(edges).highs[0] > 0.4).tolist() == [12, 36]


def test_another_stream_can_be_chosen(qtbot: QtBot, real_controller: Controller, sounding: Path) -> None:
    open_measured(qtbot, real_controller, sounding)
    sound = real_controller.sound
    with qtbot.waitSignal(sound.stream_changed):
        sound.choose_next()
    assert sound.stream is sound.streams[1]
    qtbot.waitUntil(lambda: highest(sound) == pytest.approx(0.5, abs=0.01))
    sound.choose(1)
    assert sound.stream is sound.streams[0]
    sound.choose(17)
    assert sound.stream is sound.streams[0]


def test_samples_are_read_for_display(qtbot: QtBot, real_controller: Controller, sounding: Path) -> None:
    open_measured(qtbot, real_controller, sounding)
    sound = real_controller.sound
    for first in (0, 100, 24_000):
        sound.request_samples(first, 1000)
    qtbot.waitUntil(lambda: sound.samples is not None and sound.samples[0] == 24_000)
    assert sound.samples is not None
    loud = np.flatnonzero(np.abs(sound.samples[1][0]) > 0.3)
    assert 24_000 + loud[0] == pytest.approx(0.51 * RATE, abs=50)


def test_closing_forgets_it(
    qtbot: QtBot, real_controller: Controller, sounding: Path, plain_clip: Path
) -> None:
    open_measured(qtbot, real_controller, sounding)
    sound = real_controller.sound
    with qtbot.waitSignal(sound.stream_changed):
        real_controller.open_source(str(plain_clip))
    assert (sound.streams, sound.stream, sound.peaks, sound.samples) == ((), None, None, None)


def test_a_stream_that_cannot_be_decoded_says_so(
    qtbot: QtBot, real_controller: Controller, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(np.zeros((1, 0), np.float32))])
    real_controller.open_source(str(path))
    qtbot.waitUntil(lambda: real_controller.sound.error is not None)
    assert isinstance(real_controller.sound.error, SoundError)
    assert real_controller.sound.stream is not None


def test_without_sound_nothing_happens(
    qtbot: QtBot, controller: Controller, open_fake: Callable[[], None]
) -> None:
    open_fake()
    qtbot.waitUntil(lambda: not controller.sound._jobs)  # noqa: SLF001
    assert controller.sound.stream is None
    controller.sound.choose_next()
    controller.sound.request_samples(0, 10)
    assert controller.sound.samples is None
