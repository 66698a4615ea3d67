"""Live sources that are being received, by name: what opens, lists and stops them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from framescope.core.live.address import parse_live
from framescope.core.live.receiver import Receiver
from framescope.core.live.ring import Limits
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from framescope.core.live.ring import LiveIndex, PacketRing
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LISTED_EVERY_S = 0.1
"""How often an index with the new frames is passed on at most."""
_LOOK_S = 0.25

_lock = threading.Lock()
_running: dict[str, Receiver] = {}


def begin_live(source: str | os.PathLike[str], limits: Limits | None = None) -> Receiver:
    """Receive a live source from now on, or find the receiver that does. Threads: any.

    Raises:
        OpenError: It is no complete address.
    """
    address = parse_live(source)
    with _lock:
        receiver = _running.get(address.name)
        if receiver is None:
            receiver = _running[address.name] = Receiver(address, limits or Limits())
    return receiver


def probe_live(source: str | os.PathLike[str]) -> VideoInfo:
    """What a live source declares; it is received from now on. Threads: any.

    Raises:
        OpenError: It cannot be opened.
    """
    receiver = begin_live(source)
    try:
        return receiver.ring().segments[0].info
    except BaseException:
        end_live(receiver.address.name)
        raise


def end_live(name: str) -> None:
    """Receive nothing more; what is in the ring can still be read. Threads: any."""
    with _lock:
        receiver = _running.pop(name, None)
    if receiver is not None:
        receiver.stop()


def follow_live(
    info: VideoInfo,
    *,
    on_partial: Callable[[FrameIndex], None] | None = None,
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> LiveIndex:
    """List frames as they arrive until the source ends, enough have arrived, or this is cancelled.

    Receiving ends with it; the frames that are in the ring then can still be read.

    Args:
        info: As `probe_live` gave it.
        on_partial: Receives an index whenever there are new frames, several times a second.
        frames_wanted: Stop after this many frames; None for no limit.
        progress: Receives how many frames there are.
        cancel: Stops it. A token that settles for what there is gets the frames so far.

    Raises:
        OpenError: The source ended by an error.
        Cancelled: It was cancelled.
    """
    cancel = cancel or CancelToken()
    ring = _ring_of(info)
    try:
        with cancel.stopping(ring.end):
            _pass_on(ring, on_partial, frames_wanted, progress, cancel)
        cancel.raise_if_cancelled()
        if ring.error is not None and not ring.frame_count:
            raise ring.error
    finally:
        ring.end()
        end_live(info.source)
    return ring.index()


def _pass_on(
    ring: PacketRing,
    on_partial: Callable[[FrameIndex], None] | None,
    frames_wanted: int | None,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> None:
    count = 0
    while not ring.has_ended and not cancel.is_cancelled:
        if ring.await_frames(count + 1, _LOOK_S):
            count = ring.frame_count
            progress(Progress(count, None, tr("Live: {frames}", frames=counted(count, "frame", "frames"))))
            if on_partial is not None:
                on_partial(ring.index())
            if frames_wanted is not None and count >= frames_wanted:
                return
            time.sleep(_LISTED_EVERY_S)


def _ring_of(info: VideoInfo) -> PacketRing:
    with _lock:
        receiver = _running.get(info.source)
    return begin_live(info.source).ring() if receiver is None else receiver.ring()
