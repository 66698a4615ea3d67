"""Paints the waveform lane: peaks, mean level, silence and clipping, each column at its frame's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.timeline.gutter import paint_name
from framescope.ui.timeline.shades import mixed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from framescope.core.sound.peaks import PeakColumns, Peaks
    from framescope.core.sound.reading import Samples
    from framescope.session.playback import FrameTimes
    from framescope.session.sound import Sound
    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.scene import Scene
    from framescope.ui.widgets.theme import Tokens

_GROUND, _SILENT, _PEAK, _LEVEL, _CLIPPED, _MIDDLE = range(6)
_CLIPPED_PX = 2
_LEAST_CHANNEL_PX = 10
"""In less room a channel, all of them are drawn as one."""


@dataclass(frozen=True, eq=False)
class SoundChart:
    """The sound that the timeline draws.

    Attributes:
        times: When each frame is shown.
        peaks: Peaks by block; None until there are any.
        samples: Samples of the part in view and the position of the first; None unless zoomed in that far.
        is_separate: Whether each channel is drawn by itself.
        message: What is shown instead of a waveform; empty for none.
    """

    times: FrameTimes
    peaks: Peaks | None
    samples: tuple[int, Samples] | None
    is_separate: bool
    message: str

    def positions(self, axis: FrameAxis, count: int) -> NDArray[np.int64]:
        """The positions of sound at the edges of ``count`` columns: int64, count + 1, never decreasing."""
        assert self.peaks is not None
        edges = np.linspace(axis.first, axis.last, count + 1)
        return np.round(self.times.times_at(edges) * self.peaks.rate).astype(np.int64)

    def columns(self, axis: FrameAxis, count: int) -> PeakColumns:
        """What to draw in ``count`` columns: from samples where there are any, else from peaks."""
        # The timeline starts without sound.
        from framescope.core.sound.peaks import sample_columns  # noqa: PLC0415

        assert self.peaks is not None
        edges = self.positions(axis, count)
        if self.samples is not None and self.has_samples(*self.span(edges)):
            return sample_columns(self.samples[1], self.samples[0], edges)
        return self.peaks.columns(edges)

    def span(self, edges: NDArray[np.int64]) -> tuple[int, int]:
        """The positions between the first edge and the last, as far as there is sound."""
        assert self.peaks is not None
        first, last = np.clip(edges[[0, -1]], 0, self.peaks.sample_count).tolist()
        return first, last

    def has_samples(self, first: int, last: int) -> bool:
        """Whether these samples are there."""
        if self.samples is None:
            return False
        known, samples = self.samples
        return known <= first < last <= known + int(samples.shape[1])


def chart_of(sound: Sound) -> SoundChart | None:
    """What to draw of the session's sound; None if there is none."""
    times = sound.times
    if sound.stream is None or times is None:
        return None
    if sound.error is not None:
        message = sound.error.message
    elif sound.peaks is None:
        message = tr("Measuring the sound…")
    else:
        message = ""
    return SoundChart(times, sound.peaks, sound.samples, sound.separates_channels, message)


def samples_wanted(chart: SoundChart, axis: FrameAxis, count: int) -> tuple[int, int] | None:
    """The first sample and the number to request for this zoom; None if what is there is enough."""
    from framescope.core.sound.peaks import BLOCK  # noqa: PLC0415

    if chart.peaks is None or not chart.peaks.is_complete:
        return None
    first, last = chart.span(chart.positions(axis, count))
    length = last - first
    if length <= 0 or length > 2 * BLOCK * count or chart.has_samples(first, last):
        return None
    # As much again on both sides, for scrolling.
    start, stop = max(first - length, 0), min(last + length, chart.peaks.sample_count)
    return start, stop - start


