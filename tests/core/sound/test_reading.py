"""Samples by time: a click written at the time of a frame is found at the time of that frame."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import MissingFileError
from framescope.core.sound.reading import SoundReader, as_float
from framescope.core.sound.streams import SoundError, default_stream, sound_streams
from tests.clips.sounding import CLICK_SAMPLES, PICTURES, RATE, Sound, clicks, tone, write_sounding

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FRAMES = (5, 23, 40)
TIMES_S = tuple(number / 24 for number in FRAMES)
CONTAINERS = [
    ("pcm_s16le", "mkv"), ("pcm_s24le", "mov"), ("pcm_f32le", "mov"), ("pcm_u8", "avi"), ("flac", "mkv"),
    ("aac", "mp4"), ("aac", "mkv"), ("libopus", "mkv"), ("libmp3lame", "mp4"), ("alac", "mov"),
    ("ac3", "mkv"),
]  # fmt: skip


def origin_of(path: Path) -> Fraction:
    """When the first picture is shown, by decoding the video."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert frame.pts is not None
        assert frame.time_base is not None
        return Fraction(frame.pts) * Fraction(frame.time_base.numerator, frame.time_base.denominator)


def open_sound(path: Path, place: int = 0) -> SoundReader:
    return SoundReader(str(path), sound_streams(str(path))[place].stream_index, origin_of(path))


def onsets(samples: NDArray[np.float32], level: float = 0.3) -> list[int]:
    """Where something loud begins after silence."""
    loud = np.flatnonzero(np.abs(samples[0]) > level)
    return [int(at) for at in loud[np.diff(loud, prepend=-10 * CLICK_SAMPLES) > 5 * CLICK_SAMPLES]]


@pytest.mark.parametrize(("codec", "suffix"), CONTAINERS)
def test_a_click_at_a_frames_time_is_found_there(tmp_path: Path, codec: str, suffix: str) -> None:
    path = tmp_path / f"clip.{suffix}"
    write_sounding(path, [Sound(clicks(TIMES_S), codec=codec)])
    with open_sound(path) as reader:
        found = onsets(reader.read(0, 2 * RATE))
        # The burst needs a few samples to become loud; Matroska stores milliseconds.
        assert found == [pytest.approx(time_s * RATE, abs=50) for time_s in TIMES_S]
        assert (reader.rate, reader.channels) == (RATE, 1)


