"""Sends the first seconds of a file over loopback, at the pace at which a camera would, and notes when."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

import av
import av.error

from framescope.core.closing import Closing
from framescope.core.errors import FrameScopeError
from framescope.core.live.head import Sink, copied_stream
from framescope.core.media.container import open_container, video_stream
from framescope.core.pyav import demux, new_packet
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from framescope.core.media.decoding.decoder import VideoPacket

_LOG = logging.getLogger(__name__)

_TS_CODECS = frozenset({"h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4"})
"""What real streams carry in MPEG-TS; other codecs go into Matroska, as WebM streams do."""
_TS = ("mpegts", ".ts", {"flush_packets": "1"})
# A cluster is only written when it is full; so each packet gets its own.
_MATROSKA = ("matroska", ".mkv", {"flush_packets": "1", "live": "1", "cluster_size_limit": "1"})
_MOST_BYTES, _MOST_PACKETS = 256_000_000, 4000
_MOST_CONNECTIONS = 8
_LOOK_S = 0.2


class Piece(NamedTuple):
    """What is sent for one packet.

    Attributes:
        due_s: When, in seconds from the first one.
        data: The bytes.
    """

    due_s: float
    data: bytes


class PacedStream(NamedTuple):
    """A stream in pieces.

    Attributes:
        pieces: One for each packet, in decode order; the last one also has what the container ends with.
        suffix: The ending of a file that holds them.
    """

    pieces: tuple[Piece, ...]
    suffix: str

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join(piece.data for piece in self.pieces)


def paced_stream(source: str, stream_index: int, seconds: float) -> PacedStream:
    """A file from its first keyframe on, muxed again without encoding; over and over if it is shorter.

    Raises:
        OpenError: The file cannot be opened.
        FrameScopeError: It cannot be sent as a stream.
    """
    with open_container(source) as container:
        stream = video_stream(container, source, stream_index)
        codec = stream.codec_context.codec.canonical_name
        form, suffix, options = _TS if codec in _TS_CODECS else _MATROSKA
        sink, pieces = Sink(), list[Piece]()
        try:
            packets = _first_packets(container, stream, seconds)
            with av.open(sink, "w", format=form, options=options) as out:
                target = copied_stream(out, stream)
                for due_s, packet in islice(_repeated(packets, seconds), _MOST_PACKETS):
                    packet.stream = target
                    out.mux(packet)
                    pieces.append(Piece(due_s, sink.take()))
        except (av.error.FFmpegError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FrameScopeError(
                tr("The file cannot be sent as a stream: {reason}.", reason=reason)
            ) from error
    if not pieces:
        raise FrameScopeError(tr("The file cannot be sent as a stream: it has no keyframe with a time."))
    pieces[-1] = Piece(pieces[-1].due_s, pieces[-1].data + sink.take())
    return PacedStream(tuple(pieces), suffix)


def _first_packets(container: InputContainer, stream: VideoStream, seconds: float) -> list[VideoPacket]:
    packets: list[VideoPacket] = []
    total = 0
    for packet in demux(container, stream):
        if not packet.size or _time_of(packet) is None or not (packets or packet.is_keyframe):
            continue
        packets.append(packet)
        total += packet.size
        is_long = _seconds_between(packets[0], packet) > seconds
        if is_long or total > _MOST_BYTES or len(packets) == _MOST_PACKETS:
            break
    _complete_times(packets)
    return packets


def _complete_times(packets: list[VideoPacket]) -> None:
    """Give each packet both times, which muxers need and not every container has."""
    for packet in packets:
        packet.pts = _time_of(packet) if packet.pts is None else packet.pts
    if all(packet.dts is not None for packet in packets):
        return
    shown = [packet.pts or 0 for packet in packets]
    # In the order of showing, and so early that none is shown before it is decoded.
    delay = max((late - own for late, own in zip(sorted(shown), shown, strict=True)), default=0)
    for packet, time_ in zip(packets, sorted(shown), strict=True):
        packet.dts = time_ - delay


def _repeated(packets: Sequence[VideoPacket], seconds: float) -> Iterator[tuple[float, VideoPacket]]:
    """The packets, over and over, each with the time at which it is due, until that is reached."""
    if not packets:
        return
    first, last = packets[0], packets[-1]
    time_base = first.time_base
    step = last.duration or round(_seconds_between(first, last) / max(len(packets) - 1, 1) / time_base)
    span = round(_seconds_between(first, last) / time_base) + max(step, 1)
    for start in count(0, span):
        for packet in packets:
            due_s = _seconds_between(first, packet) + float(start * time_base)
            if due_s > seconds:
                return
            again = new_packet(bytes(packet))
            again.pts = None if packet.pts is None else packet.pts + start
            again.dts = None if packet.dts is None else packet.dts + start
            again.duration, again.time_base = packet.duration, time_base
            again.is_keyframe = packet.is_keyframe
            yield due_s, again


def _time_of(packet: VideoPacket) -> int | None:
    return packet.dts if packet.dts is not None else packet.pts


def _seconds_between(first: VideoPacket, packet: VideoPacket) -> float:
    return float(((_time_of(packet) or 0) - (_time_of(first) or 0)) * packet.time_base)


class PacedSender(Closing):
    """Serves a stream by TCP: whoever connects gets it from its start, at its own pace. Threads: any.

    Attributes:
        address: Where it is.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Listen; nothing is sent before somebody connects."""
        self._pieces = pieces
        self._stopped = threading.Event()
        self._is_settled = threading.Event()
        self._lock = threading.Lock()
        self._sent_s: list[float] = []
        self._ended_s: float | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(_LOOK_S)
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="framescope-sender", daemon=True)
        self._thread.start()

    @property
    def sent_s(self) -> tuple[float, ...]:
        """When each piece was sent to the last who connected, by ``time.perf_counter``."""
        with self._lock:
            return tuple(self._sent_s)

    @property
    def ended_s(self) -> float | None:
        """When the last piece was sent; None if it was not yet."""
        with self._lock:
            return self._ended_s

    def settle(self) -> None:
        """Refuse whoever connects from now on. Before, some libraries connect more than once."""
        self._is_settled.set()

    def _serve(self) -> None:
        senders: list[threading.Thread] = []
        while not self._is_settled.is_set() and len(senders) < _MOST_CONNECTIONS:
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError as error:
                # Whoever still wants to connect is refused, which shows in its trial.
                _LOG.warning("The benchmark's stream cannot be sent any longer: %s", error)
                break
            with self._lock:
                self._sent_s, self._ended_s = [], None
            senders.append(threading.Thread(target=self._send, args=(connection, self._sent_s), daemon=True))
            senders[-1].start()
        self._server.close()
        for sender in senders:
            sender.join()

    def _send(self, connection: socket.socket, sent_s: list[float]) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(_LOOK_S)
        began_s = time.perf_counter()
        # Whoever has had enough closes the connection.
        with connection, suppress(OSError):
            for due_s, data in self._pieces:
                if self._stopped.wait(max(0.0, began_s + due_s - time.perf_counter())):
                    return
                self._send_all(connection, data)
                with self._lock:
                    sent_s.append(time.perf_counter())
            with self._lock:
                if sent_s is self._sent_s:
                    self._ended_s = sent_s[-1]

    def _send_all(self, connection: socket.socket, data: bytes) -> None:
        """Send, however long the other end takes to read, unless this is stopped."""
        rest = memoryview(data)
        while rest and not self._stopped.is_set():
            with suppress(TimeoutError):
                rest = rest[connection.send(rest) :]

    def close(self) -> None:
        """Stop sending."""
        self._stopped.set()
        self._is_settled.set()
        self._thread.join()
