"""Live sources that are being received, by name: what opens, lists and stops them."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framescope.core.errors import OpenError
from framescope.core.forking import run_in_children
from framescope.core.live.address import parse_live
from framescope.core.live.receiver import Receiver
from framescope.core.live.ring import Limits
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from framescope.core.live.address import LiveAddress
    from framescope.core.live.ring import LiveIndex, PacketRing
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LISTED_EVERY_S, _FRAMES_A_SECOND = 0.04, 1_000_000
"""How often an index with the new frames is passed on at most: less often where it is long and costs more."""
_LOOK_S = 0.25
_UNREAD_S = 30.0
"""After this long without anybody who follows it, a source that was opened is no longer received."""


@dataclass
class _Running:
    """A receiver and those who use it.

    Attributes:
        users: How many follow it, or have opened it to follow it.
        awaited: How many of them have opened it and do not follow it yet, as the timer that ends it for each.
    """

    receiver: Receiver
    users: int = 0
    awaited: list[threading.Timer] = field(default_factory=list)


_lock = threading.Lock()
_running: dict[str, _Running] = {}


def _forget_parent() -> None:
    """In a forked process: nothing is received there, and the lock may be held for good."""
    global _lock  # noqa: PLW0603 - belongs to the process
    _lock = threading.Lock()
    _running.clear()


run_in_children(_forget_parent)


def begin_live(source: str | os.PathLike[str], limits: Limits | None = None) -> Receiver:
    """Receive a live source from now on, or find the receiver that does; `end_live` ends it. Threads: any.

    Raises:
        OpenError: It is no complete address.
    """
    address = parse_live(source)
    with _lock:
        return _found(address, limits).receiver


def end_live(name: str) -> None:
    """Receive nothing more; what is in the ring can still be read. Threads: any."""
    with _lock:
        one = _running.pop(name, None)
    if one is not None:
        one.receiver.stop()


def probe_live(source: str | os.PathLike[str]) -> VideoInfo:
    """What a live source declares; it is received from now on, until `follow_live` ends. Threads: any.

    Raises:
        OpenError: It cannot be opened.
    """
    address = parse_live(source)
    with _lock:
        one = _found(address)
        one.users += 1
    try:
        info = one.receiver.ring().segments[0].info
    except BaseException:
        _leave(one)
        raise
    timer = threading.Timer(_UNREAD_S, lambda: _give_up(one, timer))
    timer.daemon = True
    with _lock:
        one.awaited.append(timer)
    timer.start()
    return info


def follow_live(
    info: VideoInfo,
    *,
    on_partial: Callable[[FrameIndex], None] | None = None,
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> LiveIndex:
    """List frames as they arrive until the source ends, enough have arrived, or this is cancelled.

    Once nobody follows a source, it is no longer received; the frames that are in the ring then can still be
    read. Cancelling is how a source without an end is ended, and gives the frames so far.

    Args:
        info: As `probe_live` gave it.
        on_partial: Receives an index whenever there are new frames, several times a second.
        frames_wanted: Stop after this many frames; None for no limit.
        progress: Receives how many frames there are.
        cancel: Ends it.

    Raises:
        OpenError: It is no longer received, or ended by an error before its first frame.
    """
    cancel = cancel or CancelToken()
    with _lock:
        one = _running.get(info.source)
        if one is None:
            raise OpenError(tr("{name} is no longer received.", name=info.source), hint=tr("Open it again."))
        if one.awaited:
            # It would keep the ring, and a thread, until its time is up.
            one.awaited.pop().cancel()
        else:
            one.users += 1
    ring = one.receiver.ring()
    is_enough = threading.Event()
    try:
        with cancel.stopping(is_enough.set):
            for count in _counts(ring, is_enough):
                words = tr("Live: {frames}", frames=counted(count, "frame", "frames"))
                progress(Progress(count, None, words))
                if on_partial is not None:
                    on_partial(ring.index())
                if cancel.is_cancelled or (frames_wanted is not None and count >= frames_wanted):
                    break
    finally:
        _leave(one)
    if ring.error is not None and not ring.frame_count:
        raise ring.error
    return ring.index()


def _counts(ring: PacketRing, is_enough: threading.Event) -> Iterator[int]:
    """The number of frames so far, whenever it has grown, until the ring or somebody ends it."""
    count = 0
    while not ring.has_ended and not is_enough.is_set():
        if ring.await_frames(count + 1, _LOOK_S):
            count = ring.frame_count
            yield count
            is_enough.wait(max(_LISTED_EVERY_S, count / _FRAMES_A_SECOND))


def _found(address: LiveAddress, limits: Limits | None = None) -> _Running:
    """The running receiver of an address, or a new one. Must hold the lock."""
    name = address.name
    # Names are without passwords and tokens, so that several addresses may have the same.
    for number in itertools.count(2):
        one = _running.get(name)
        if one is None or replace(one.receiver.address, name=address.name) == address:
            break
        name = f"{address.name} ({number})"
    if one is None or one.receiver.has_ended:
        one = _running[name] = _Running(Receiver(replace(address, name=name), limits or Limits()))
    return one


def _give_up(one: _Running, timer: threading.Timer) -> None:
    """Nobody came to follow what was opened, unless somebody has meanwhile."""
    with _lock:
        if timer not in one.awaited:
            return
        one.awaited.remove(timer)
    _leave(one)


def _leave(one: _Running) -> None:
    """Use a receiver no longer, which ends with its last user."""
    with _lock:
        one.users -= 1
        if one.users > 0:
            return
        name = one.receiver.address.name
        if _running.get(name) is one:
            del _running[name]
    one.receiver.stop()
