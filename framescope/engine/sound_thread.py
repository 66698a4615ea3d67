"""The thread that decodes the sound to be played, and owns the audio device."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from framescope.core.errors import FrameScopeError
from framescope.engine.bugs import BugsReported
from framescope.engine.mailbox import Mailbox
from framescope.engine.sound_feed import SoundFeed, SoundPlan

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from fractions import Fraction

    from framescope.core.sound.reading import Samples, SoundReader
    from framescope.engine.sound_clock import SoundClock

    OpenDevice = Callable[[SoundFeed], AbstractContextManager[object]]

_LOG = logging.getLogger(__name__)

RATE = 48_000
"""Samples per second of what is played, as in core.sound.chain, which is loaded when it is used."""
_IDLE_S = 3.0
"""How long the device runs on in silence: opening one takes a moment."""
_WAIT_S = 0.05
_LEAST_BLOCK = 4096
_FADE_S = 0.005


@dataclass(frozen=True, slots=True)
class SoundSource:
    """Which sound is played.

    Attributes:
        source: Path or address.
        stream_index: The audio stream, over all streams of the file.
        origin_s: When the first frame of the video is shown, on the file's own clock.
    """

    source: str
    stream_index: int
    origin_s: Fraction


@dataclass(frozen=True, slots=True)
class _Request:
    """Play by a plan from its time on, or, without one, a snippet at once."""

    source: SoundSource
    plan: SoundPlan | None
    time_s: float
    length_s: float = 0.0


def open_device(feed: SoundFeed) -> AbstractContextManager[object]:
    """The system's default device, playing what the feed has.

    Raises:
        SoundError: miniaudio is not installed, or there is no device.
    """
    # Loaded when sound is first played.
    from framescope.core.sound.device import PERIOD_S, PERIODS, SoundDevice  # noqa: PLC0415

    feed.start((PERIODS - 1) * PERIOD_S)
    return SoundDevice(feed.fill)


class SoundThread(QThread):
    """Decodes ahead of what is heard. Threads: any for the methods."""

    failed = Signal(object)
    """FrameScopeError: the sound cannot be read, or there is no device; playing goes on without it."""

    def __init__(
        self, clock: SoundClock, parent: QObject | None = None, *, device: OpenDevice = open_device
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sound")
        self.feed = SoundFeed(clock, RATE)
        self._open_device = device
        self._requests: Mailbox[_Request] = Mailbox()
        self._device: AbstractContextManager[object] | None = None
        self._reader: SoundReader | None = None
        self._opened: SoundSource | None = None

    @property
    def is_running(self) -> bool:
        """Whether the thread is running."""
        return self.isRunning()

    def play(self, source: SoundSource, plan: SoundPlan, time_s: float) -> None:
        """Play by a plan, from a time of the video on; replaces an earlier request."""
        self.feed.set_plan(plan)
        self._requests.put(_Request(source, plan, time_s))

    def play_snippet(self, source: SoundSource, time_s: float, length_s: float) -> None:
        """Play a moment of the video at once; replaces an earlier request."""
        self.feed.set_plan(None)
        self._requests.put(_Request(source, None, time_s, length_s))

    def pause(self) -> None:
        """Play nothing more."""
        self.feed.set_plan(None)

    def release(self) -> None:
        """Play nothing more, and close the file soon."""
        self.feed.set_plan(None)
        self._requests.poke()

    def close(self) -> None:
        """End the thread; wait for it afterwards."""
        self.feed.set_plan(None)
        self._requests.close()

    # --- the thread

    def run(self) -> None:
        """Carry out requests until closed."""
        while not self._requests.is_closed:
            # One by one: a bug ends what is played, not the sound of every later video.
            with BugsReported():
                is_open = self._device is not None or self._reader is not None
                self._serve(self._requests.take(_IDLE_S if is_open else None))
        with BugsReported():
            self._close_device()
            self._close_reader()

    def _serve(self, request: _Request | None) -> None:
        if request is None:
            # Released, or idle for a while.
            if self.feed.plan is None and self._requests.is_empty:
                self._close_device()
                self._close_reader()
            return
        try:
            if self._device is None:
                self._device = self._open_device(self.feed)
                self._device.__enter__()
            reader = self._open_reader(request.source)
            if request.plan is None:
                self._play_snippet(reader, request)
            else:
                self._play(reader, request, request.plan)
        except FrameScopeError as error:
            _LOG.info("No sound: %s", error)
            self._close_reader()
            self.failed.emit(error)

    def _play(self, reader: SoundReader, request: _Request, plan: SoundPlan) -> None:
        from framescope.core.sound.chain import PlayChain  # noqa: PLC0415

        chain = PlayChain(reader.rate, reader.layout, plan.speed)
        first = round(request.time_s * reader.rate)
        put = 0
        waiting: list[Samples] = []
        for _, samples in reader.blocks(first):
            waiting.append(samples)
            if sum(part.shape[1] for part in waiting) < _LEAST_BLOCK:
                continue
            for part in waiting:
                made = chain.put(part)
                time_s = max(first, 0) / reader.rate + put / RATE * plan.speed + chain.lead_s
                while not self.feed.put(plan.serial, time_s, made, _WAIT_S):
                    if self._is_over(plan):
                        return
                put += len(made)
            waiting.clear()
            if self._is_over(plan):
                return

    def _is_over(self, plan: SoundPlan) -> bool:
        current = self.feed.plan
        return self._requests.is_closed or current is None or current.serial != plan.serial

    def _play_snippet(self, reader: SoundReader, request: _Request) -> None:
        import numpy as np  # noqa: PLC0415 - loaded already; the module needs it nowhere else

        from framescope.core.sound.chain import PlayChain  # noqa: PLC0415

        count = round(request.length_s * reader.rate)
        samples = reader.read(round(request.time_s * reader.rate), count)
        # The filters keep a little of it to themselves; silence pushes that out.
        padded = np.concatenate([samples, np.zeros((reader.channels, count), np.float32)], axis=1)
        made = PlayChain(reader.rate, reader.layout, 1.0).put(padded)[: round(request.length_s * RATE)]
        fade = min(round(_FADE_S * RATE), len(made) // 2)
        if fade:
            ramp = np.linspace(0, 1, fade, dtype=np.float32)[:, None]
            made[:fade] *= ramp
            made[-fade:] *= ramp[::-1]
        self.feed.play_now(made)

    def _open_reader(self, source: SoundSource) -> SoundReader:
        if self._reader is None or source != self._opened:
            from framescope.core.sound.reading import SoundReader  # noqa: PLC0415

            self._close_reader()
            self._reader = SoundReader(source.source, source.stream_index, source.origin_s)
            self._opened = source
        return self._reader

    def _close_reader(self) -> None:
        reader, self._reader, self._opened = self._reader, None, None
        if reader is not None:
            reader.close()

    def _close_device(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.__exit__(None, None, None)
