"""Copies the audio packets that belong to a clip."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import av.error

from framescope.core.closing import Closing
from framescope.core.errors import ClipError
from framescope.core.media.container import open_container
from framescope.core.pyav import demux, read_tags
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer

    from framescope.core.clips.containers import ContainerKind

# "libopus" and "mp3float" are decoders of FFmpeg's, not codecs.
_BY_DECODER = re.compile("^lib|float$|_fixed$|fixed$")
_KEPT_TAGS = ("language", "title")
_SEEK_BACK_S = 3.0
_NOISE_S = 1e-6
_AV_TIME_BASE = 1_000_000


@dataclass(frozen=True, slots=True)
class OtherStream:
    """A stream of the source other than the video.

    Attributes:
        stream_index: Index over all streams of the file.
        kind: ``audio``, ``subtitle``, ``video``, ``data`` or ``attachment``.
        codec: FFmpeg's name, or empty.
        language: As the file tags it, or empty.
        is_kept: Whether the clip will have it.
        bit_rate: Bits per second as declared; 0 where the file does not say.
    """

    stream_index: int
    kind: str
    codec: str
    language: str
    is_kept: bool
    bit_rate: int = 0

    @property
    def words(self) -> str:
        """``aac audio (eng)``."""
        tail = f" ({self.language})" if self.language and self.language != "und" else ""
        return f"{self.codec} {self.kind}".strip() + tail


def other_streams(
    source: str, stream_index: int, kind: ContainerKind, *, with_audio: bool
) -> tuple[OtherStream, ...]:
    """Every stream but the pictures, and whether a clip of this kind keeps it.

    Raises:
        OpenError: The file cannot be opened.
    """
    with open_container(source) as container:
        found = []
        for stream in container.streams:
            if stream.index == stream_index:
                continue
            context = stream.codec_context
            codec = "" if context is None else _BY_DECODER.sub("", context.name)
            keeps = with_audio and stream.type == "audio" and _can_hold(kind, codec)
            language = read_tags(stream.metadata).get("language", "")
            rate = (context.bit_rate or 0) if stream.type == "audio" else 0
            found.append(OtherStream(stream.index, stream.type, codec, language, keeps, rate))
        return tuple(found)


def _can_hold(kind: ContainerKind, codec: str) -> bool:
    if not codec or not kind.holds_audio(codec):
        return False
    with av.open(io.BytesIO(), "w", format=kind.muxer) as out:
        # FFmpeg knows better for the kinds that it asks; MPEG-TS is not one of them.
        return bool(kind.audio) or codec in out.supported_codecs


class SoundFeed(Closing):
    """Passes on audio packets in the order of their times. Used by one thread."""

    def __init__(self, source: str, streams: tuple[OtherStream, ...], start_s: float, stop_s: float) -> None:
        """Open the file a second time, for its sound.

        Args:
            source: Path or address.
            streams: Those that `other_streams` found; only kept ones are read.
            start_s: Where the clip begins on the source's clock.
            stop_s: Where it ends; infinity for the end of the file.

        Raises:
            OpenError: The file cannot be opened.
        """
        self._wanted = [stream.stream_index for stream in streams if stream.is_kept]
        self._container: InputContainer | None = open_container(source) if self._wanted else None
        self._start_s, self._stop_s = start_s, stop_s
        self._targets: dict[int, AudioStream] = {}
        self._waiting: av.Packet[AudioStream] | None = None
        self._packets: Iterator[av.Packet[AudioStream]] = iter(())
        self.packet_count = 0

    def add_to(self, out: OutputContainer) -> None:
        """Add a stream for each one that is kept, and get ready to read."""
        if self._container is None:
            return
        for index in self._wanted:
            stream = next((one for one in self._container.streams.audio if one.index == index), None)
            if stream is None:
                continue
            try:
                target = out.add_stream_from_template(stream)
            except ValueError as error:
                raise ClipError(
                    tr("The {codec} audio cannot be copied.", codec=stream.codec_context.name),
                    hint=tr("Leave the audio out."),
                ) from error
            target.metadata.update(
                {tag: text for tag, text in read_tags(stream.metadata).items() if tag in _KEPT_TAGS}
            )
            self._targets[index] = target
        self._packets = self._read(self._container)

    def until(self, time_s: float) -> Iterator[av.Packet[AudioStream]]:
        """The packets up to this time of the clip, stamped for it, each once."""
        while True:
            packet = self._waiting or next(self._packets, None)
            self._waiting = None
            if packet is None:
                return
            if float((packet.pts or 0) * packet.time_base) > time_s:
                self._waiting = packet
                return
            self.packet_count += 1
            yield packet

    def close(self) -> None:
        """Release the file."""
        if self._container is not None:
            self._container.close()

    def _read(self, container: InputContainer) -> Iterator[av.Packet[AudioStream]]:
        streams = [stream for stream in container.streams.audio if stream.index in self._targets]
        self._seek(container)
        open_streams = set(self._targets)
        for packet in _tolerant(container, streams):
            time = packet.pts if packet.pts is not None else packet.dts
            if time is None or packet.stream_index not in open_streams:
                continue
            time_s = float(time * packet.time_base)
            if time_s >= self._stop_s - _NOISE_S:
                open_streams.discard(packet.stream_index)
                if not open_streams:
                    return
            elif time_s >= self._start_s - _NOISE_S:
                # Never before the first picture: a file without edit lists could not say so.
                shifted = max(time - round(self._start_s / float(packet.time_base)), 0)
                packet.pts = packet.dts = shifted
                packet.stream = self._targets[packet.stream_index]
                yield packet

    def _seek(self, container: InputContainer) -> None:
        goal_s = self._start_s - _SEEK_BACK_S
        begin_s = (container.start_time or 0) / _AV_TIME_BASE
        if goal_s <= begin_s or math.isinf(goal_s):
            return
        try:
            container.seek(int(goal_s * _AV_TIME_BASE), backward=True)
        except (av.error.FFmpegError, OSError):
            return


def _tolerant(container: InputContainer, streams: list[AudioStream]) -> Iterator[av.Packet[AudioStream]]:
    """Packets with something in them, up to the end or to damage that cannot be passed."""
    try:
        for packet in demux(container, *streams):
            if packet.size:
                yield packet
    except (av.error.FFmpegError, OSError):
        return
