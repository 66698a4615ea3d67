"""Saves what is in the ring as a video: the packets as they arrived, from a keyframe on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import av.error

from framescope.core.clips.containers import container_for
from framescope.core.clips.writing import writing
from framescope.core.errors import ClipError
from framescope.core.files import part_file
from framescope.core.live.head import copied_stream, new_packet, open_head
from framescope.core.pyav import open_input
from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from framescope.core.clips.containers import ContainerKind
    from framescope.core.live.ring import HeldPacket, PacketRing


@dataclass(frozen=True)
class SavedRing:
    """A video that was saved from a ring.

    Attributes:
        path: The file.
        first_frame: The number that its first frame has in the live source.
        frames: How many frames it has; they are consecutive.
        seconds: From the first frame to the last one.
        packets: Packets written.
        size_bytes: Size of the file.
        is_cut: Whether earlier frames were left out because the source began to send something else.
    """

    path: Path
    first_frame: int
    frames: int
    seconds: float
    packets: int
    size_bytes: int
    is_cut: bool

    @property
    def summary(self) -> str:
        """It in one line."""
        words = tr(
            "{name}: {frames} from frame {first} on, {time}, {size}.",
            name=self.path.name,
            frames=counted(self.frames, "frame", "frames"),
            first=grouped(self.first_frame),
            time=duration_words(self.seconds),
            size=size_words(self.size_bytes),
        )
        if not self.is_cut:
            return words
        why = tr("It begins where the source changed: what came before does not fit into the same video.")
        return f"{words} {why}"


def save_ring(ring: PacketRing, path: Path, *, seconds: float | None, replaces: bool) -> SavedRing:
    """Save the newest frames of a ring without decoding them, counted again from the file that was written.

    Args:
        ring: Where the packets are; more may arrive meanwhile.
        path: The file; its ending says the container.
        seconds: At least so much, from the keyframe before that; None for all that is held.
        replaces: Whether a file of this name may be replaced.

    Raises:
        SettingsError: The ending is not that of a container.
        ClipError: The ring is empty, or the container cannot hold the codec.
        DestinationError: The file cannot be written.
    """
    kind = container_for(path)
    packets, is_cut = _newest(ring, seconds)
    frames = [(packet, number) for packet in packets if (number := ring.number_of(packet.number)) is not None]
    if not frames:
        raise ClipError(
            tr("The ring buffer holds no frame to save."), hint=tr("Wait for the next keyframe to arrive.")
        )
    numbers = sorted(number for _, number in frames)
    segment = ring.segments[packets[0].segment]
    with part_file(path, replaces=replaces) as part:
        with open_head(segment.head) as source, writing(path):
            _write(part, kind, source.streams.video[0], packets, ring)
        _prove(part, len(packets))
        size_bytes = part.stat().st_size
    times = [packet.pts for packet, _ in frames if packet.pts is not None]
    return SavedRing(
        path=path,
        first_frame=numbers[0],
        frames=len(numbers),
        seconds=float((max(times) - min(times)) * ring.time_base) if times else 0.0,
        packets=len(packets),
        size_bytes=size_bytes,
        is_cut=is_cut,
    )


def _newest(ring: PacketRing, seconds: float | None) -> tuple[list[HeldPacket], bool]:
    """The packets to save, from a keyframe on, and whether a change of the source cut them short."""
    held = ring.held_packets()
    if not held:
        return [], False
    parameters = ring.segments[held[-1].segment].parameters
    start = len(held)
    while start and ring.segments[held[start - 1].segment].parameters == parameters:
        start -= 1
    is_cut = start > 0
    keys = [place for place in range(start, len(held)) if held[place].is_keyframe]
    last_s = _time_s(ring, held[-1])
    if seconds is not None and last_s is not None:
        early = [place for place in keys if (time := _time_s(ring, held[place])) and last_s - time >= seconds]
        start = early[-1] if early else (keys[0] if keys else len(held))
        is_cut = is_cut and not early
    packets = held[start:]
    first_pts = packets[0].pts if packets else None
    # Leading pictures of the first GOP refer to the one before it.
    next_key = next((place for place, one in enumerate(packets) if place and one.is_keyframe), len(packets))
    kept = [
        one
        for place, one in enumerate(packets)
        if place >= next_key or first_pts is None or one.pts is None or one.pts >= first_pts
    ]
    return kept, is_cut


def _time_s(ring: PacketRing, packet: HeldPacket) -> float | None:
    time = packet.dts if packet.dts is not None else packet.pts
    return None if time is None else float(time * ring.time_base)


def _write(
    part: Path, kind: ContainerKind, source: VideoStream, packets: list[HeldPacket], ring: PacketRing
) -> None:
    with av.open(os.fspath(part), "w", format=kind.muxer, container_options=dict(kind.options)) as out:
        target = _stream_in(out, source, kind)
        times = [time for one in packets[:64] for time in (one.pts, one.dts) if time is not None]
        origin = min(times, default=0)
        last_dts: int | None = None
        for one in packets:
            packet = new_packet(one.data)
            packet.pts = None if one.pts is None else one.pts - origin
            dts = None if one.dts is None else one.dts - origin
            # Muxers refuse decoding times that stand still, as after a connection that was lost.
            if dts is not None and last_dts is not None:
                dts = max(dts, last_dts + 1)
            packet.dts = last_dts = dts
            packet.duration = one.duration
            packet.time_base = ring.time_base
            packet.is_keyframe = one.is_keyframe
            packet.stream = target
            out.mux(packet)


def _stream_in(out: OutputContainer, source: VideoStream, kind: ContainerKind) -> VideoStream:
    codec = source.codec_context.codec.canonical_name
    refused = ClipError(
        tr("{label} cannot hold {codec} pictures.", label=kind.label, codec=codec),
        hint=tr("Use Matroska (.mkv)."),
    )
    if not kind.holds_video(codec):
        raise refused
    try:
        return copied_stream(out, source)
    except ValueError as error:
        raise refused from error


def _prove(part: Path, wanted: int) -> None:
    """Count the packets of the file that was written.

    Raises:
        ClipError: It has another number of them.
    """
    try:
        with open_input(os.fspath(part)) as container:
            count = sum(1 for packet in container.demux(video=0) if packet.size)
    except av.error.FFmpegError as error:
        raise ClipError(tr("The clip cannot be read back: {error}.", error=error.strerror)) from error
    if count != wanted:
        raise ClipError(
            tr("The clip has {count} packets instead of {wanted}.", count=count, wanted=wanted),
            hint=tr("Use Matroska (.mkv)."),
        )
