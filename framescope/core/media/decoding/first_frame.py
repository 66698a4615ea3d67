"""Makes frames of decoded pictures, and frame 0 of the one that was decoded to describe the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.decode_count import digest_frame, picture_type_of
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.model.frame import Frame, PictureType

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.probe import FirstDecoded
    from framescope.core.model.blocks import Blocks
    from framescope.core.model.stream_facts import VideoInfo


def frame_of(  # noqa: PLR0913 - the facts of one frame
    index: FrameIndex,
    number: int,
    picture_type: PictureType,
    picture: AvPicture,
    *,
    is_damaged: bool,
    blocks: Blocks | None = None,
) -> Frame:
    """A frame with what is known of it.

    Args:
        index: The index that lists it.
        number: Its number.
        picture_type: What the decoder says of it.
        picture: What the decoder gave.
        is_damaged: Whether damage may have changed the picture.
        blocks: Its blocks, if these were asked for.
    """
    return Frame(
        frame_number=number,
        pts=index.pts_of(number),
        time_s=index.time_of(number),
        picture_type=picture_type,
        is_keyframe=bool(index.is_keyframe[number]),
        is_damaged=is_damaged,
        picture=picture,
        blocks=blocks,
    )


def first_frame(info: VideoInfo, index: FrameIndex, first: FirstDecoded) -> Frame | None:
    """Frame 0 from what a probe decoded; None if a reader would decode it in another way, or something else.

    Args:
        info: The stream's declared facts, by the same probe.
        index: Its index, or the start of that.
        first: What the probe decoded.
    """
    is_it = (
        len(index) > 0
        and int(index.packet_numbers[0]) == 0
        and int(index.packet_sizes[0]) == first.packet_size
        and 0 not in index.shared_packets
        and index.last_packet_of(0) == 0
    )
    if not is_it or index.single_thread or 0 in index.damaged_numbers:
        return None
    if index.digests is not None and digest_frame(first.frame) != int(index.digests[0]):
        return None
    return frame_of(
        index, 0, picture_type_of(first.frame), AvPicture(first.frame, DisplayRule.of(info)), is_damaged=False
    )
