"""Where a new H.264 decoder may take over."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from framescope.core.media.damage.fresh_starts import FreshStarts, fresh_starts_for

SEQUENCE, IDR, OTHER, SECOND_SLICE = b"\x67\x64\0\x0a\xac", b"\x65\x88\x84", b"\x41\x9a\x24", b"\x65\x40\x84"
WITHOUT_CABAC, WITH_CABAC = b"\x68\xce\x38\x80", b"\x68\xee\x3c\x80"
HEADER = b"\0\0\1" + SEQUENCE + b"\0\0\1" + WITH_CABAC


def packet(*units: bytes) -> memoryview:
    return memoryview(b"".join(b"\0\0\1" + unit for unit in units))


@pytest.mark.parametrize(
    ("header", "packets", "expected"),
    [
        (HEADER, [packet(IDR), packet(OTHER), packet(IDR)], [True, False, True]),
        (HEADER, [packet(IDR), packet(SECOND_SLICE)], [True, False]),
        (b"", [packet(SEQUENCE, WITH_CABAC, IDR), packet(SEQUENCE, WITH_CABAC, IDR)], [True, True]),
        # Without the earlier packet, the last one could not be decoded.
        (b"", [packet(SEQUENCE, WITH_CABAC, IDR), packet(IDR)], [True, False]),
        (HEADER, [packet(WITHOUT_CABAC, OTHER), packet(SEQUENCE, IDR)], [False, False]),
    ],
)
def test_at_idr_pictures_that_need_nothing_of_earlier_packets(
    header: bytes, packets: list[memoryview], expected: list[bool]
) -> None:
    starts = FreshStarts(header)
    assert [starts.is_at(one) for one in packets] == expected


@pytest.mark.parametrize("cabac", [False, True])
@pytest.mark.parametrize("container", ["mp4", "h264"])
def test_damage_lingers_without_cabac(container: str, cabac: bool) -> None:  # noqa: FBT001 - a parameter
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream("libx264", rate=Fraction(25), options={"x264-params": f"cabac={int(cabac)}"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        out.mux([*stream.encode(frame), *stream.encode(None)])
    buffer.seek(0)
    with av.open(buffer) as made:
        starts = FreshStarts(made.streams.video[0].codec_context.extradata)
    assert starts.lingers is not cabac


def test_a_picture_parameter_set_in_the_stream_counts_too() -> None:
    starts = FreshStarts(HEADER)
    assert not starts.lingers
    starts.is_at(packet(WITHOUT_CABAC, OTHER))
    assert starts.lingers


def test_other_decoders_keep_nothing() -> None:
    assert fresh_starts_for("hevc", None) is None
    assert FreshStarts(None).lingers, "nothing is known yet"
