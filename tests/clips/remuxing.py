"""Makes awkward files out of sound ones: packets moved, altered or dropped, files cut, streams added."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from tests.clips.encoding import Encoding, add_video_stream, clip_video_frame, draw_clip_frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    VideoPacket = av.Packet[av.VideoStream]


def copy_packets(
    source: Path, path: Path, edit: Callable[[int, VideoPacket], VideoPacket | None], **options: str
) -> None:
    """Copy the first video stream of ``source``, each packet through ``edit`` (None drops it)."""
    with av.open(os.fspath(source)) as given, av.open(os.fspath(path), "w", options=options) as made:
        from_stream = given.streams.video[0]
        to_stream = made.add_stream_from_template(from_stream)
        for number, packet in enumerate(given.demux(from_stream)):
            edited = edit(number, packet) if packet.dts is not None or packet.size else None
            if edited is not None:
                edited.stream = to_stream
                made.mux_one(edited)


def with_payload(packet: VideoPacket, payload: bytes) -> VideoPacket:
    """The same packet with other bytes."""
    made = cast("VideoPacket", av.Packet(payload))
    made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
    made.duration, made.is_keyframe = packet.duration, packet.is_keyframe
    return made


def damage_packets(source: Path, path: Path, numbers: range) -> None:
    """Copy ``source`` with the packets ``numbers`` (in decode order) filled with noise behind their start."""

    def edit(number: int, packet: VideoPacket) -> VideoPacket:
        if number not in numbers:
            return packet
        payload = bytearray(bytes(packet))
        noise = np.random.default_rng(number).integers(0, 256, len(payload), dtype=np.uint8).tobytes()
        start = min(12, len(payload) // 2)
        payload[start:] = noise[start:]
        return with_payload(packet, bytes(payload))

    copy_packets(source, path, edit)


def extradata_of(source: Path) -> bytes:
    """The decoder's configuration, as the file stores it."""
    with av.open(str(source)) as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")


def drop_packets(source: Path, path: Path, numbers: range) -> None:
    """Copy ``source`` without the packets ``numbers`` (in decode order)."""
    copy_packets(source, path, lambda number, packet: None if number in numbers else packet)


def cut_start(source: Path, path: Path, frames: int, **options: str) -> None:
    """Copy ``source`` with every timestamp earlier by ``frames`` frames: MP4 hides them by an edit list."""

    def edit(number: int, packet: VideoPacket) -> VideoPacket:
        del number
        assert packet.time_base is not None
        step = round(frames / Fraction(24) / packet.time_base)
        packet.pts, packet.dts = (None if t is None else t - step for t in (packet.pts, packet.dts))
        return packet

    copy_packets(source, path, edit, avoid_negative_ts="disabled", **options)


def start_between_keyframes(source: Path, path: Path, first_packet: int) -> None:
    """Copy ``source`` from a packet in the middle of a GOP on."""
    drop_packets(source, path, range(first_packet))


def cut_file(source: Path, path: Path, share: float) -> None:
    """The first ``share`` of the bytes of ``source``."""
    content = source.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])


def join_files(sources: list[Path], path: Path) -> None:
    """The bytes of one file after another."""
    path.write_bytes(b"".join(source.read_bytes() for source in sources))


def write_audio(path: Path, *, codec: str = "aac", cover: bool = False) -> None:
    """A second of silence, with a cover picture if asked for."""
    with av.open(os.fspath(path), "w") as container:
        stream = container.add_stream(codec, rate=44100)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        picture_stream = _add_cover(container) if cover else None
        if picture_stream is not None:
            _mux_cover(container, picture_stream)
        _mux_silence(container, stream)


def write_with_cover(path: Path, encoding: Encoding) -> None:
    """A cover picture as the first stream, then the video, then audio."""
    with av.open(os.fspath(path), "w") as container:
        picture_stream = _add_cover(container)
        stream = add_video_stream(container, encoding)
        _mux_cover(container, picture_stream)
        _mux_video(container, stream, encoding)


def write_two_videos(path: Path, first: Encoding, second: Encoding) -> None:
    """Two video streams and one of audio between them."""
    with av.open(os.fspath(path), "w") as container:
        stream = add_video_stream(container, first)
        audio = container.add_stream("aac", rate=44100)
        assert isinstance(audio, av.AudioStream)
        audio.layout = "mono"
        other = add_video_stream(container, second)
        for number in range(max(first.frames, second.frames)):
            for one, encoding in ((stream, first), (other, second)):
                if number < encoding.frames:
                    container.mux(one.encode(clip_video_frame(number, encoding)))
        container.mux(stream.encode(None))
        container.mux(other.encode(None))
        _mux_silence(container, audio)


def _mux_video(container: av.container.OutputContainer, stream: av.VideoStream, encoding: Encoding) -> None:
    for number in range(encoding.frames):
        container.mux(stream.encode(clip_video_frame(number, encoding)))
    container.mux(stream.encode(None))


