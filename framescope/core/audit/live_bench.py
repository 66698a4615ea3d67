"""Measures how each library receives a stream: the start of the file, sent on loopback at its own pace."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.bench_records import LiveTrial
from framescope.core.audit.child_process import LIVE_WORKER, ChildEnded, ChildProcess, Limits
from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.messages import target_message
from framescope.core.audit.records import TrialState
from framescope.core.errors import FrameScopeError
from framescope.core.files import write_whole
from framescope.core.folders import temporary_folder
from framescope.core.live.sender import PacedSender, paced_stream
from framescope.core.source.opening import open_video
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from framescope.core.audit.engines.catalog import EngineSpec
    from framescope.core.live.sender import PacedStream
    from framescope.core.model.progress import CancelToken

STREAM_S = 8.0
"""How long the stream is at most: libraries look at up to five seconds before they give a picture."""
_LEARN_S = 20.0
_GRACE_S = 5.0
"""How long after the end of the stream pictures still count."""
_MOST_TIMES, _MOST_MORE = 4, 1000
"""Pictures of so many times the frames of the stream, and so many more, have no end of their own."""
_LIMITS = Limits(silence_s=30.0)


def live_specs(specs: Iterable[EngineSpec]) -> tuple[EngineSpec, ...]:
    """The engines by which the libraries of these engines read streams."""
    libraries = {spec.library for spec in specs}
    return tuple(spec for spec in ENGINES if spec.live and spec.library in libraries)


@dataclass(frozen=True)
class SentStream:
    """The stream that is sent, and what it shows.

    Attributes:
        stream: Its pieces.
        target: A file with the same bytes.
        packet_numbers: For each frame, the piece that has its packet; None if pieces and packets differ.
        frame_count: How many frames it shows.
    """

    stream: PacedStream
    target: Target
    packet_numbers: tuple[int, ...] | None
    frame_count: int


def store_stream(source: str, stream_index: int, folder: Path, seconds: float) -> SentStream:
    """Make the stream, and a file of it in a folder.

    Raises:
        FrameScopeError: The file cannot be sent as a stream.
    """
    stream = paced_stream(source, stream_index, seconds)
    path = folder / f"stream{stream.suffix}"
    write_whole(path, stream.data, replaces=False)
    with open_video(path, cache_bytes=1, use_index_cache=False) as video:
        index = video.index
        is_same = len(index.packet_sizes) == len(stream.pieces)
        return SentStream(
            stream,
            Target(str(path), video.info.stream_index, index.time_base, convert=True, keeps_frames=True),
            tuple(index.packet_numbers.tolist()) if is_same else None,
            len(index),
        )


def live_trials(
    source: str,
    stream_index: int,
    specs: Sequence[EngineSpec],
    *,
    cancel: CancelToken,
    on_begun: Callable[[EngineSpec], None] = lambda _spec: None,
) -> tuple[LiveTrial, ...]:
    """Try each library on a stream of the file, one after another, each in its own process.

    Args:
        source: The file.
        stream_index: Its video stream.
        specs: As `live_specs` gives them.
        cancel: Ends it; trials that are over are kept.
        on_begun: Receives each engine before its trial.
    """
    trials: list[LiveTrial] = []
    with temporary_folder("live") as folder:
        try:
            sent = store_stream(source, stream_index, Path(folder), STREAM_S)
        except FrameScopeError as error:
            return tuple(_untried(spec, TrialState.UNAVAILABLE, error.message) for spec in specs)
        for spec in specs:
            on_begun(spec)
            if cancel.is_cancelled:
                trials.append(_untried(spec, TrialState.CANCELLED, "cancelled"))
            elif spec.version is None:
                trials.append(_untried(spec, TrialState.NOT_INSTALLED, spec.missing_text))
            else:
                trials.append(_tried(spec, sent, cancel))
    return tuple(trials)


def _untried(spec: EngineSpec, state: TrialState, reason: str) -> LiveTrial:
    return LiveTrial(spec.name, spec.library, spec.version, state, reason)


@dataclass
class _Notes:
    """What a library did."""

    reference: list[int] = field(default_factory=list)
    received: list[tuple[int, float]] = field(default_factory=list)


def _tried(spec: EngineSpec, sent: SentStream, cancel: CancelToken) -> LiveTrial:
    notes = _Notes()
    state, reason, began_s = TrialState.DONE, "", 0.0
    with (
        PacedSender(sent.stream.pieces) as sender,
        ChildProcess(LIVE_WORKER, _LIMITS, cancel, runs_programs=bool(spec.program)) as child,
    ):
        try:
            child.send({"factory": spec.factory, "target": target_message(sent.target), "seconds": _LEARN_S})
            _learn(child, notes)
            began_s = time.perf_counter()
            child.send({"live": spec.live, "address": sender.address})
            _receive(child, sender, notes, most=_MOST_TIMES * sent.frame_count + _MOST_MORE)
        except ChildEnded as ended:
            state, reason = ended.state, ended.message
        sent_s, ended_s = sender.sent_s, sender.ended_s
    numbers = numbers_of(notes.reference, [digest for digest, _ in notes.received])
    places = [number for number in numbers if number is not None]
    known = set(notes.reference)
    wrong = sum(digest not in known for digest, _ in notes.received)
    first_s = notes.received[0][1] if notes.received else None
    return LiveTrial(
        engine=spec.name,
        title=spec.library,
        version=spec.version,
        state=state,
        reason=reason,
        sent=sent.frame_count,
        right=len(places),
        dropped=max(sent.frame_count - len(places), 0),
        doubled=len(numbers) - len(places) - wrong,
        wrong=wrong,
        first_ms=None if first_s is None else (first_s - began_s) * 1000,
        came_late=first_s is not None and ended_s is not None and first_s > ended_s,
        latencies_ms=_latencies_ms(sent, numbers, notes.received, sent_s),
    )


def _learn(child: ChildProcess, notes: _Notes) -> None:
    """Take the digests of the stream as a file.

    Raises:
        ChildEnded: There are none.
    """
    for message in child.receive():
        if message["kind"] == "failed":
            raise ChildEnded(TrialState.CANNOT_OPEN, str(message["text"]))
        if message["kind"] == "slow":
            words = tr(
                "decodes {seconds:g} s of video in more than {limit:g} s", seconds=STREAM_S, limit=_LEARN_S
            )
            raise ChildEnded(TrialState.UNAVAILABLE, words)
        if message["kind"] == "learnt":
            notes.reference.append(message["digest"])
    if not notes.reference:
        raise ChildEnded(TrialState.CANNOT_OPEN, tr("not even one that is stored as a file"))


def _receive(child: ChildProcess, sender: PacedSender, notes: _Notes, *, most: int) -> None:
    """Take the pictures as they come, at most so many, until shortly after the end of the stream.

    Raises:
        ChildEnded: There are none.
    """
    for message in child.receive():
        if message["kind"] == "failed" and not notes.received:
            raise ChildEnded(TrialState.CANNOT_OPEN, str(message["text"]))
        if message["kind"] == "picture":
            sender.settle()
            notes.received.append((message["digest"], message["at_s"]))
        ended_s = sender.ended_s
        is_over = ended_s is not None and time.perf_counter() > ended_s + _GRACE_S
        if is_over or len(notes.received) == most:
            return


def numbers_of(reference: Sequence[int], received: Sequence[int]) -> list[int | None]:
    """Which frames were received, in their order, where as many as possible are; None for the other pictures.

    Pure. Pictures that look the same cannot be told apart, but their number can: the longest common
    subsequence matches each of them once.
    """
    start = 0
    while start < min(len(reference), len(received)) and reference[start] == received[start]:
        start += 1
    numbers: list[int | None] = [*range(start), *(None for _ in received[start:])]
    kinds = {digest: kind for kind, digest in enumerate(dict.fromkeys((*reference, *received)))}
    wanted, got = (np.array([kinds[one] for one in part[start:]], np.int64) for part in (reference, received))
    # The length of the longest subsequence of what is left from each place on.
    length_type = np.min_scalar_type(min(len(wanted), len(got)))
    longest = np.zeros((len(got) + 1, len(wanted) + 1), length_type)
    for down in range(len(got) - 1, -1, -1):
        below = longest[down + 1]
        best = np.where(wanted == got[down], below[1:] + 1, below[:-1])
        longest[down, :-1] = np.maximum.accumulate(best[::-1])[::-1]
    down = across = 0
    while down < len(got) and across < len(wanted):
        if got[down] == wanted[across]:
            numbers[start + down] = start + across
            down, across = down + 1, across + 1
        elif longest[down + 1][across] >= longest[down][across + 1]:
            down += 1
        else:
            across += 1
    return numbers


def _latencies_ms(
    sent: SentStream,
    numbers: Sequence[int | None],
    received: Sequence[tuple[int, float]],
    sent_s: Sequence[float],
) -> tuple[float, ...]:
    """Of the frames sent after the first picture came: those before waited until the library had begun.

    ``perf_counter`` has one zero for all processes of a machine on the systems that are supported.
    """
    if sent.packet_numbers is None or not received:
        return ()
    first_s = received[0][1]
    latencies = []
    for number, (_, at_s) in zip(numbers, received, strict=True):
        if number is None or number >= len(sent.packet_numbers):
            continue
        packet = sent.packet_numbers[number]
        if packet < len(sent_s) and sent_s[packet] > first_s:
            latencies.append((at_s - sent_s[packet]) * 1000)
    return tuple(latencies)
