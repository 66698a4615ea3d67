"""What the first bytes of packets tell, against what the decoder says of the same frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.media.packet_inspect import PacketLook, inspector_for
from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PICTURE = {1: PictureType.I, 2: PictureType.P, 3: PictureType.B}


def looks_and_truth(path: Path) -> list[tuple[PacketLook, PictureType]]:
    """Each packet's look beside the decoder's picture type of the frame it becomes."""
    looks: dict[int, PacketLook] = {}
    types: dict[int, PictureType] = {}
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        inspect = inspector_for(stream.codec_context.name, stream.codec_context.extradata)
        assert inspect is not None
        for number, packet in enumerate(container.demux(stream)):
            if packet.size:
                looks[number] = inspect(memoryview(packet))
            packet.pts = number
            for frame in packet.decode():
                assert frame.pts is not None
                types[frame.pts] = PICTURE[frame.pict_type]
    return [(looks[number], types[number]) for number in sorted(types)]


@pytest.mark.parametrize(
    "name",
    [
        "h264.mp4",
        "h264.ts",
        "gop_pyramid.mp4",
        "gop_open.ts",
        "mpeg2.ts",
        "mpeg4.mp4",
        "vp8.webm",
        "vp9.webm",
    ],
)
def test_picture_types_are_the_decoders(name: str, clip: Callable[[str], Path]) -> None:
    pairs = looks_and_truth(clip(name))
    assert len(pairs) > 20
    told = [(look, kind) for look, kind in pairs if look.picture_type is not PictureType.UNKNOWN]
    assert len(told) > len(pairs) // 2
    assert all(look.picture_type is kind for look, kind in told)


@pytest.mark.parametrize(
    "name", ["h264.mp4", "h264.ts", "gop_pyramid.mp4", "hevc.mp4", "mpeg2.ts", "mpeg4.mp4"]
)
def test_pictures_nobody_refers_to_are_b_pictures_here(name: str, clip: Callable[[str], Path]) -> None:
    pairs = looks_and_truth(clip(name))
    free = [kind for look, kind in pairs if not look.is_reference]
    assert free
    assert set(free) == {PictureType.B}


@pytest.mark.parametrize("codec", ["vp9", "vp8"])
def test_hidden_pictures_are_found(codec: str, clip: Callable[[str], Path]) -> None:
    with av.open(str(clip(f"gop_{codec}_hidden_altref.webm"))) as container:
        stream = container.streams.video[0]
        inspect = inspector_for(codec, None)
        assert inspect is not None
        packets = [packet for packet in container.demux(stream) if packet.size]
        shown = sum(inspect(memoryview(packet)).is_shown for packet in packets)
    with av.open(str(clip(f"gop_{codec}_hidden_altref.webm"))) as container:
        assert shown == sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize("codec", ["h264", "hevc", "vp8", "vp9", "mpeg2video", "mpeg4"])
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff" * 7, b"\0\0\1", b"\0\0\0\1\x65", b"\0\0\1\xb6", b"\0\0\1\0\0"]
)
def test_rubbish_is_taken_for_an_unknown_reference(codec: str, data: bytes) -> None:
    for extradata in (None, b"\1", b"\1" + b"\xff" * 30):
        inspect = inspector_for(codec, extradata)
        assert inspect is not None
        assert isinstance(inspect(memoryview(data)), PacketLook)


def test_other_codecs_have_no_inspector() -> None:
    assert inspector_for("prores", None) is None
