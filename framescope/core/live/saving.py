"""Saves what is in the ring as a video: the packets as they arrived, from a keyframe on."""

from __future__ import annotations

import os
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import av
import av.error

from framescope.core.clips.containers import container_for
from framescope.core.clips.writing import writing
from framescope.core.errors import ClipError
from framescope.core.files import part_file
from framescope.core.live.head import copied_stream, open_head
from framescope.core.pyav import new_packet, open_input
from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from framescope.core.clips.containers import ContainerKind
    from framescope.core.live.ring import HeldPacket, HeldSound, PacketRing


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
        sound_packets: Packets of sound written.
        left_out_sound: The codec of the sound that the container cannot hold; empty if there is none.
    """

    path: Path
    first_frame: int
    frames: int
    seconds: float
    packets: int
    size_bytes: int
    is_cut: bool
    sound_packets: int = 0
    left_out_sound: str = ""

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
        if self.is_cut:
            why = tr("It begins where the source changed: what came before does not fit into the same video.")
            words = f"{words} {why}"
        if self.left_out_sound:
            why = tr("Without sound: the container cannot hold {codec}.", codec=self.left_out_sound)
            words = f"{words} {why}"
        return words


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
    sound, codec = _sound_beside(ring, packets, kind)
    with part_file(path, replaces=replaces) as part:
        with ExitStack() as stack:
            source = stack.enter_context(open_head(segment.head))
            heard = stack.enter_context(open_head(sound[0].head)).streams.audio[0] if sound else None
            stack.enter_context(writing(path))
            _write(part, kind, source.streams.video[0], packets, ring, _Sound(heard, sound))
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
        sound_packets=len(sound),
        left_out_sound=codec,
    )


class _Sound(NamedTuple):
    """The stream of sound, if there is one, and its packets."""

    stream: AudioStream | None
    packets: list[HeldSound]


def _sound_beside(
    ring: PacketRing, packets: list[HeldPacket], kind: ContainerKind
) -> tuple[list[HeldSound], str]:
    """The sound beside the pictures, of the newest kind; or the codec that the container cannot hold."""
    held = ring.held_sound()
    times = [packet.pts for packet in packets if packet.pts is not None]
    if not held or not times:
        return [], ""
    with open_head(held[-1].head) as source:
        codec = source.streams.audio[0].codec_context.codec.canonical_name
        fact = _sound_facts(source.streams.audio[0])
    if not kind.holds_audio(codec):
        return [], codec
    is_same = {held[-1].head: True}
    chosen: list[HeldSound] = []
    for one in held:
        if one.head not in is_same:
            with open_head(one.head) as other:
                is_same[one.head] = _sound_facts(other.streams.audio[0]) == fact
        # Muxers refuse times that go back, as where the source's clock jumped.
        goes_on = not chosen or one.pts > chosen[-1].pts
        if is_same[one.head] and goes_on and min(times) <= one.pts <= max(times):
            chosen.append(one)
    return chosen, ""


def _sound_facts(stream: AudioStream) -> tuple[object, ...]:
    context = stream.codec_context
    return context.name, context.sample_rate, context.layout.name, context.extradata


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


def _write(  # noqa: PLR0913, PLR0917 - each is named at the one call
    part: Path,
    kind: ContainerKind,
    source: VideoStream,
    packets: list[HeldPacket],
    ring: PacketRing,
    sound: _Sound,
) -> None:
    with av.open(os.fspath(part), "w", format=kind.muxer, container_options=dict(kind.options)) as out:
        target = _stream_in(out, source, kind)
        heard = None if sound.stream is None else copied_stream(out, sound.stream)
        waiting = deque(sound.packets)
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
            # Side by side, so that players need not look far ahead.
            while waiting and dts is not None and waiting[0].pts - origin <= dts:
                _write_sound(out, heard, waiting.popleft(), origin, ring)
            out.mux(packet)
        while waiting:
            _write_sound(out, heard, waiting.popleft(), origin, ring)


def _write_sound(
    out: OutputContainer, target: AudioStream | None, sound: HeldSound, origin: int, ring: PacketRing
) -> None:
    assert target is not None
    packet = new_packet(sound.data)
    packet.pts = packet.dts = sound.pts - origin
    packet.duration, packet.time_base = sound.duration, ring.time_base
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
