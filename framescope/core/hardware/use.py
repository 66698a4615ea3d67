"""Decides whether a trusted device or software decodes one open video, and says why."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from framescope.core.forking import renew_in_children
from framescope.core.hardware.devices import (
    AUTOMATIC,
    OFF,
    FFmpegDevice,
    candidates,
    checked_name,
    device_title,
)
from framescope.core.hardware.examining import examine
from framescope.core.hardware.verdicts import Subject, Verdict, Verdicts
from framescope.core.media.container import local_path
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.hardware.devices import Device
    from framescope.core.hardware.examining import Try
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LOG = logging.getLogger(__name__)


class HardwareUse:
    """The decoder of one open video: a device or software. Threads: any.

    Until `settle` has found a device, and after `fail`, it is software.
    """

    def __init__(  # noqa: PLR0913 - every option is named at the call
        self,
        info: VideoInfo,
        wanted: str,
        *,
        verdicts: Verdicts | None = None,
        make_device: Callable[[str], Device] = FFmpegDevice,
        attempt: Try | None = None,
        on_change: Callable[[DecoderInUse], None] = lambda _now: None,
        reason: str = "",
    ) -> None:
        """Prepare only; nothing is tried yet.

        Args:
            info: The video.
            wanted: `OFF`, `AUTOMATIC`, or a device's name.
            verdicts: What was found out before; None for the user's.
            make_device: Makes the device of a name.
            attempt: Tries a device on a video; None for a child process.
            on_change: Called when the decoder changes, in the thread that changes it.
            reason: Why it is off, as the rest of a sentence; empty for the user's choice.

        Raises:
            SettingsError: There is no such kind of device.
        """
        self._info = info
        self._off_because = reason or tr("hardware decoding is off")
        self._wanted = wanted if wanted in {OFF, AUTOMATIC} else checked_name(wanted)
        self._known = verdicts or Verdicts()
        self._make_device = make_device
        self._attempt = attempt
        self._on_change = on_change
        self._lock = threading.Lock()
        self._device: Device | None = None
        self._now = DecoderInUse(reason=self._why_not() or tr("a device is being tested"))
        renew_in_children(self)

    def set_up_after_fork(self) -> None:
        """In a forked process, decode in software: drivers do not survive a fork."""
        self._lock = threading.Lock()
        self._device, self._now = None, DecoderInUse(reason=_other_process())

    def __reduce__(self) -> tuple[Callable[..., HardwareUse], tuple[object, ...]]:
        """In another process, such as one of a data loader, decode in software."""
        return _in_software, (self._info,)

    @property
    def now(self) -> DecoderInUse:
        """The decoder in use, and why."""
        return self._now

    @property
    def device(self) -> Device | None:
        """What decodes; None for software. Several decoders may use it, each with its own context."""
        return self._device

    @property
    def info(self) -> VideoInfo:
        """The video."""
        return self._info

    def settle(
        self, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
    ) -> DecoderInUse:
        """Choose a trusted device; one that has no verdict yet is tried first, for a few seconds.

        Raises:
            Cancelled: The work was cancelled.
            FrameScopeError: No process can be started.
        """
        if self._why_not():
            return self._now
        names = candidates(self._info.decoder, self._wanted)
        reasons = []
        for name in names:
            verdict = self._verdict(name, progress, cancel or CancelToken(), again=False)
            if verdict.is_trusted:
                self._choose(self._make_device(name), verdict)
                return self._now
            reasons.append(
                tr("{device} is not used, {reason}", device=device_title(name), reason=verdict.reason)
            )
        self._change(DecoderInUse(reason="; ".join(reasons) or self._no_device()))
        return self._now

    def _no_device(self) -> str:
        name = self._info.decoder
        if self._wanted == AUTOMATIC:
            return tr("no device of this FFmpeg decodes with {name}", name=name)
        return tr("{device} does not decode with {name}", device=device_title(self._wanted), name=name)

    def _why_not(self) -> str:
        if self._wanted == OFF:
            return self._off_because
        if not self._info.has_packets:
            return tr("only video files are decoded by a device")
        if local_path(self._info.source) is None:
            return tr("only files on this computer are decoded by a device")
        return ""

    def verdicts(
        self,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
        *,
        again: bool,
    ) -> tuple[Verdict, ...]:
        """The verdicts on all devices that come into question; the decoder stays as it is.

        Args:
            progress: Receives the progress of a trial.
            cancel: Ends it.
            again: Whether to try them even if there is a verdict already.

        Raises:
            Cancelled: The work was cancelled.
            FrameScopeError: No process can be started.
        """
        names = candidates(self._info.decoder, self._wanted)
        return tuple(self._verdict(name, progress, cancel or CancelToken(), again=again) for name in names)

    def _verdict(self, name: str, progress: ProgressCallback, cancel: CancelToken, *, again: bool) -> Verdict:
        known = None if again else self._known.find(Subject.of(name, self._info))
        if known is not None:
            return known
        verdict, is_worth_keeping = examine(
            self._info, name, progress=progress, cancel=cancel, attempt=self._attempt
        )
        if is_worth_keeping:
            self._known.put(verdict)
        return verdict

    def _choose(self, device: Device, verdict: Verdict) -> None:
        count = verdict.frames
        words = tr("it gave {count} frames exactly as software does", count=count)
        self._change(DecoderInUse(device.name, device_title(device.name), words), device)

    def fail(self, reason: str) -> None:
        """Decode in software from now on.

        Args:
            reason: Why, as the rest of a sentence.
        """
        _LOG.warning("Decoding continues in software: %s", reason)
        self._change(DecoderInUse(reason=reason, was_given_up=True))

    def _change(self, now: DecoderInUse, device: Device | None = None) -> None:
        with self._lock:
            self._device, self._now = device, now
        self._on_change(now)


def _other_process() -> str:
    return tr("a device decodes only in the process that opened the video")


def _in_software(info: VideoInfo) -> HardwareUse:
    return HardwareUse(info, OFF, reason=_other_process())
