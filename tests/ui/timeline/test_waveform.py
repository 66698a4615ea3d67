"""The waveform lane: every column shows the sound that is heard while its frame is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from framescope.core.errors import FrameScopeError
from framescope.core.sound.peaks import BLOCK, Peaks, sample_columns
from framescope.core.sound.streams import SoundStream
from framescope.session.playback import FrameTimes
from framescope.ui.timeline.lanes import lanes_for
from framescope.ui.timeline.waveform import (
    SoundChart,
    chart_of,
    paint_waveform,
    samples_wanted,
    sound_tip,
    wave_pixels,
)
from framescope.ui.widgets.theme import DARK
from tests.ui.timeline.live_session import TICKS_A_FRAME, make_index, without_pts

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.ui.timeline.lanes import Lane
    from framescope.ui.timeline.scene import Scene
    from framescope.ui.timeline.widget import Timeline
    from tests.ui.timeline.live_session import LiveSession

RATE = 25 * BLOCK * 8
"""Eight blocks a frame at 25 frames per second."""
A_FRAME = RATE // 25
STREAM = SoundStream(1, "aac", RATE, 1, "mono", "eng", "", is_default=True)


def make_peaks(frames: int, loud: dict[int, float], channels: int = 1, **changes: Any) -> Peaks:  # noqa: ANN401
    """Silence, but for these frames at these levels."""
    blocks = frames * 8
    highs = np.zeros((channels, blocks), np.int16)
    for number, level in loud.items():
        highs[:, number * 8 : number * 8 + 8] = round(level * 32767)
    facts: dict[str, Any] = {
        "rate": RATE, "sample_count": blocks * BLOCK, "is_complete": True, "lows": -highs, "highs": highs,
        "levels": highs.astype(np.uint16), "clipped": highs == 32767,
    }  # fmt: skip
    return Peaks(**{**facts, **changes})


def make_chart(frames: int, peaks: Peaks | None, **changes: Any) -> SoundChart:  # noqa: ANN401
    facts: dict[str, Any] = {
        "times": FrameTimes(make_index(frames), None), "peaks": peaks, "samples": None,
        "is_separate": False, "message": "",
    }  # fmt: skip
    return SoundChart(**{**facts, **changes})


def with_sound(scene: Scene, chart: SoundChart) -> Scene:
    return replace(scene, sound=chart, lanes=lanes_for(200, scene.fonts.text_height, has_sound=True))


def painted(scene: Scene) -> QImage:
    image = QImage(scene.width, 200, QImage.Format.Format_RGB32)
    image.fill(DARK.surface)
    painter = QPainter(image)
    paint_waveform(painter, scene)
    painter.end()
    return image


def wave_height(image: QImage, scene: Scene, position: float) -> int:
    """Rows of the wave's colours at a position in frames."""
    lane, x = scene.lanes.sound, round(scene.axis.x_of(position))
    assert lane is not None
    ground = DARK.gop_band_a.rgb()
    return sum(image.pixel(x, y) != ground for y in range(lane.top, lane.bottom))


def test_a_loud_frame_is_loud_in_its_own_cell(make_scene: Callable[..., Scene]) -> None:
    scene = with_sound(make_scene(make_index(40)), make_chart(40, make_peaks(40, {7: 0.8, 30: 0.8})))
    image = painted(scene)
    heights = [wave_height(image, scene, number + 0.5) for number in range(40)]
    assert [number for number, height in enumerate(heights) if height > 10] == [7, 30]
    assert set(heights) - {heights[7]} == {1}  # silence is a line


