"""Reads frames with a device for as long as that works, else, within the same request, with software.

The device's decoder has a thread of its own: a driver that hangs delays a frame by a few seconds.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from framescope.core.errors import DeviceError, FrameUnavailableError, OpenError
from framescope.core.hardware.devices import Watch, device_decoder
from framescope.core.media.decoding.frame_reader import Tally
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.hardware.devices import Device
    from framescope.core.hardware.use import HardwareUse
    from framescope.core.media.decoding.decoder import StreamDecoder
    from framescope.core.media.decoding.seek_plan import DecoderPosition, Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

Result = TypeVar("Result")

LONGEST_S = 8.0
"""How long a device may take for one packet, or to open. A driver that starts takes a few seconds."""


class _HungError(Exception):
    """The device does not answer."""


class _OnDevice(ExactReader):
    """Where it would search for damage, software takes over."""

    def _search_damage(self, frame_number: int) -> None:
        del frame_number
        raise DeviceError(_damaged_words())


class _DeviceReader:
    """An exact reader whose decoder is a device, in a thread of its own. Threads: one, besides its own."""

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        device: Device,
        on_frame: Callable[[Frame], None],
        longest_s: float,
    ) -> None:
        self._watch = Watch()
        self._longest_s = longest_s
        self._on_frame = on_frame
        # Guards whether frames are still wanted: none may arrive once software has taken over.
        self._gate = threading.Lock()
        self._is_abandoned = False
        make_decoder = partial(_open_decoder, device, info.pixel_format, self._watch)
        self.reader = _OnDevice(info, index, self._take, make_decoder=make_decoder)
        self._tasks: SimpleQueue[tuple[Callable[[], object], Future[object]] | None] = SimpleQueue()
        thread = threading.Thread(target=self._run, name="framescope-device", daemon=True)
        thread.start()

    def _run(self) -> None:
        """Do what is asked, until stopped. Threads: its own."""
        while (task := self._tasks.get()) is not None:
            function, future = task
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 - raised where the task was given
                future.set_exception(error)
        self.reader.close()

    def _take(self, frame: Frame) -> None:
        with self._gate:
            if self._is_abandoned:
                raise _HungError
            self._on_frame(frame)

    def call(self, function: Callable[[], Result]) -> Result:
        """Have its thread do something.

        Raises:
            _HungError: The device does not answer.
        """
        future: Future[object] = Future()
        self._tasks.put((function, future))
        while True:
            try:
                return future.result(max(self._longest_s - self._watch.busy_s, 0.01))  # type: ignore[return-value]
            except TimeoutError:
                if future.done():
                    return future.result()  # type: ignore[return-value]
                if self._watch.busy_s >= self._longest_s:
                    raise _HungError from None

    def leave(self) -> None:
        """Let its thread end, whenever the device answers; nothing comes out of it any more."""
        with self._gate:
            self._is_abandoned = True
        self._tasks.put(None)


def _open_decoder(  # noqa: PLR0913 - as `StreamDecoder`
    device: Device,
    pixel_format: str,
    watch: Watch,
    source: str,
    stream_index: int,
    *,
    single_thread: bool,
    is_strict: bool,
    exports_blocks: bool,
    renews: bool,
    tells_hidden: bool,
) -> StreamDecoder:
    """A decoder for `ExactReader`.

    Raises:
        DeviceError: The device cannot be opened, or the file is damaged.
        OpenError: The file cannot be opened.
    """
    del is_strict, exports_blocks, renews, tells_hidden
    if single_thread:
        raise DeviceError(_damaged_words())
    return device_decoder(source, stream_index, device=device, pixel_format=pixel_format, watch=watch)


def _damaged_words() -> str:
    return tr("the file is damaged, and only software shows and marks damage the same way every time")


class HardwareReader:
    """Reads frames of one file by number; see ``FrameReader``. Threads: one, until it is closed."""

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        on_frame: Callable[[Frame], None] = lambda _frame: None,
        *,
        use: HardwareUse,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Prepare to read; the file and the device are opened by the first read.

        Args:
            info: The file's declared facts.
            index: The frame index.
            on_frame: Called with every decoded frame, including the requested one.
            use: Which device, if any; `fail` is called when it fails.
            longest_s: How long a device may take for one packet.
        """
        self._info = info
        self._on_frame = on_frame
        self._use = use
        self._longest_s = longest_s
        self._software = ExactReader(info, index, on_frame)
        self._hardware: _DeviceReader | None = None
        self._earlier = Tally()
        self.index = index

    @property
    def _active(self) -> ExactReader:
        return self._software if self._hardware is None else self._hardware.reader

    @property
    def position(self) -> DecoderPosition:
        """The position of the decoder in use."""
        return self._active.position

    @property
    def tally(self) -> Tally:
        """Counts of the packets processed so far, by both."""
        tallies = [self._earlier, self._software.tally]
        if self._hardware is not None:
            tallies.append(self._hardware.reader.tally)
        return Tally(*map(sum, zip(*tallies, strict=True)))

    @property
    def has_much_to_give_back(self) -> bool:
        """Whether closing it releases much memory. Threads: any."""
        return self._active.has_much_to_give_back

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same file from now on."""
        self._software.adopt_index(index)
        self._with_device(lambda device: device.reader.adopt_index(index))
        self.index = self._active.index

    def forget_position(self) -> None:
        """Start the next read with a seek."""
        self._active.forget_position()

    def close(self) -> None:
        """Release the file and the device; the next read opens them again."""
        self._leave_device()
        self._software.close()

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """The exact frame, from the device or from software; see ``FrameReader``.

        Raises:
            FrameUnavailableError: Software cannot decode it either.
            OpenError: The file no longer exists.
        """
        try:
            frame = self._read_by_device(frame_number, keeps_all=keeps_all, outlook=outlook)
            if frame is None:
                frame = self._software.read(frame_number, keeps_all=keeps_all, outlook=outlook)
            return frame
        finally:
            self.index = self._active.index

    def _read_by_device(self, frame_number: int, *, keeps_all: bool, outlook: Outlook | None) -> Frame | None:
        """The frame; None if there is no device, or it has failed."""
        device = self._use.device
        if device is None:
            self._leave_device()
            return None
        index = self._active.index
        if index.single_thread or len(index.damaged_frames):
            self._use.fail(_damaged_words())
            self._leave_device()
            return None
        if self._hardware is None:
            self._hardware = _DeviceReader(self._info, index, device, self._on_frame, self._longest_s)
            # Its memory: there is only one decoder at work.
            self._software.close()
        hardware = self._hardware
        return self._with_device(
            lambda _device: hardware.reader.read(frame_number, keeps_all=keeps_all, outlook=outlook)
        )

    def _with_device(self, task: Callable[[_DeviceReader], Result]) -> Result | None:
        """What a task returns in the device's thread; None if there is no device, or it has failed."""
        hardware = self._hardware
        if hardware is None:
            return None
        try:
            return hardware.call(lambda: task(hardware))
        except DeviceError as error:
            reason = error.message
        except FrameUnavailableError as error:
            reason = tr("the device gave no frame {number}", number=error.frame_number)
        except OpenError as error:
            reason = tr("the device cannot open the file ({reason})", reason=error.message)
        except _HungError:
            reason = tr("the device did not answer for {seconds:g} s", seconds=self._longest_s)
        self._use.fail(reason)
        self._leave_device()
        return None

    def __del__(self) -> None:
        """Let the device's thread end."""
        if hasattr(self, "_hardware"):
            self._leave_device()

    def _leave_device(self) -> None:
        hardware, self._hardware = self._hardware, None
        if hardware is not None:
            self._earlier = Tally(*map(sum, zip(self._earlier, hardware.reader.tally, strict=True)))
            hardware.leave()
