"""Receives a live source in its own thread: connects, fills the ring, and reconnects after a loss."""

from __future__ import annotations

import logging
import os
import select
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

import av
import av.error

from framescope.core.closing import Closing
from framescope.core.errors import FrameScopeError, OpenError, UnsupportedMediaError
from framescope.core.live.address import QUICK_OPENING, LiveAddress, LiveKind
from framescope.core.live.camera import CapturedFile, camera_refusal
from framescope.core.live.head import DamageCheck, make_head
from framescope.core.live.losses import LossWatch
from framescope.core.live.ring import Limits, LivePacket, PacketRing, Segment
from framescope.core.media.container import open_connection, video_stream
from framescope.core.media.damage.frame_gaps import gap_finder_for
from framescope.core.media.packet_inspect import PacketLook, inspector_for, is_vp9_key
from framescope.core.media.probe import describe
from framescope.core.model.frame import PictureType
from framescope.core.model.stream_facts import LIVE_CONTAINER
from framescope.core.pyav import demux, open_input
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    from framescope.core.media.decoding.decoder import VideoPacket
    from framescope.core.model.stream_facts import VideoInfo

_LOG = logging.getLogger(__name__)
_CONNECTING_S, _LISTENING_S = 10.0, 30.0
"""How long to wait for a connection, and where the sender has to make it."""
_SILENCE_S = 5.0
"""A source from which nothing arrives for this long is lost."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 10.0
_LOOK_S = 0.2
_CLOSING_S = 0.5
_PIPE_BYTES = 1 << 16
_PLAIN = PacketLook()
_RTP = frozenset({"rtp", "rtsp", "sdp"})


class _PipeFile:
    """The read end of a pipe for PyAV: it returns what there is, and can be asked to stop."""

    def __init__(self, path: str, stopped: threading.Event) -> None:
        """Open it.

        Raises:
            OSError: It is not there.
        """
        self._stopped = stopped
        self._is_own = path != "-"
        # Without waiting for a writer, which may never come.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags) if self._is_own else sys.stdin.fileno()
        self._has_begun = False

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        while not self._stopped.is_set():
            if sys.platform != "win32" and not select.select([self._handle], [], [], _LOOK_S)[0]:
                continue
            try:
                data = os.read(self._handle, min(size, _PIPE_BYTES))
            except BlockingIOError:
                continue
            if data or self._has_begun or not self._is_own:
                self._has_begun = True
                return data
            # A named pipe that no program writes to yet looks like one at its end.
            self._stopped.wait(_LOOK_S)
        return b""

    def __del__(self) -> None:
        if getattr(self, "_is_own", False) and hasattr(self, "_handle"):
            os.close(self._handle)


class Receiver:
    """The thread that fills a ring. Threads: any.

    Attributes:
        address: What is received.
        note: A sentence on how it is received; empty if there is nothing to say.
    """

    def __init__(self, address: LiveAddress, limits: Limits) -> None:
        """Connect in the background; `ring` waits for it."""
        self.address = address
        self.note = ""
        self._limits = limits
        self._ring: PacketRing | None = None
        self._failure: Exception | None = None
        self._heard_s = time.monotonic()
        """When the last packet arrived."""
        self._stopped = threading.Event()
        self._is_known = threading.Event()
        self._thread = threading.Thread(target=self._run, name="framescope-live", daemon=True)
        self._thread.start()

    @property
    def patience_s(self) -> float | None:
        """How long it waits for the source, in seconds; None where it waits until stopped."""
        if self.address.kind is LiveKind.PIPE:
            return None
        return _LISTENING_S if self.address.listens else _CONNECTING_S

    def is_settled(self, longest_s: float) -> bool:
        """Whether `ring` answers at once; waits for that, but no longer than this."""
        return self._is_known.wait(longest_s)

    def ring(self) -> PacketRing:
        """The ring, once the source has been recognised and its first keyframe is in it.

        Raises:
            OpenError: It cannot be opened, or was stopped before.
        """
        self._is_known.wait()
        if self._failure is not None:
            raise self._failure
        if self._ring is None:
            raise OpenError(tr("{name} was stopped before its first keyframe.", name=self.address.typed))
        return self._ring

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will arrive."""
        return not self._thread.is_alive() or self._stopped.is_set()

    def stop(self) -> None:
        """Receive nothing more, without waiting; what is in the ring can still be read."""
        self._stopped.set()
        if self._ring is not None:
            self._ring.end()
        self._is_known.set()

    def close(self) -> None:
        """Stop and wait for the thread; one that waits for a network is left behind."""
        self.stop()
        # While it connects, nothing but FFmpeg's time-out ends it.
        if self._ring is not None and self._thread is not threading.current_thread():
            self._thread.join(_CLOSING_S)

    # --- in the thread

    def _run(self) -> None:
        try:
            self._receive()
        except FrameScopeError as error:
            self._fail(error)
        except Exception as bug:
            # Whoever waits for it must be told, whatever it is.
            self._fail(bug)
            raise
        finally:
            if self._ring is not None:
                self._ring.end()
            self._is_known.set()

    def _fail(self, error: Exception) -> None:
        if self._ring is None:
            self._failure = error
        elif isinstance(error, FrameScopeError):
            self._ring.end(error)

    def _receive(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopped.is_set():
            before = 0 if self._ring is None else self._ring.frame_count
            try:
                reason = self._receive_once()
            except OpenError as error:
                if self._ring is None:
                    raise
                reason = error.message
            if self.address.kind is LiveKind.PIPE or self._ring is None or self._stopped.is_set():
                return
            self._ring.lose(reason, self._heard_s)
            _LOG.warning("%s: connection lost: %s", self.address.name, reason)
            has_moved = self._ring.frame_count > before
            pause_s = _FIRST_PAUSE_S if has_moved else min(2 * pause_s, _LONGEST_PAUSE_S)
            self._stopped.wait(pause_s)

    def _receive_once(self) -> str:
        """Receive until the connection is lost; returns why.

        Raises:
            OpenError: There is no connection, or no video in it.
        """
        watch: LossWatch | None
        watch = LossWatch()
        with self._connection() as container:
            if _loses_silently(container):
                watch.connect(container)
            else:
                watch = None
            early: list[_Arrival] = []
            try:
                info = describe(
                    container,
                    self.address.name,
                    on_packet=lambda packet: early.append(_Arrival.of(packet, watch)),
                )
                stream = video_stream(container, self.address.name, info.stream_index)
                info = replace(info, source=self.address.name)
                with _Intake(self, info, stream, is_unsure=watch is not None and watch.is_deaf) as intake:
                    for arrival in early:
                        intake.take(arrival)
                    early.clear()
                    sound = container.streams.audio[:1]
                    both: tuple[Stream, ...] = (stream, *sound)
                    is_silent = self._take_all(demux(container, *both), intake, stream.index, watch)
            except (av.error.FFmpegError, OSError) as error:
                if self._ring is None:
                    raise self._unreadable(error) from error
                return _reason(error)
            finally:
                if watch is not None:
                    watch.disconnect()
                if watch is not None and self._ring is not None and not self._stopped.is_set():
                    # Nothing has told whether all of it had arrived.
                    self._ring.doubt_last()
        if is_silent:
            return _silence_words()
        if self._ring is None and not self._stopped.is_set():
            raise UnsupportedMediaError(
                tr("{name} ended before its first keyframe.", name=self.address.typed),
                hint=tr("A decoder can only start at a keyframe."),
            )
        return tr("the source ended the connection")

    def _take_all(
        self,
        packets: Iterator[Packet[Stream]],
        intake: _Intake,
        video_index: int,
        watch: LossWatch | None,
    ) -> bool:
        """Pass all packets on; returns whether they stopped coming, False at the end or when stopped."""
        asked_s, waited_s = time.monotonic(), 0.0
        for packet in packets:
            if self._stopped.is_set():
                break
            wait_s = time.monotonic() - asked_s
            # When its time is up, FFmpeg passes on what it has of a picture; the error would come next time.
            is_rest = wait_s >= _SILENCE_S
            waited_s = max(waited_s, wait_s)
            if packet.stream.index == video_index:
                arrival = _Arrival.of(cast("VideoPacket", packet), watch)
                if is_rest:
                    intake.take(arrival._replace(arrived_s=asked_s, is_touched=True))
                else:
                    intake.take(arrival._replace(waited_s=waited_s))
                waited_s = 0.0
            else:
                intake.take_sound(cast("Packet[AudioStream]", packet))
            if is_rest:
                return True
            asked_s = self._heard_s = time.monotonic()
        return False

    def _unreadable(self, error: Exception) -> OpenError:
        return OpenError(
            tr("{name} cannot be read: {reason}.", name=self.address.typed, reason=_reason(error)),
            hint=tr("Check that the sender is running."),
        )

    @contextmanager
    def _connection(self) -> Iterator[InputContainer]:
        """The open source.

        Raises:
            OpenError: It cannot be opened.
        """
        if self.address.kind is LiveKind.PIPE:
            with self._open_pipe() as container:
                yield container
            return
        with self._connect() as container:
            yield container

    def _open_pipe(self) -> InputContainer:
        try:
            file = _PipeFile(self.address.opens, self._stopped)
            return open_input(file, options=dict(self.address.ways[0]))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise UnsupportedMediaError(
                tr(
                    "What arrives from {name} is not a video that FFmpeg recognises: {reason}.",
                    name=self.address.typed,
                    reason=_reason(error),
                ),
                hint=tr("A pipe needs a format without seeking, such as MPEG-TS, Matroska or NUT."),
            ) from error

    def _connect(self) -> InputContainer:
        form = self.address.form
        if form is not None and form not in _known_forms():
            number = self.address.name.rpartition("/")[2]
            if number.isdecimal():
                return self._open_captured(int(number))
            raise UnsupportedMediaError(
                tr("This FFmpeg cannot read cameras ({form}).", form=form),
                hint=tr(
                    "Let the ffmpeg program read it: ffmpeg -f {form} -i {device} -c copy -f nut -"
                    " | framescope live -",
                    form=form,
                    device=self.address.opens,
                ),
            )
        refused: OpenError | None = None
        for options in self.address.ways:
            try:
                timeouts = (self.patience_s or _CONNECTING_S, _SILENCE_S)
                return open_connection(self.address.opens, options=options, form=form, timeouts=timeouts)
            except OpenError as error:
                refused = refused or error
        assert refused is not None
        if self.address.kind is LiveKind.CAMERA:
            raise camera_refusal(self.address.opens, refused.__cause__ or refused) from refused
        raise refused

    def _open_captured(self, number: int) -> InputContainer:
        """A camera that FFmpeg has no device for, through OpenCV."""
        try:
            container = open_input(CapturedFile(number), format="nut", options=dict(QUICK_OPENING))
        except (av.error.FFmpegError, OSError) as error:
            raise camera_refusal(str(number), error) from error
        self.note = tr("Read through OpenCV: pictures in 8-bit RGB, compressed again without loss.")
        return container

    def begin(self, segment: Segment) -> PacketRing:
        """The ring, ready for what a connection delivers. Threads: the receiver's."""
        if self._ring is None:
            self._ring = PacketRing(segment.time_base, self._limits)
            self._ring.begin_segment(segment)
            self._is_known.set()
            if self._stopped.is_set():
                self._ring.end()
        else:
            self._ring.begin_segment(segment)
        return self._ring


class _Arrival(NamedTuple):
    """A packet that was demuxed.

    Attributes:
        packet: It.
        arrived_s: When, by ``time.monotonic``.
        is_touched: Whether it may lack something that FFmpeg does not mark.
        waited_s: For how long nothing had arrived before it.
    """

    packet: VideoPacket
    arrived_s: float
    is_touched: bool
    waited_s: float = 0.0

    @classmethod
    def of(cls, packet: VideoPacket, watch: LossWatch | None) -> _Arrival:
        """The packet that was demuxed last."""
        return cls(packet, time.monotonic(), watch is not None and watch.touches(packet))


class _Intake(Closing):
    """Passes the packets of one connection to the ring, from its first keyframe on."""

    def __init__(self, receiver: Receiver, info: VideoInfo, stream: VideoStream, *, is_unsure: bool) -> None:
        """Begin before the first packet.

        Args:
            receiver: Has the ring, once there is a keyframe.
            info: What the connection declares.
            stream: The video.
            is_unsure: Whether parts of frames may be missing although they arrive unmarked.
        """
        self._receiver = receiver
        self._info = info
        self._stream = stream
        self._time_base = Fraction(info.time_base)
        self._ring: PacketRing | None = None
        context = stream.codec_context
        self._inspect = inspector_for(context.name, context.extradata)
        self._gaps = gap_finder_for(context.name, context.extradata)
        self._is_broken = False
        self._clean_from: int | None = None
        self._is_unsure = is_unsure
        self._check: DamageCheck | None = None
        self._sound_head = b""

    def close(self) -> None:
        """Release the decoder that checks, if there is one."""
        if self._check is not None:
            self._check.close()

    def take(self, arrival: _Arrival) -> None:
        """Take the next packet that was demuxed."""
        packet, arrived_s, is_touched, waited_s = arrival
        if not packet.size:
            return
        if self._stream.codec_context.name == "vp9":
            packet.is_keyframe |= is_vp9_key(memoryview(packet))
        if self._ring is None:
            if not packet.is_keyframe:
                return
            segment = self._segment(packet)
            self._ring = self._receiver.begin(segment)
            if self._receiver.note:
                self._ring.note(self._receiver.note)
            if self._is_unsure:
                self._check = DamageCheck(segment.head, self._info.source)
                self._ring.note(
                    tr("Lost RTP packets are not always noticed: some damaged frames may not be marked.")
                )
        look = _PLAIN if self._inspect is None else self._inspect(memoryview(packet))
        missing = None if self._gaps is None else self._gaps.missing_before(memoryview(packet))
        self._ring.add(
            LivePacket(
                bytes(packet),
                packet.pts,
                packet.dts,
                packet.duration or 0,
                is_keyframe=packet.is_keyframe,
                is_shown=look.is_shown and not packet.is_discard,
                is_damaged=self._depends_on_damage(
                    packet, look, is_touched=is_touched, lacks=missing is not None
                ),
                picture_type_code=look.picture_type.value,
                arrived_s=arrived_s,
                damaged_before=missing or 0,
                waited_s=waited_s,
            )
        )

    def take_sound(self, packet: Packet[AudioStream]) -> None:
        """Take the next packet of sound; what comes before the first picture is left out."""
        if self._ring is None or not packet.size or packet.pts is None or packet.is_corrupt:
            return
        self._sound_head = self._sound_head or make_head(packet.stream, packet)
        self._ring.add_sound(
            bytes(packet),
            packet.pts,
            packet.duration or 0,
            time_base=Fraction(packet.time_base),
            head=self._sound_head,
        )

    def _depends_on_damage(
        self, packet: VideoPacket, look: PacketLook, *, is_touched: bool, lacks: bool
    ) -> bool:
        """Whether the packet is damaged, or what it may refer to is; a keyframe ends that."""
        is_corrupt = packet.is_corrupt or is_touched
        if self._check is not None:
            is_corrupt |= self._check.is_damaged(packet) or self._lacks_beginning(look)
        if packet.is_keyframe:
            was_broken, self._is_broken = self._is_broken or lacks, is_corrupt
            # Its leading pictures refer to what was before it.
            self._clean_from = packet.pts if was_broken else None
            return is_corrupt
        self._is_broken |= is_corrupt or lacks
        is_leading = self._clean_from is not None and packet.pts is not None and packet.pts < self._clean_from
        return self._is_broken or is_leading

    def _lacks_beginning(self, look: PacketLook) -> bool:
        """Whether no slice is at the start: what is left of a picture whose start was lost is."""
        return self._stream.codec_context.name == "h264" and look.picture_type is PictureType.UNKNOWN

    def _segment(self, first: VideoPacket) -> Segment:
        context, info = self._stream.codec_context, self._info
        return Segment(
            info=replace(
                info,
                container=LIVE_CONTAINER,
                container_meaning=tr("Live, as {container}", container=info.container_meaning),
                frame_count_declared=0,
                duration_s=None,
            ),
            head=make_head(self._stream, first),
            time_base=self._time_base,
            parameters=(info.codec, info.width, info.height, info.pixel_format, context.extradata),
        )


def _loses_silently(container: InputContainer) -> bool:
    """Whether frames may arrive in part, and are not marked: RTP in datagrams."""
    return container.format.name in _RTP and container.options.get("rtsp_transport") != "tcp"


def _known_forms() -> frozenset[str]:
    return frozenset(name for names in av.formats_available for name in names.split(","))


def _silence_words() -> str:
    return tr("nothing arrived for {seconds:g} s", seconds=_SILENCE_S)


def _reason(error: Exception) -> str:
    """Why reading failed; never the whole error, which holds the address."""
    if isinstance(error, av.error.ExitError):
        return _silence_words()
    return getattr(error, "strerror", None) or type(error).__name__