def paint_waveform(painter: QPainter, scene: Scene) -> None:
    """Paint the lane and its name, if the video has sound."""
    lane, chart = scene.lanes.sound, scene.sound
    if lane is None or chart is None:
        return
    axis, ratio, tokens = scene.axis, scene.ratio, scene.tokens
    area = QRectF(axis.left, lane.top, axis.width, lane.height)
    painter.fillRect(area, tokens.gop_band_a)
    painter.setFont(scene.fonts.small)
    painter.setPen(tokens.text_faint)
    paint_name(painter, lane, tr("Sound"))
    if chart.message:
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, chart.message)
    if chart.peaks is None or chart.message:
        return
    count, height = round(axis.width * ratio), round(lane.height * ratio)
    columns = chart.columns(axis, count)
    channels = columns.lows.shape[0]
    if not chart.is_separate or height < channels * round(_LEAST_CHANNEL_PX * ratio):
        columns = columns.mixed()
    pixels = wave_pixels(columns, height, clipped_rows=round(_CLIPPED_PX * ratio))
    image = QImage(pixels.data, count, height, count, QImage.Format.Format_Indexed8)
    image.setColorTable(_palette(tokens))
    painter.drawImage(QRectF(axis.left, lane.top, count / ratio, height / ratio), image)


def wave_pixels(columns: PeakColumns, height: int, *, clipped_rows: int) -> NDArray[np.uint8]:
    """(height, columns) uint8: palette indices, one channel below the other."""
    channels, count = columns.lows.shape
    pixels = np.zeros((height, count), np.uint8)
    borders = np.linspace(0, height, channels + 1).round().astype(int)
    for channel in range(channels):
        # A row stays free between channels.
        rows = pixels[borders[channel] : borders[channel + 1] - (channel + 1 < channels)]
        _draw_channel(rows, columns, channel, clipped_rows)
    return pixels


def _draw_channel(pixels: NDArray[np.uint8], columns: PeakColumns, channel: int, clipped_rows: int) -> None:
    middle = (len(pixels) - 1) / 2
    rows = np.arange(len(pixels))[:, None]
    top = np.round(middle - _scaled(columns.highs[channel]) * middle)
    bottom = np.round(middle - _scaled(columns.lows[channel]) * middle)
    reach = np.round(_scaled(columns.levels[channel]) * middle)
    silent = columns.silent[channel]
    line = rows == round(middle)
    is_wave = (rows >= top) & (rows <= bottom) & columns.has_sound & ~silent
    np.copyto(pixels, np.uint8(_PEAK), where=is_wave)
    np.copyto(pixels, np.uint8(_LEVEL), where=is_wave & (np.abs(rows - middle) <= reach))
    np.copyto(pixels, np.uint8(_MIDDLE), where=line & columns.has_sound & ~silent & ~is_wave)
    np.copyto(pixels, np.uint8(_SILENT), where=line & silent)
    is_edge = (rows < clipped_rows) | (rows >= len(pixels) - clipped_rows)
    np.copyto(pixels, np.uint8(_CLIPPED), where=is_edge & columns.clipped[channel])


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """On a square root scale, as the bars: speech remains visible beside music in a low lane."""
    scaled: NDArray[np.float32] = np.sign(values) * np.sqrt(np.minimum(np.abs(values), 1))
    return scaled


def _palette(tokens: Tokens) -> list[int]:
    ground = tokens.gop_band_a
    shades = {
        _GROUND: ground,
        _SILENT: mixed(ground, tokens.text_faint, 0.75),
        _PEAK: mixed(ground, tokens.sound, 0.55),
        _LEVEL: tokens.sound,
        _CLIPPED: tokens.error,
        _MIDDLE: tokens.sound,
    }
    return [shades[code].rgba() for code in range(len(shades))]


def sound_tip(sound: Sound) -> str:
    """The tooltip of the lane's name: which stream, and what the colours mean."""
    stream, peaks = sound.stream, sound.peaks
    if stream is None:
        return ""
    lines = [stream.label]
    if len(sound.streams) > 1:
        lines.append(
            tr("One of {streams}.", streams=counted(len(sound.streams), "audio stream", "audio streams"))
        )
    lines.append(tr("Pale: lowest to highest sample. Solid: mean level (RMS). Square root scale."))
    lines.append(tr("Thin line: silence, below −60 dB."))
    if peaks is not None and peaks.is_complete:
        lines.append(
            tr("Red: clipped, three or more samples in a row at full scale.")
            if peaks.clipped_share
            else tr("Nothing is clipped.")
        )
    return "\n".join(lines)