@pytest.mark.parametrize(
    ("codec", "suffix", "channels"),
    [
        ("aac", "mp4", 6),
        ("aac", "mp4", 8),
        ("libopus", "mkv", 8),
        ("flac", "mkv", 8),
        ("pcm_s16le", "mov", 8),
        ("pcm_s16le", "mkv", 8),
    ],
)
def test_each_of_many_channels_has_its_own_samples(
    tmp_path: Path, codec: str, suffix: str, channels: int
) -> None:
    path = tmp_path / f"clip.{suffix}"
    levels = np.arange(1, channels + 1) / (2 * channels)
    # Low enough for the channel of low frequencies.
    samples = np.concatenate([tone(2.0, level=float(level), hertz=60) for level in levels])
    write_sounding(path, [Sound(samples, codec=codec, options={"b": "1024k"} if codec == "aac" else {})])
    with open_sound(path) as reader:
        found = np.abs(reader.read(RATE // 2, RATE)).max(axis=1)
        assert reader.channels == channels
        assert found == pytest.approx(levels, abs=0.02)


@pytest.mark.parametrize(("codec", "suffix"), CONTAINERS)
def test_a_part_is_the_same_as_in_the_whole(tmp_path: Path, codec: str, suffix: str) -> None:
    path = tmp_path / f"clip.{suffix}"
    write_sounding(path, [Sound(tone(2.0, hertz=331), codec=codec)])
    with open_sound(path) as reader:
        whole = reader.read(0, 2 * RATE)
        slack = 48 if suffix in {"mkv", "avi"} else 0
        for first in (70_001, 40_000, 100, 0):
            part = reader.read(first, 3000)
            shifts = range(-slack, slack + 1)
            best = min(
                float(
                    np.abs(
                        part[:, slack : -slack or None]
                        - np.roll(whole, shift)[:, first + slack : first + 3000 - slack]
                    ).max()
                )
                for shift in shifts
            )
            assert best < 0.02


@pytest.mark.parametrize("first_pts", [0, 48])
def test_positions_count_from_the_first_picture(tmp_path: Path, first_pts: int) -> None:
    path = tmp_path / "clip.mkv"
    pictures = replace(PICTURES, pts_of=lambda number: number + first_pts)
    write_sounding(path, [Sound(clicks([3.0], 4.0))], pictures)
    with open_sound(path) as reader:
        assert onsets(reader.read(0, 4 * RATE)) == [pytest.approx((3.0 - first_pts / 24) * RATE, abs=50)]


def test_sound_that_begins_later_is_preceded_by_silence(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(clicks([0.5]), begin_s=Fraction(1, 2))])
    with open_sound(path) as reader:
        samples = reader.read(0, 2 * RATE)
    assert not samples[:, : RATE // 2].any()
    assert onsets(samples) == [pytest.approx(RATE, abs=5)]


def test_gaps_are_silent_and_what_follows_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    cut = (RATE // 2, RATE)
    write_sounding(path, [Sound(tone(2.0), cut=(cut,))])
    with open_sound(path) as reader:
        samples = reader.read(0, 2 * RATE)
    assert not samples[:, slice(*cut)].any()
    truth = tone(2.0)
    truth[:, slice(*cut)] = 0
    assert np.abs(samples - truth).max() < 1e-3


def test_overlaps_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    one = Sound(np.full((1, RATE), 0.25, np.float32))
    write_sounding(path, [one])
    with open_sound(path) as reader:
        # What a frame says about its time is what counts: here the second half comes 0.25 s too early.
        placed = [(0, np.full((1, 1000), 0.25, np.float32)), (800, np.full((1, 1000), 0.75, np.float32))]
        reader._placed = lambda wanted: iter(placed)  # type: ignore[method-assign] # noqa: SLF001, ARG005
        blocks = list(reader.blocks())
    assert [(at, part.shape[1], float(part[0, 0])) for at, part in blocks] == [
        (0, 1000, 0.25),
        (1000, 800, 0.75),
    ]


def test_a_time_out_of_all_reason_ends_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(tone(0.5))])
    with open_sound(path) as reader:
        far = 10**15
        placed = [(0, np.ones((1, 10), np.float32)), (far, np.ones((1, 10), np.float32))]
        reader._placed = lambda wanted: iter(placed)  # type: ignore[method-assign] # noqa: SLF001, ARG005
        assert [at for at, _ in reader.blocks()] == [0]


def test_outside_there_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(np.full((1, RATE), 0.5, np.float32))])
    with open_sound(path) as reader:
        samples = reader.read(-100, RATE + 200)
        assert reader.read(0, 0).shape == (1, 0)
        assert not reader.read(-500, 400).any()
    assert not samples[:, :100].any()
    assert not samples[:, RATE + 100 :].any()
    assert samples[0, 100:-100] == pytest.approx(0.5, abs=1e-3)


def test_streams_are_listed_with_what_they_declare(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    stereo = np.concatenate([tone(1.0), tone(1.0, hertz=880)])
    write_sounding(path, [Sound(tone(1.0), language="fra"), Sound(stereo, codec="flac")])
    streams = sound_streams(str(path))
    assert [(each.stream_index, each.codec, each.channels, each.language) for each in streams] == [
        (1, "pcm_s16le", 1, "fra"),
        (2, "flac", 2, "eng"),
    ]
    assert streams[1].label == "#2 flac stereo 48 kHz, eng"
    assert default_stream(streams) in streams
    assert default_stream(()) is None
    with open_sound(path, 1) as reader:
        assert np.abs(reader.read(0, RATE) - stereo).max() < 1e-3


def test_what_is_no_audio_stream_is_refused(tmp_path: Path, plain_clip: Path) -> None:
    assert sound_streams(str(plain_clip)) == ()
    with pytest.raises(SoundError, match="no audio stream 0"):
        SoundReader(str(plain_clip), 0, Fraction(0))
    with pytest.raises(MissingFileError):
        sound_streams(str(tmp_path / "missing.mp4"))


def test_an_empty_stream_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    write_sounding(path, [Sound(np.zeros((1, 0), np.float32))])
    with pytest.raises(SoundError, match="No sound can be decoded"):
        SoundReader(str(path), 1, Fraction(0))


@pytest.mark.parametrize("name", ["u8", "u8p", "s16", "s16p", "s32", "flt", "fltp", "dbl", "dblp"])
def test_every_sample_format_has_the_same_scale(name: str) -> None:
    wanted = np.array([[0.0, 0.5, -0.5, -1.0], [0.25, -0.25, 0.0, 0.5]], np.float32)
    frame = av.AudioFrame.from_ndarray(wanted, format="fltp", layout="stereo")
    frame.sample_rate = RATE
    (converted,) = av.AudioResampler(name, "stereo", RATE).resample(frame)
    assert np.abs(as_float(converted) - wanted).max() <= 1 / 128
