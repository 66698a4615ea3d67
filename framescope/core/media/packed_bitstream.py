"""Times and sizes of frames in a packed bitstream, as after unpacking.

DivX and Xvid put a P and a B picture into one packet of an AVI file, followed by an empty packet, so that
every packet has a time. The decoded frames then have timestamps that go backwards. FFmpeg's
``mpeg4_unpack_bframes`` splits them into one packet per picture, with the intended times.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av.error
import numpy as np
from av.bitstream import BitStreamFilterContext

from framescope.core.media.container import open_container, video_stream
from framescope.core.media.index import NO_PTS, UnpackedFrames
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.media.packet_scan import read_packets
from framescope.core.model.frame import PictureType
from framescope.core.translation import tr_later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import Packet, VideoStream

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.packet_inspect import Inspector
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo

_NOTE = tr_later(
    "Packed bitstream: times and sizes are those of the unpacked pictures (mpeg4_unpack_bframes); pts are the"
    " decoder's."
)


def with_unpacked_frames(info: VideoInfo, index: FrameIndex, *, cancel: CancelToken) -> FrameIndex:
    """The index with the times and sizes of the unpacked pictures, if the stream is packed and they match.

    They do not match if packets are damaged or yield no frame: then the index is returned unchanged.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is gone or changed.
    """
    inspect = inspector_for(info.codec, None)
    if not info.packed_bitstream or inspect is None or not index.complete:
        return index
    rows: list[tuple[int, int, int]] = []
    try:
        with open_container(info.source) as container:
            stream = video_stream(container, info.source, info.stream_index)
            unpack = BitStreamFilterContext("mpeg4_unpack_bframes", stream)
            for packet in read_packets(container, stream):
                cancel.raise_if_cancelled()
                rows += [_facts(one, inspect) for one in unpack.filter(packet)]
            rows += [_facts(one, inspect) for one in unpack.filter(None)]
    except av.error.FFmpegError:
        return index
    pts, sizes, types = np.array(rows, np.int64).reshape(-1, 3).T
    order = presentation_order(types.tolist())
    known = index.picture_type_codes != PictureType.UNKNOWN
    if len(rows) != len(index) or (pts == NO_PTS).any():
        return index
    if index.picture_types_decoded and (types[order] != index.picture_type_codes)[known].any():
        return index
    # The demuxer's guess which time belongs to which picture is as unreliable here as for packed packets.
    unpacked = UnpackedFrames(np.sort(pts), sizes[order].astype(np.int32))
    return replace(index, unpacked=unpacked, notes=(*index.notes, _NOTE))


def presentation_order(types: Sequence[int]) -> list[int]:
    """Decode positions in presentation order: B pictures at once, others after the B pictures that follow.

    Args:
        types: Values of ``PictureType`` in decode order.
    """
    order: list[int] = []
    held: int | None = None
    for place, picture_type in enumerate(types):
        if picture_type == PictureType.B:
            order.append(place)
            continue
        order += [] if held is None else [held]
        held = place
    return order if held is None else [*order, held]


def _facts(packet: Packet[VideoStream], inspect: Inspector) -> tuple[int, int, int]:
    """The pts, the size in bytes and the picture type's value."""
    picture_type = inspect(memoryview(packet)).picture_type
    return NO_PTS if packet.pts is None else packet.pts, packet.size, picture_type.value
