"""Looks for devices and tries them on files, in a child process: if a driver hangs, that is a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from framescope.core.audit.child_process import ChildEnded, ChildProcess, Limits
from framescope.core.audit.records import TrialState
from framescope.core.errors import Cancelled
from framescope.core.hardware.devices import device_title
from framescope.core.hardware.trial import Extent, TrialResult
from framescope.core.hardware.verdicts import Subject, Verdict
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.audit.messages import Message
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

    Try: TypeAlias = "Callable[[VideoInfo, str, ProgressCallback, CancelToken], TrialResult]"
    """Tries the device of this name on a video; see `try_in_child`."""

_WORKER = "framescope.core.hardware.device_worker"
_LIMITS = Limits(silence_s=20.0)
"""The first picture of a device may take seconds: its driver starts with it."""


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device, or where one was looked for.

    Attributes:
        name: As in settings.
        codecs: The codecs that FFmpeg can decode with its kind.
        problem: Why it cannot be opened; empty if it can.
    """

    name: str
    codecs: tuple[str, ...]
    problem: str = ""


def find_devices(cancel: CancelToken | None = None) -> tuple[FoundDevice, ...]:
    """Every device that can be opened, and one entry for each kind of which there is none. Threads: any.

    Raises:
        Cancelled: The work was cancelled.
        FrameScopeError: No process can be started.
    """
    found: list[FoundDevice] = []
    touched = ""
    try:
        for message in _messages({"do": "list"}, cancel or CancelToken()):
            if message["kind"] == "touching":
                touched = message["device"]
            elif message["kind"] == "device":
                found.append(FoundDevice(message["device"], tuple(message["codecs"]), message["problem"]))
                touched = ""
    except ChildEnded as ended:
        if touched:
            found.append(FoundDevice(touched, (), _ended_words(ended)))
    return tuple(found)


def examine(
    info: VideoInfo,
    device: str,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    attempt: Try | None = None,
) -> tuple[Verdict, bool]:
    """Try a device on a video. Threads: any.

    Args:
        info: The video.
        device: The device's name.
        progress: Receives the number of frames compared.
        cancel: Ends the trial.
        attempt: Does it; None for a child process.

    Returns:
        The verdict, and whether it is worth keeping: a damaged file says nothing about the device.

    Raises:
        Cancelled: The work was cancelled.
        FrameScopeError: No process can be started.
    """
    result = (attempt or try_in_child)(info, device, progress, cancel or CancelToken())
    is_trusted = result.is_conclusive and not result.difference
    verdict = Verdict(Subject.of(device, info), is_trusted, result.frames, result.difference)
    return verdict, result.is_conclusive


def try_in_child(
    info: VideoInfo, device: str, progress: ProgressCallback, cancel: CancelToken
) -> TrialResult:
    """Compare a device's pictures with those of software in a process of its own; see `trial.compare`."""
    total = Extent().frames_of(info.width, info.height)
    job = {
        "do": "try",
        "source": info.source,
        "stream_index": info.stream_index,
        "pixel_format": info.pixel_format,
        "device": device,
    }
    result = TrialResult(0, tr("the trial gave no result"), is_conclusive=False)
    title = tr("Testing {device}", device=device_title(device))
    try:
        for message in _messages(job, cancel):
            if message["kind"] == "compared":
                compared = message["frames"]
                result = result._replace(frames=compared)
                progress(Progress(min(compared, total), total, title))
            elif message["kind"] == "result":
                result = TrialResult(message["frames"], message["difference"], message["is_conclusive"])
            elif message["kind"] == "failed":
                # Not by the device, whose failures are results: the file may be gone.
                result = result._replace(difference=message["text"])
    except ChildEnded as ended:
        return TrialResult(result.frames, _ended_words(ended))
    return result


def _messages(job: Message, cancel: CancelToken) -> Iterator[Message]:
    """The messages of a child.

    Raises:
        Cancelled: The work was cancelled.
        ChildEnded: It crashed or hung.
    """
    with ChildProcess(_WORKER, _LIMITS, cancel) as child:
        child.send(job)
        try:
            yield from child.receive()
        except ChildEnded as ended:
            if ended.state is TrialState.CANCELLED:
                raise Cancelled from ended
            raise


def _ended_words(ended: ChildEnded) -> str:
    if ended.state is TrialState.HUNG:
        return tr("its driver did not answer for {seconds:g} s", seconds=_LIMITS.silence_s)
    return tr("its driver ended the process ({reason})", reason=ended.message)
