"""Reads the motion vectors and quantisers that FFmpeg's decoders attach to a frame when asked to.

The records are those of libavutil's ``motion_vector.h`` and ``video_enc_params.h``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, cast

import numpy as np
from av.sidedata.sidedata import Type

from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.model.blocks import QUANTISER, VECTOR, Blocks, QuantiserScale
from framescope.core.model.stream_facts import FRAGMENT_CONTAINER, LIVE_CONTAINER, SEQUENCE_CONTAINER
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    import av
    from av.sidedata.sidedata import SideData
    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import VideoInfo

EXPORT_OPTIONS = {"export_side_data": "mvs+venc_params"}
"""Options of a decoder that attaches both."""

_MPEG_VIDEO = {
    *("mpeg1video", "mpeg2video", "mpeg4", "h263", "h263p", "flv1"),
    *("msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "rv10", "rv20", "wmv1", "wmv2"),
}
VECTOR_CODECS = frozenset(_MPEG_VIDEO | {"h261", "h264"})
"""Codecs whose motion vectors FFmpeg exports."""
QUANTISER_CODECS = frozenset(_MPEG_VIDEO | {"h264", "vp9"})
"""Codecs whose quantisers FFmpeg exports."""

_AV_VECTOR = np.dtype(
    {
        "names": ["source", "w", "h", "dst_x", "dst_y", "motion_x", "motion_y", "motion_scale"],
        "formats": ["<i4", "u1", "u1", "<i2", "<i2", "<i4", "<i4", "<u2"],
        "offsets": [0, 4, 5, 10, 12, 24, 28, 32],
        "itemsize": 40,
    }
)
_AV_BLOCK = np.dtype([("x", "<i4"), ("y", "<i4"), ("w", "<i4"), ("h", "<i4"), ("delta", "<i4")])
_HEAD = struct.Struct("@I4xNNii8i")
"""AVVideoEncParams: block count, where blocks start, size of one, what the values count, the frame's value,
and its changes for planes and coefficients."""
_VP9, _H264, _MPEG2 = range(3)
"""FFmpeg's AV_VIDEO_ENC_PARAMS_…"""
_HALF_OF_EXPORTED = _MPEG_VIDEO - {"mpeg2video"}
"""FFmpeg exports their quantisers doubled, on the scale of MPEG-2."""


def why_no_blocks(info: VideoInfo) -> str:
    """Why a video's frames have neither motion vectors nor quantisers to show; empty where they have."""
    if info.container == LIVE_CONTAINER:
        return tr("Motion vectors and quantisers of live sources are not read; save a clip of it first.")
    if info.container in (FRAGMENT_CONTAINER, SEQUENCE_CONTAINER):
        return tr(
            "Its frames are joined from several files, which have no common motion vectors or quantisers."
        )
    if info.codec not in QUANTISER_CODECS | VECTOR_CODECS:
        return tr("FFmpeg's {codec} decoder exports neither motion vectors nor quantisers.", codec=info.codec)
    return ""


def why_no_quantisers(info: VideoInfo) -> str:
    """Why a video's frames have no quantisers to show; empty where they have."""
    why = why_no_blocks(info)
    if not why and info.codec not in QUANTISER_CODECS:
        return tr("FFmpeg's {codec} decoder exports no quantisers.", codec=info.codec)
    return why


def read_blocks(frame: av.VideoFrame, codec: str) -> Blocks:
    """The blocks of a frame of this codec, from a decoder opened with `EXPORT_OPTIONS`."""
    vectors, quantisers, scale = np.empty(0, VECTOR), np.empty(0, QUANTISER), None
    for data in cast("Iterable[SideData]", frame.side_data):
        if data.type is Type.MOTION_VECTORS:
            vectors = _vectors(bytes(data))
        elif data.type is Type.VIDEO_ENC_PARAMS:
            quantisers, scale = _quantisers(bytes(data), frame, codec)
    return Blocks(
        vectors, quantisers, scale, is_exported=len(quantisers) > 0 or codec not in QUANTISER_CODECS
    )


def _vectors(data: bytes) -> NDArray[np.void]:
    exported = np.frombuffer(data, _AV_VECTOR, len(data) // _AV_VECTOR.itemsize)
    vectors = np.empty(len(exported), VECTOR)
    vectors["width"], vectors["height"] = exported["w"], exported["h"]
    # FFmpeg gives the centre of the block.
    vectors["x"] = exported["dst_x"] - exported["w"] // 2
    vectors["y"] = exported["dst_y"] - exported["h"] // 2
    vectors["direction"] = np.sign(exported["source"])
    scale = np.maximum(exported["motion_scale"], 1)
    vectors["dx"], vectors["dy"] = exported["motion_x"] / scale, exported["motion_y"] / scale
    return vectors


def _quantisers(data: bytes, frame: av.VideoFrame, codec: str) -> tuple[NDArray[np.void], QuantiserScale]:
    count, start, size, kind, base, *_changes = _HEAD.unpack_from(data)
    exported = np.frombuffer(data, _AV_BLOCK, count, start) if size == _AV_BLOCK.itemsize else _NO_BLOCKS
    quantisers = np.empty(max(len(exported), 1), QUANTISER)
    if len(exported):
        for name in ("x", "y"):
            quantisers[name] = exported[name]
        quantisers["width"], quantisers["height"] = exported["w"], exported["h"]
        quantisers["value"] = base + exported["delta"]
    else:
        # One value for the whole picture, as in VP9 without segments.
        quantisers[0] = (0, 0, frame.width, frame.height, base)
    if kind == _VP9:
        return quantisers, QuantiserScale.VP9_INDEX
    if kind == _H264:
        # FFmpeg adds the standard's QpBdOffset, so that its values start at 0 whatever the depth.
        quantisers["value"] -= 6 * (pixel_format_facts(frame.format.name).bit_depth - 8)
        return quantisers, QuantiserScale.H264_QP
    if codec in _HALF_OF_EXPORTED:
        quantisers["value"] //= 2
    return quantisers, QuantiserScale.MPEG_SCALE


_NO_BLOCKS = np.empty(0, _AV_BLOCK)
