"""The sound of the open video: its audio streams, which one is chosen, and its peaks."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.translation import tr
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.sound.peaks import Peaks
    from framescope.core.sound.reading import Samples
    from framescope.core.sound.streams import SoundStream
    from framescope.engine.jobs import Job, JobRunner
    from framescope.session.open_video import OpenVideo
    from framescope.session.playback import FrameTimes
    from framescope.session.player import Player
    from framescope.session.settings import Settings

_ANNOUNCED_FROM_S = 600.0
"""Measuring the sound of a shorter video takes a few seconds, which need no progress bar."""


class Sound(QObject):
    """Audio streams, peaks and samples of the open video. Threads: GUI.

    All of it is found in the background, after the first picture: until then, nothing of ``core.sound`` is
    even imported.
    """

    changed = Signal()
    """``peaks``, ``samples``, ``error`` or ``separates_channels`` changed."""
    stream_changed = Signal()
    """``streams`` or ``stream`` changed."""

    def __init__(
        self,
        video: OpenVideo,
        player: Player,
        runner: JobRunner,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._settings = settings
        self._video = video
        self._runner = runner
        self._streams: tuple[SoundStream, ...] = ()
        self._stream: SoundStream | None = None
        self._peaks: Peaks | None = None
        self._samples: tuple[int, Samples] | None = None
        self._error: FrameScopeError | None = None
        self._has_begun = False
        self._measured: tuple[int, Fraction] | None = None
        self._jobs: list[Job] = []
        self._measuring: Job | None = None
        self._reading: Job | None = None
        self._wanted_samples: tuple[int, int] | None = None
        self._parts = Outbox(self)
        self._parts.filled.connect(self._on_part_filled)
        video.index_replaced.connect(self._on_index_replaced)
        settings.changed.connect(self._on_setting_changed)

    @property
    def streams(self) -> tuple[SoundStream, ...]:
        """The audio streams that can be decoded; empty until they are known."""
        return self._streams

    @property
    def stream(self) -> SoundStream | None:
        """The chosen one; None if there is none."""
        return self._stream

    @property
    def peaks(self) -> Peaks | None:
        """The peaks of the chosen stream, as far as they have been measured."""
        return self._peaks

    @property
    def samples(self) -> tuple[int, Samples] | None:
        """The samples last requested with `request_samples`, and the position of the first."""
        return self._samples

    @property
    def error(self) -> FrameScopeError | None:
        """Why the chosen stream could not be measured."""
        return self._error

    @property
    def times(self) -> FrameTimes | None:
        """When each frame is shown, on the clock that positions of sound count from; None until known."""
        return self._player.times

    @property
    def origin_s(self) -> Fraction:
        """When the first frame is shown on the file's own clock, from which positions of sound count."""
        index = self._video.index
        return Fraction(0) if index is None else index.origin_s

    # --- commands

    def begin(self) -> None:
        """Look for audio streams, once a video. Called when its first picture is shown."""
        info = self._video.info
        if self._has_begun or info is None:
            return
        self._has_begun = True
        if not info.has_packets:
            return
        source = info.source

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[SoundStream, ...]:
            del progress, cancel
            from framescope.core.sound.streams import sound_streams  # noqa: PLC0415

            return sound_streams(source)

        job = self._start(tr("Looking for sound"), work)
        job.finished.connect(self._on_streams_found)

    def forget(self) -> None:
        """The video is closed: stop everything."""
        had_stream = self._stream is not None
        self._drop()
        self._has_begun = False
        self._streams, self._stream = (), None
        if had_stream:
            self.stream_changed.emit()
            self.changed.emit()

    def choose(self, stream_index: int) -> None:
        """Use another audio stream."""
        chosen = next((each for each in self._streams if each.stream_index == stream_index), None)
        if chosen is not None and chosen is not self._stream:
            self._use(chosen)

    def choose_next(self) -> None:
        """Use the audio stream after the chosen one; after the last one the first."""
        if self._stream is not None:
            place = self._streams.index(self._stream)
            self._use(self._streams[(place + 1) % len(self._streams)])

    @property
    def separates_channels(self) -> bool:
        """Whether the waveform shows each channel by itself."""
        return self._settings.separates_channels

    def toggle_separate_channels(self) -> None:
        """Show each channel by itself, or all as one."""
        self._settings.separates_channels = not self.separates_channels

    def request_samples(self, first: int, count: int) -> None:
        """Request samples for display; ``samples`` has them later. Replaces an earlier request."""
        self._wanted_samples = first, count
        self._read_samples()

    # --- inside

    def _start(self, title: str, work: object, *, announce: bool = False) -> Job:
        job = self._runner.start(title, work, announce=announce)  # type: ignore[arg-type]
        self._jobs.append(job)
        job.settled.connect(self._on_settled)
        return job

    def _drop(self) -> None:
        """Stop all jobs and ignore their results."""
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancel()
        self._measuring = self._reading = self._measured = self._wanted_samples = None
        self._peaks = self._samples = self._error = None

    def _use(self, stream: SoundStream | None) -> None:
        self._drop()
        self._stream = stream
        self.stream_changed.emit()
        self.changed.emit()
        self._measure()

    def _measure(self) -> None:
        """Measure the chosen stream once all frames are known: two at a time would slow down both."""
        index, info, stream = self._video.index, self._video.info, self._stream
        if stream is None or info is None or index is None or not index.complete:
            return
        source, number, origin_s, state = info.source, stream.stream_index, self.origin_s, info.file_state
        if self._measured == (number, origin_s):
            return
        if self._measured is not None:
            self._drop()
        self._measured = number, origin_s
        parts = self._parts

        def work(progress: ProgressCallback, cancel: CancelToken) -> Peaks:
            from framescope.core.sound.peaks import PeaksStore, measure_peaks  # noqa: PLC0415

            store = PeaksStore()
            known = store.load(source, number, origin_s)
            if known is not None:
                return known
            peaks = measure_peaks(
                source,
                number,
                origin_s,
                on_partial=lambda part: parts.put((cancel, part)),
                progress=progress,
                cancel=cancel,
            )
            store.save(source, number, origin_s, peaks, state)
            return peaks

        is_long = (info.duration_s or 0.0) >= _ANNOUNCED_FROM_S
        job = self._measuring = self._start(tr("Measuring the sound"), work, announce=is_long)
        job.finished.connect(self._on_measured)
        job.failed.connect(self._on_measuring_failed)

    def _read_samples(self) -> None:
        info, stream = self._video.info, self._stream
        if self._wanted_samples is None or self._reading is not None or info is None or stream is None:
            return
        (first, count), self._wanted_samples = self._wanted_samples, None
        source, number, origin_s = info.source, stream.stream_index, self.origin_s

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[int, Samples]:
            del progress, cancel
            from framescope.core.sound.reading import SoundReader  # noqa: PLC0415

            with SoundReader(source, number, origin_s) as reader:
                return first, reader.read(first, count)

        job = self._reading = self._start(tr("Reading the sound"), work)
        job.finished.connect(self._on_samples_read)

    # --- slots

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "separates_channels":
            self.changed.emit()

    @Slot(object)
    def _on_index_replaced(self, before: FrameIndex | None) -> None:
        del before
        self._measure()

    @Slot(object)
    def _on_streams_found(self, streams: tuple[SoundStream, ...]) -> None:
        if self.sender() not in self._jobs:
            return
        from framescope.core.sound.streams import default_stream  # noqa: PLC0415

        self._streams = streams
        if streams:
            self._use(default_stream(streams))

    @Slot()
    def _on_part_filled(self) -> None:
        item = self._parts.take()
        if item is not None and self._measuring is not None and not item[0].is_cancelled:
            self._peaks = item[1]
            self.changed.emit()

    @Slot(object)
    def _on_measured(self, peaks: Peaks) -> None:
        if self.sender() is self._measuring:
            self._peaks = peaks
            self.changed.emit()

    @Slot(object)
    def _on_measuring_failed(self, error: FrameScopeError) -> None:
        if self.sender() is self._measuring:
            self._error = error
            self.changed.emit()

    @Slot(object)
    def _on_samples_read(self, found: tuple[int, Samples]) -> None:
        if self.sender() is self._reading:
            self._samples = found
            self.changed.emit()

    @Slot()
    def _on_settled(self) -> None:
        job = self.sender()
        self._jobs = [each for each in self._jobs if each is not job]
        if job is self._reading:
            self._reading = None
            self._read_samples()