def test_the_lane_follows_a_variable_rate(make_scene: Callable[..., Scene]) -> None:
    # Frame 2 is shown as long as ten others: ten frames' worth of sound are in its cell.
    pts = np.array([0, 1, 2, 12, 13, 14], np.int64) * TICKS_A_FRAME
    index = make_index(6, pts=pts, dts=pts)
    chart = make_chart(6, make_peaks(15, {11: 0.9, 13: 0.9}), times=FrameTimes(index, None))
    scene = with_sound(make_scene(index), chart)
    image = painted(scene)
    assert wave_height(image, scene, 2.95) > 10
    assert wave_height(image, scene, 2.5) == 1
    assert wave_height(image, scene, 4.5) > 10
    assert wave_height(image, scene, 3.5) == 1


def test_frames_without_pts_go_by_the_rate() -> None:
    index = make_index(10, **without_pts(10))
    chart = make_chart(10, make_peaks(10, {}), times=FrameTimes(index, 25.0))
    axis = replace(_axis(), last=10.0)
    assert chart.positions(axis, 10).tolist() == [number * A_FRAME for number in range(11)]


def _axis() -> Any:  # noqa: ANN401
    from framescope.ui.timeline.axis import FrameAxis  # noqa: PLC0415

    return FrameAxis(0.0, 10.0, 84.0, 800.0)


def test_clipping_is_marked_at_the_edges(make_scene: Callable[..., Scene]) -> None:
    scene = with_sound(make_scene(make_index(20)), make_chart(20, make_peaks(20, {5: 1.0, 9: 0.99})))
    image, lane = painted(scene), scene.lanes.sound
    assert lane is not None
    red = [
        number
        for number in range(20)
        if image.pixelColor(round(scene.axis.x_of(number + 0.5)), lane.top) == DARK.error
    ]
    assert red == [5]


def test_beyond_the_end_of_the_sound_nothing_is_drawn(make_scene: Callable[..., Scene]) -> None:
    scene = with_sound(make_scene(make_index(40)), make_chart(40, make_peaks(20, {})))
    image = painted(scene)
    assert wave_height(image, scene, 10.5) == 1
    assert wave_height(image, scene, 30.5) == 0


def test_channels_are_drawn_one_below_the_other() -> None:
    peaks = make_peaks(20, {5: 0.9}, channels=2)
    quiet = peaks.highs.copy()
    quiet[1] = 0
    peaks = replace(peaks, highs=quiet, lows=-quiet, levels=quiet.astype(np.uint16), clipped=quiet == 32767)
    both, mixed = (
        wave_pixels(columns, 40, clipped_rows=2)
        for columns in (
            peaks.columns(np.array([5, 6]) * A_FRAME),
            peaks.columns(np.array([5, 6]) * A_FRAME).mixed(),
        )
    )
    assert np.count_nonzero(both[20:]) == 1
    assert np.count_nonzero(both[:20]) > 10
    assert np.count_nonzero(mixed) > 30


