"""The audio device: miniaudio, behind the few functions that playing needs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from framescope.core.closing import Closing
from framescope.core.sound.chain import DEVICE_CHANNELS, DEVICE_RATE
from framescope.core.sound.streams import SoundError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import numpy as np
    from numpy.typing import NDArray

    Fill = Callable[[int], NDArray[np.float32]]

_LOG = logging.getLogger(__name__)

PERIOD_S = 0.02
PERIODS = 4
"""What is buffered: long enough for the interpreter to be busy elsewhere meanwhile."""


class SoundDevice(Closing):
    """Plays what ``fill`` returns, until it is closed. Threads: one opens and closes it."""

    def __init__(self, fill: Fill, *, silent: bool = False) -> None:
        """Open the default device and start it.

        Args:
            fill: Number of samples → (samples, 2) float32 to be played next; called in the device's thread.
            silent: Use miniaudio's null device, which only keeps time.

        Raises:
            SoundError: miniaudio is not installed, or there is no device.
        """
        try:
            import miniaudio  # noqa: PLC0415 - not every platform has it
        except ImportError as error:
            raise SoundError(
                tr("Sound cannot be played: the library miniaudio is not installed."),
                hint=tr("Install it with “pip install miniaudio”."),
            ) from error
        null = miniaudio.Backend.NULL
        real = miniaudio.get_enabled_backends() - {null}
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=DEVICE_CHANNELS,
                sample_rate=DEVICE_RATE,
                buffersize_msec=round(PERIOD_S * 1000),
                callback_periods=PERIODS,
                # Without the null device, which would play into nothing where there is no other.
                backends=[null] if silent else [each for each in miniaudio.Backend if each in real],
                app_name="FrameScope",
            )
            feed = _generator(fill)
            next(feed)
            self._device.start(feed)
        except miniaudio.MiniaudioError as error:
            raise SoundError(
                tr("Sound cannot be played: there is no audio device."),
                hint=tr("Connect one, or check the sound settings of the system."),
            ) from error
        _LOG.info("Sound is played by %s", self._device.backend)

    def close(self) -> None:
        """Stop, and release the device."""
        self._device.close()


def _generator(fill: Fill) -> Generator[NDArray[np.float32], int, None]:
    """As miniaudio wants it: numbers of samples go in, samples come out."""
    count = yield fill(0)
    while True:
        count = yield fill(count)
