"""What a device plays: stereo at 48 kHz; slower and faster every click keeps its time and its pitch."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.sound.chain import DEVICE_RATE, PlayChain
from tests.clips.sounding import clicks, tone


def played(samples: np.ndarray, rate: int, layout: str, speed: float) -> tuple[np.ndarray, float]:
    chain = PlayChain(rate, layout, speed)
    parts = [chain.put(samples[:, at : at + 1024]) for at in range(0, samples.shape[1], 1024)]
    return np.concatenate(parts), chain.lead_s


def onsets(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples[:, 0]) > 0.08)
    return loud[np.diff(loud, prepend=-DEVICE_RATE) > DEVICE_RATE // 10]


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_at_normal_speed_every_click_is_at_its_sample(rate: int) -> None:
    samples, lead_s = played(clicks([0.25, 1.0, 1.5], rate=rate), rate, "mono", 1.0)
    assert lead_s == 0
    assert samples.shape[1] == 2
    assert onsets(samples) / DEVICE_RATE == pytest.approx([0.25, 1.0, 1.5], abs=0.0005)
    assert np.array_equal(samples[:, 0], samples[:, 1])


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.8, 1.1, 1.5, 1.9])
def test_at_another_speed_every_click_is_near_its_time(speed: float) -> None:
    times_s = np.arange(1.0, 9.0)
    samples, lead_s = played(clicks(times_s.tolist(), 10.0), DEVICE_RATE, "mono", speed)
    found_s = onsets(samples) / DEVICE_RATE * speed + lead_s
    assert found_s == pytest.approx(times_s, abs=0.025)
    # No drift: the last is no further off than the others.
    assert abs(float(np.mean(found_s - times_s))) < 0.012


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.7, 4.0])
def test_the_pitch_stays(speed: float) -> None:
    samples, _ = played(tone(4.0, hertz=440), DEVICE_RATE, "mono", speed)
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4, 0]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * DEVICE_RATE / len(middle) == pytest.approx(440, abs=6)
    assert len(samples) / DEVICE_RATE == pytest.approx(4.0 / speed, abs=0.2)


@pytest.mark.parametrize(("layout", "channels"), [("5.1", 6), ("7.1", 8), ("22.2", 24)])
def test_more_channels_are_mixed_down(layout: str, channels: int) -> None:
    samples = np.concatenate([tone(1.0), *[np.zeros((1, DEVICE_RATE), np.float32)] * (channels - 1)])
    made, _ = played(samples, DEVICE_RATE, layout, 1.0)
    level = np.abs(made).max(axis=0)
    assert level[0] > 0.1
    assert level[1] < 0.01