def test_single_samples_are_drawn_once_they_are_there() -> None:
    samples = np.zeros((1, 10 * A_FRAME), np.float32)
    samples[0, 1234] = 1.0
    chart = make_chart(10, make_peaks(10, {}), samples=(0, samples))
    axis = replace(_axis(), first=0.0, last=1.0)
    loud = np.flatnonzero(chart.columns(axis, 800).highs[0])
    assert loud.tolist() == [1234 * 800 // A_FRAME]
    elsewhere = make_chart(10, make_peaks(10, {0: 0.5}), samples=(5 * A_FRAME, samples))
    assert (elsewhere.columns(axis, 800).highs > 0.4).all()


@pytest.mark.parametrize(("span", "is_wanted"), [(0.5, True), (5.0, True), (400.0, False)])
def test_samples_are_requested_where_peaks_are_too_coarse(span: float, is_wanted: bool) -> None:  # noqa: FBT001
    axis = replace(_axis(), last=span)
    chart = make_chart(1000, make_peaks(1000, {}))
    wanted = samples_wanted(chart, axis, 800)
    assert (wanted is not None) == is_wanted
    if wanted is not None:
        first, count = wanted
        assert first <= 0
        assert first + count >= span * A_FRAME
        there = make_chart(1000, chart.peaks, samples=(first, np.zeros((1, count), np.float32)))
        assert samples_wanted(there, axis, 800) is None
    assert samples_wanted(make_chart(10, make_peaks(10, {}, is_complete=False)), axis, 800) is None


def test_columns_of_samples_and_peaks_agree() -> None:
    rng = np.random.default_rng(3)
    samples = rng.uniform(-1, 1, (1, 64 * BLOCK)).astype(np.float32)
    edges = np.arange(0, 64 * BLOCK + 1, BLOCK)
    columns = sample_columns(samples, 0, edges)
    levels = np.round(columns.levels * 65535).astype(np.uint16)
    lows, highs = (np.round(part * 32767).astype(np.int16) for part in (columns.lows, columns.highs))
    peaks = Peaks(
        RATE, 64 * BLOCK, is_complete=True, lows=lows, highs=highs, levels=levels, clipped=columns.clipped
    )
    assert np.abs(peaks.columns(edges).highs - columns.highs).max() < 1e-3


def test_no_other_lane_moves_when_sound_is_found() -> None:
    for height in (0, 150, 200, 400):
        without, with_it = lanes_for(height, 14), lanes_for(height, 14, has_sound=True)
        assert with_it.sound is not None
        assert without.sound is None
        assert (with_it.cached, with_it.chosen, with_it.overview) == (
            without.cached,
            without.chosen,
            without.overview,
        )
        assert with_it.bars.top == without.bars.top
        assert with_it.bars.bottom < with_it.sound.top
        assert with_it.sound.bottom == without.bars.bottom == with_it.stage_bottom
        assert with_it.sound.height >= 12


def lane_of(timeline: Timeline) -> Lane | None:
    return timeline.scene.lanes.sound


def test_the_timeline_shows_the_lane_while_there_is_sound(session: LiveSession, timeline: Timeline) -> None:
    session.open_index(make_index(1000))
    assert lane_of(timeline) is None
    session.sound.stream, session.sound.streams = STREAM, (STREAM,)
    session.sound.times = FrameTimes(make_index(1000), None)
    session.sound.changed.emit()
    assert lane_of(timeline) is not None
    assert timeline.scene.sound is not None
    assert timeline.scene.sound.message == "Measuring the sound…"
    session.sound.peaks = make_peaks(1000, {})
    session.sound.changed.emit()
    assert timeline.scene.sound.message == ""
    assert session.sound.requests == []
    session.set_visible_range(100.0, 110.0)
    first, count = session.sound.requests[-1]
    assert first <= 100 * A_FRAME
    assert first + count >= 110 * A_FRAME
    session.sound.toggle_separate_channels()
    assert timeline.scene.sound.is_separate
    session.sound.stream = None
    session.sound.changed.emit()
    assert lane_of(timeline) is None


def test_why_there_is_no_waveform(session: LiveSession, make_scene: Callable[..., Scene]) -> None:
    sound = session.sound
    sound.stream, sound.times = STREAM, FrameTimes(make_index(10), None)
    sound.error = FrameScopeError("No sound can be decoded.")
    chart = chart_of(sound)  # type: ignore[arg-type]
    assert chart is not None
    assert chart.message == "No sound can be decoded."
    painted(with_sound(make_scene(make_index(10)), chart))


def test_the_tooltip_says_which_stream_and_whether_it_is_clipped(session: LiveSession) -> None:
    sound = session.sound
    assert sound_tip(sound) == ""  # type: ignore[arg-type]
    sound.stream, sound.streams, sound.peaks = STREAM, (STREAM, STREAM), make_peaks(10, {})
    tip = sound_tip(sound)  # type: ignore[arg-type]
    assert tip.startswith("#1 aac mono")
    assert "2 audio streams" in tip
    assert "Nothing is clipped." in tip
    sound.peaks = make_peaks(10, {1: 1.0})
    assert "Red" in sound_tip(sound)  # type: ignore[arg-type]
