"""Reads the samples of an audio stream by time: gaps are silent, and overlaps are cut."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np

from framescope.core.closing import Closing
from framescope.core.media.container import check_connection, open_container, source_name
from framescope.core.media.error_bound import ErrorBound
from framescope.core.pyav import as_fraction, demux, read_only
from framescope.core.sound.streams import SoundError, audio_stream
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LONGEST_S = 24 * 3600
"""Sound beyond this is not read: such a timestamp is damage."""

_PREROLL_S = 0.5
"""Decoded before the first sample wanted: a decoder needs a few frames until its output is right."""
_FURTHER_BACK_S = (0.0, 2.0, 10.0, 60.0)
"""How much earlier to aim where a seek landed too late; after the last comes the start of the file."""
_MOST_ERRORS = 500
_FORMATS: dict[str, tuple[type[np.generic], int]] = {
    "u8": (np.uint8, 1 << 7),
    "s16": (np.int16, 1 << 15),
    "s32": (np.int32, 1 << 31),
    "s64": (np.int64, 1 << 63),
    "flt": (np.float32, 1),
    "dbl": (np.float64, 1),
}
"""The type of a sample and its value at full scale, by FFmpeg's name of the format."""


class SoundReader(Closing):
    """The samples of one audio stream. Used by one thread.

    A sample's position is counted at the stream's rate from the first frame of the video: the sample at ``n``
    is heard ``n / rate`` seconds after that frame is shown. Positions follow the pts that FFmpeg gives to the
    decoded audio, with edit lists and encoder delay applied. They are exact to the sample where the container
    stores times to the sample, else to one unit of the stream's time base.

    Attributes:
        rate: Samples per second and channel, as decoded.
        channels: Number of channels.
        layout: FFmpeg's name of their arrangement.
        duration_s: Seconds from the first frame of the video to the declared end; None if unknown.
    """

    def __init__(self, source: str, stream_index: int, origin_s: Fraction) -> None:
        """Open the file once more, and decode its first audio frame.

        Args:
            source: Path or address.
            stream_index: The audio stream, over all streams of the file.
            origin_s: When the first frame of the video is shown, on the file's own clock.

        Raises:
            OpenError: The file cannot be opened.
            SoundError: There is no such stream, or nothing of it can be decoded.
        """
        self._source, self._stream_index = source, stream_index
        self._origin_s = origin_s
        self._container = open_container(source)
        try:
            self._stream = audio_stream(self._container, source, stream_index)
            read_only(self._container, self._stream)
            first = self._first_frame()
        except BaseException:
            self._container.close()
            raise
        self._unit_s = as_fraction(self._stream.time_base) or Fraction(1, 1_000_000)
        self.rate = first.sample_rate
        self.channels = len(first.layout.channels)
        self.layout = first.layout.name
        # Containers round times to their unit, each on its own.
        self._slack = math.ceil(self._unit_s * self.rate) + 1
        self.duration_s = self._declared_end_s()
        self._start = self._position_of(first) or 0

    def close(self) -> None:
        """Release the file."""
        self._container.close()

    def blocks(self, first: int = 0) -> Iterator[tuple[int, Samples]]:
        """The samples from position ``first`` to the end, without gaps.

        Yields:
            A position and (channels, n) float32, at most a second of it; full scale is −1 to 1.
        """
        at, last = max(first, 0), LONGEST_S * self.rate
        for start, samples in self._placed(at):
            if start >= last:
                return
            stop = min(start + samples.shape[1], last)
            while at < start:
                silent = min(start - at, self.rate)
                yield at, np.zeros((self.channels, silent), np.float32)
                at += silent
            if stop > at:
                yield at, samples[:, at - start : stop - start]
                at = stop

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples from position ``first``: (channels, count) float32; silent outside."""
        found = np.zeros((self.channels, max(count, 0)), np.float32)
        skipped = max(-first, 0)
        for at, samples in self.blocks(max(first, 0)) if count > skipped else ():
            into = at - first
            part = samples[:, : max(count - into, 0)]
            found[:, into : into + part.shape[1]] = part
            if into + samples.shape[1] >= count:
                break
        return found

    # --- inside

    def _first_frame(self) -> AudioFrame:
        for frame in self._frames():
            return frame
        raise SoundError(
            tr("No sound can be decoded from {source_name}.", source_name=source_name(self._source)),
            hint=tr("The audio stream is empty or damaged."),
        )

    def _placed(self, wanted: int) -> Iterator[tuple[int, Samples]]:
        """Decoded samples with their positions, ascending, from no later than ``wanted`` if there are any."""
        expected: int | None = None
        for frame in self._frames_from(wanted):
            samples = self._converted(frame)
            stated = self._position_of(frame)
            if stated is None and expected is None:
                continue
            if stated is None or (expected is not None and abs(stated - expected) <= self._slack):
                stated = expected
            if stated is not None:
                yield stated, samples
                expected = stated + samples.shape[1]

    def _frames_from(self, wanted: int) -> Iterator[AudioFrame]:
        goal = wanted - round(_PREROLL_S * self.rate)
        for back_s in _FURTHER_BACK_S:
            aim = goal - round(back_s * self.rate)
            if aim <= self._start or not self._seek(aim):
                break
            frames = self._frames()
            first = next(frames, None)
            position = None if first is None else self._position_of(first)
            if first is not None and position is not None and position <= wanted:
                yield first
                yield from frames
                return
        self._rewind()
        yield from self._frames()

    def _seek(self, position: int) -> bool:
        time_s = self._origin_s + Fraction(position, self.rate)
        try:
            self._container.seek(math.floor(time_s / self._unit_s), stream=self._stream, backward=True)
        except (av.error.FFmpegError, OSError, OverflowError):
            return False
        return True

    def _rewind(self) -> None:
        """Open the file again: not every format can be sought to its first packet."""
        self._container.close()
        self._container = open_container(self._source)
        self._stream = audio_stream(self._container, self._source, self._stream_index)
        read_only(self._container, self._stream)

    def _frames(self) -> Iterator[AudioFrame]:
        """Decoded frames from here on; damaged packets are passed over."""
        bound = ErrorBound(_MOST_ERRORS)
        while True:
            try:
                for packet in demux(self._container, self._stream):
                    try:
                        decoded = packet.decode()
                    except av.error.EOFError:
                        return
                    except av.error.FFmpegError:
                        if bound.is_exceeded():
                            return
                        continue
                    for frame in decoded:
                        if frame.samples:
                            bound.note_progress()
                            yield frame
            except (av.error.FFmpegError, OSError):
                check_connection(self._container)
                if bound.is_exceeded():
                    return
                continue
            return

    def _position_of(self, frame: AudioFrame) -> int | None:
        if frame.pts is None:
            return None
        unit_s = as_fraction(frame.time_base) or self._unit_s
        return round((frame.pts * unit_s - self._origin_s) * frame.sample_rate)

    def _converted(self, frame: AudioFrame) -> Samples:
        """(channels, n) float32 at the reader's rate and number of channels."""
        if frame.sample_rate != self.rate or len(frame.layout.channels) != self.channels:
            # A broadcast may change its sound half-way. Frame by frame, so that each keeps its own time.
            resampler = av.AudioResampler(format="fltp", layout=self.layout, rate=self.rate)
            parts = [as_float(part) for part in (*resampler.resample(frame), *resampler.resample(None))]
            return np.concatenate(parts, axis=1) if parts else np.zeros((self.channels, 0), np.float32)
        return as_float(frame)

    def _declared_end_s(self) -> float | None:
        stream, container = self._stream, self._container
        if stream.duration:
            return float(
                (stream.start_time or 0) * self._unit_s + stream.duration * self._unit_s - self._origin_s
            )
        if container.duration:
            return float(
                Fraction((container.start_time or 0) + container.duration, av.time_base) - self._origin_s
            )
        return None


def as_float(frame: AudioFrame) -> Samples:
    """The samples of a decoded frame: (channels, n) float32, full scale is −1 to 1."""
    channels = len(frame.layout.channels)
    kind, scale = _FORMATS[frame.format.name.removesuffix("p")]
    # Not to_ndarray(), nor all of ``planes``: PyAV looks for a null pointer at the end of FFmpeg's list of
    # planes, which a list of eight does not have, and would read from whatever address follows.
    planes = frame.planes[: channels if frame.format.is_planar else 1]
    each = channels // len(planes)
    raw = np.stack([np.frombuffer(memoryview(plane), kind, frame.samples * each) for plane in planes])
    values = raw.reshape(len(planes), -1, each).swapaxes(1, 2).reshape(channels, -1).astype(np.float32)
    if kind is np.uint8:
        values -= scale
    if scale > 1:
        values *= np.float32(1 / scale)
    return np.ascontiguousarray(values)
