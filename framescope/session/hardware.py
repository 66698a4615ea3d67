"""Hardware decoding in the window: which devices there are, what decodes the open video, and tests on it."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.errors import FrameScopeError
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.translation import tr
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.hardware.examining import FoundDevice
    from framescope.core.hardware.use import HardwareUse
    from framescope.core.hardware.verdicts import Verdict
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import Job, JobRunner
    from framescope.session.settings import Settings

    OpenReader = Callable[..., Video]
    MakeUse = Callable[..., HardwareUse]
    Find = Callable[[CancelToken], tuple[FoundDevice, ...]]

OFF, AUTOMATIC = "off", "auto"


def _make_use(info: VideoInfo, wanted: str, on_change: Callable[[DecoderInUse], None]) -> HardwareUse:
    # Most people never turn it on; the window starts without its code.
    from framescope.core.hardware.use import HardwareUse  # noqa: PLC0415

    return HardwareUse(info, wanted, on_change=on_change)


def _find(cancel: CancelToken) -> tuple[FoundDevice, ...]:
    from framescope.core.hardware.examining import find_devices  # noqa: PLC0415

    return find_devices(cancel)


class Hardware(QObject):
    """Which device decodes what the view shows, if any. Threads: GUI, except `open_reader`."""

    changed = Signal()
    """`decoder_of` may have changed."""
    devices_found = Signal()
    """``devices`` is available."""
    tested = Signal(str)
    """A test has ended: its result, in sentences."""
    proved_wrong = Signal()
    """A test has shown that the device in use gives wrong pictures: those it has given must go."""
    notice_posted = Signal(str, str)
    """A sentence and its level."""

    def __init__(
        self,
        settings: Settings,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        make_use: MakeUse = _make_use,
        find: Find = _find,
    ) -> None:
        """Follow the setting; nothing is looked for yet.

        Args:
            settings: Which device is wanted.
            runner: Runs the tests.
            parent: The Qt parent.
            make_use: Decides which device decodes a video; tests replace it.
            find: Looks for devices; tests replace it.
        """
        super().__init__(parent)
        self._settings = settings
        self._runner = runner
        self._make_use = make_use
        self._find = find
        self._wanted = settings.hardware
        self._lock = threading.Lock()
        self._uses: weakref.WeakValueDictionary[tuple[str, int], HardwareUse] = weakref.WeakValueDictionary()
        self._refused: dict[tuple[str, int], str] = {}
        self._settling: Job | None = None
        self._testing: Job | None = None
        self._looking: Job | None = None
        self.devices: tuple[FoundDevice, ...] | None = None
        """Those found; None while that is not known."""
        self._begun = Outbox(self)
        self._begun.filled.connect(self._on_begun)
        self._news = Outbox(self)
        self._news.filled.connect(self._on_news)
        settings.changed.connect(self._on_setting_changed)

    # --- while a video is opened

    def opening(self, open_reader: OpenReader) -> OpenReader:
        """A way to open videos that decodes what is looked at by the device that is wanted."""

        def opened(info: VideoInfo, index: FrameIndex, **options: object) -> Video:
            use = self._use_for(info) if options.get("read_ahead") else None
            if use is None:
                return open_reader(info, index, **options)
            video = open_reader(info, index, hardware=use, **options)
            self._begun.put(use)
            return video

        return opened

    def _use_for(self, info: VideoInfo) -> HardwareUse | None:
        """What decides for a video; None for software. Threads: decode."""
        if self._wanted == OFF:
            return None
        key = (info.source, info.stream_index)
        try:
            use = self._make_use(info, self._wanted, self._news.put)
        except FrameScopeError as error:
            # The setting names a kind of device that this FFmpeg lacks.
            with self._lock:
                self._refused = {key: error.message}
            self._news.put(DecoderInUse())
            return None
        with self._lock:
            self._uses[key] = use
        return use

    @Slot()
    def _on_begun(self) -> None:
        use: HardwareUse | None = self._begun.take()
        if use is not None:
            self._settle(use)

    def _settle(self, use: HardwareUse) -> None:
        """Choose a device in the background; until then it is software."""

        def work(progress: ProgressCallback, cancel: CancelToken) -> DecoderInUse:
            return use.settle(progress, cancel)

        if self._settling is not None:
            self._settling.cancel()
        self._settling = self._runner.start(tr("Testing hardware decoding"), work, announce=False)
        self._settling.failed.connect(self._on_settling_failed)
        self._settling.settled.connect(self._on_settled)

    @Slot()
    def _on_settled(self) -> None:
        if self.sender() is self._settling:
            self._settling = None
        self.changed.emit()

    @Slot(object)
    def _on_settling_failed(self, error: FrameScopeError) -> None:
        self.notice_posted.emit(error.message, "warning")

    @Slot()
    def _on_news(self) -> None:
        now: DecoderInUse | None = self._news.take()
        if now is not None and now.was_given_up:
            text = tr("Decoding continues in software: {reason}.", reason=now.reason)
            self.notice_posted.emit(text, "warning")
        self.changed.emit()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "hardware":
            self._wanted = self._settings.hardware
            self.changed.emit()

    # --- what is known

    @property
    def is_wanted(self) -> bool:
        """Whether videos are to be decoded by a device."""
        return self._wanted != OFF

    def decoder_of(self, info: VideoInfo) -> DecoderInUse:
        """What decodes the open video, and why."""
        key = (info.source, info.stream_index)
        with self._lock:
            use, refusal = self._uses.get(key), self._refused.get(key)
        if use is not None:
            return use.now
        if refusal is not None:
            return DecoderInUse(reason=refusal)
        if self.is_wanted and info.has_packets:
            return DecoderInUse(reason=tr("hardware decoding begins when a video is opened next"))
        return DecoderInUse(reason="" if self.is_wanted else tr("hardware decoding is off"))

    def look(self) -> None:
        """Look for devices, once. Emits devices_found."""
        if self.devices is not None or self._looking is not None:
            return
        find = self._find

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[FoundDevice, ...]:
            del progress
            return find(cancel)

        self._looking = self._runner.start(tr("Looking for devices"), work, announce=False)
        self._looking.finished.connect(self._on_devices_found)
        self._looking.settled.connect(self._on_looked)

    @Slot(object)
    def _on_devices_found(self, devices: tuple[FoundDevice, ...]) -> None:
        self.devices = devices
        self.devices_found.emit()

    @Slot()
    def _on_looked(self) -> None:
        self._looking = None

    # --- testing

    @property
    def is_testing(self) -> bool:
        """Whether devices are being tried on a video."""
        return self._testing is not None

    def test(self, info: VideoInfo) -> None:
        """Try the wanted device, or all, on a video, whatever is known already. Emits tested."""
        if self.is_testing:
            return
        wanted = self._wanted if self.is_wanted else AUTOMATIC
        make_use, current = self._make_use, self._uses.get((info.source, info.stream_index))

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[str, bool]:
            verdicts = make_use(info, wanted, lambda _now: None).verdicts(progress, cancel, again=True)
            was_wrong = current is not None and _give_up_if_wrong(current, verdicts)
            if current is not None and not was_wrong and not current.now.device:
                current.settle(progress, cancel)
            return "\n".join(_sentences(verdicts, info)), was_wrong

        self._testing = self._runner.start(tr("Testing hardware decoding"), work)
        self._testing.finished.connect(self._on_tested)
        self._testing.failed.connect(self._on_test_failed)
        self._testing.settled.connect(self._on_test_settled)
        self.changed.emit()

    def stop_testing(self) -> None:
        """Give up the test."""
        if self._testing is not None:
            self._testing.cancel()

    @Slot(object)
    def _on_tested(self, found: tuple[str, bool]) -> None:
        sentences, was_wrong = found
        self.tested.emit(sentences)
        if was_wrong:
            self.proved_wrong.emit()

    @Slot(object)
    def _on_test_failed(self, error: FrameScopeError) -> None:
        self.tested.emit(error.message)

    @Slot()
    def _on_test_settled(self) -> None:
        self._testing = None
        self.changed.emit()


def _give_up_if_wrong(use: HardwareUse, verdicts: tuple[Verdict, ...]) -> bool:
    # A device trusted when the video was opened may since have been proved wrong.
    for verdict in verdicts:
        if verdict.subject.device == use.now.device and not verdict.is_trusted:
            use.fail(verdict.reason)
            return True
    return False


def _sentences(verdicts: tuple[Verdict, ...], info: VideoInfo) -> tuple[str, ...]:
    if not verdicts:
        return (tr("No device can decode with {name}, FFmpeg’s decoder for it.", name=info.decoder),)
    return tuple(verdict.words for verdict in verdicts)