def _add_cover(container: av.container.OutputContainer) -> av.VideoStream:
    stream = container.add_stream("mjpeg", rate=1)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = 96, 96, "yuvj420p"
    stream.disposition = av.stream.Disposition.attached_pic
    return stream


def _mux_cover(container: av.container.OutputContainer, stream: av.VideoStream) -> None:
    frame = av.VideoFrame.from_ndarray(draw_clip_frame(999, 96, 96, frames=1), format="rgb24").reformat(
        format="yuvj420p", threads=1
    )
    frame.pts = 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _mux_silence(container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    for start in range(0, 44100, 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 44100, start, Fraction(1, 44100)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def add_empty_track(source: Path, path: Path) -> None:
    """Copy ``source`` and announce a second, larger video stream, the default one, that nothing is put in."""
    with av.open(os.fspath(source)) as given, av.open(os.fspath(path), "w") as made:
        from_stream = given.streams.video[0]
        to_stream = made.add_stream_from_template(from_stream)
        empty = made.add_stream("mpeg4", rate=24)
        assert isinstance(empty, av.VideoStream)
        empty.width, empty.height, empty.pix_fmt = 640, 480, "yuv420p"
        to_stream.disposition = av.stream.Disposition(0)
        empty.disposition = av.stream.Disposition.default
        for packet in given.demux(from_stream):
            if packet.size:
                packet.stream = to_stream
                made.mux_one(packet)


def empty_last_track(source: Path, path: Path) -> None:
    """Copy an MP4 whose last track has no samples: its tables of times, chunks and sizes count none."""
    data = bytearray(source.read_bytes())
    track = data.rindex(b"trak")
    for kind, count_at in ((b"stts", 8), (b"stsc", 8), (b"stsz", 12), (b"stco", 8)):
        place = data.index(kind, track) + count_at
        data[place : place + 4] = bytes(4)
    for kind in (b"stss", b"ctts"):
        place = data.find(kind, track)
        if place >= 0:
            data[place : place + 4] = b"free"
    path.write_bytes(data)


def add_late_sound(source: Path, path: Path, first_packet: int) -> None:
    """Copy ``source`` into an FLV file whose header announces no sound, of which there is some later on."""
    with av.open(os.fspath(source)) as given, av.open(os.fspath(path), "w") as made:
        from_stream = given.streams.video[0]
        to_stream = made.add_stream_from_template(from_stream)
        sound = made.add_stream("adpcm_swf", rate=22050, layout="mono")
        for number, packet in enumerate(given.demux(from_stream)):
            if packet.size:
                time_s = float((packet.dts or 0) * (packet.time_base or 0))
                packet.stream = to_stream
                made.mux_one(packet)
                if number >= first_packet:
                    silence = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.int16), "s16", "mono")
                    silence.rate, silence.pts = 22050, int(max(time_s, 0) * 22050)
                    silence.time_base = Fraction(1, 22050)
                    made.mux(sound.encode(silence))
    data = bytearray(path.read_bytes())
    data[4] = 1  # The flags of the header: video only.
    path.write_bytes(data)


PACKED_MARK = b"\0\0\1\xb2DivX503b1393p"
_VOP = b"\0\0\1\xb6"
# Start code, type P, no whole second, marker, time of 5 bits, marker, "not coded", stuffing (14496-2, 6.2.5).
_EMPTY_PICTURE = _VOP + bytes([0b01_0_1_0000, 0b0_1_0_01111])


def pack_b_frames(source: Path, path: Path) -> None:
    """Copy MPEG-4 as DivX packs it: what others wait for shares a packet with the B picture behind it."""
    with av.open(os.fspath(source)) as given, av.open(os.fspath(path), "w") as made:
        from_stream = given.streams.video[0]
        stream = made.add_stream_from_template(from_stream)
        data = [bytes(packet) for packet in given.demux(from_stream) if packet.size]
        group = b"\0\0\1\xb3"
        header = data[0].index(group if group in data[0] else _VOP)
        data[0] = data[0][:header] + PACKED_MARK + data[0][header:]
        stream.codec_context.extradata = (stream.codec_context.extradata or b"") + PACKED_MARK
        assert from_stream.average_rate is not None
        for number, payload in enumerate(_packed(data)):
            packet = cast("VideoPacket", av.Packet(payload))
            packet.stream, packet.time_base = stream, 1 / from_stream.average_rate
            packet.pts = packet.dts = number
            packet.is_keyframe = vop_type(payload) == 0
            made.mux_one(packet)


def vop_type(data: bytes) -> int:
    """Of the first picture in a packet of MPEG-4: 0 for I, 1 for P, 2 for B."""
    return data[data.index(_VOP) + 4] >> 6


def _packed(pictures: list[bytes]) -> list[bytes]:
    packets: list[bytes] = []
    place = 0
    while place < len(pictures):
        following = place + 1
        while following < len(pictures) and vop_type(pictures[following]) == 2:
            following += 1
        first, *others = pictures[place:following]
        packets += [first + others[0], *others[1:], _EMPTY_PICTURE] if others else [first]
        place = following
    return packets
