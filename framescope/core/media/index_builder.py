"""Builds the frame index in stages: what is stored, what the container's tables say, packets, decode."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.media.container import local_path, open_container
from framescope.core.media.decode_count import CountedStream, count_frames
from framescope.core.media.frame_order import find_doubts, order_frames
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.matroska_tables import read_matroska_tables
from framescope.core.media.mp4_tables import read_mp4_tables
from framescope.core.media.mpegts_tables import read_mpegts_tables
from framescope.core.media.packed_bitstream import with_unpacked_frames
from framescope.core.media.packet_scan import scan_packets
from framescope.core.media.source_kinds import FRAGMENT_CONTAINER
from framescope.core.model.progress import CancelToken, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index_store import IndexStore
    from framescope.core.media.packet_table import PacketTable, PartialTable
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

SHORT_PIXELS = 300_000_000
"""A stream of no more pixels than this, all frames together, is decoded to count it: about a second."""


class Counting(StrEnum):
    """What frame numbers are to be counted from."""

    AUTO = "auto"
    """Packets where they can be trusted; decoding where they cannot, and for short files."""
    PACKETS = "packets"
    """Packets, whatever they are worth: quick, and wrong on some files."""
    DECODE = "decode"
    """A full sequential decode: always right."""


def build_index(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    *,
    counting: Counting = Counting.AUTO,
    store: IndexStore | None = None,
    on_partial: Callable[[FrameIndex], None] | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> FrameIndex:
    """The complete index of a stream.

    Args:
        info: The stream's declared facts.
        counting: What to count from.
        store: Where finished indexes are kept; None for nowhere.
        on_partial: Takes indexes that are correct prefixes, each longer than the one before.
        progress: Told how far the work is.
        cancel: Asks the work to stop.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
        OpenError: The file is gone or changed.
        IndexingError: The packets could not be listed.
    """
    cancel = cancel or CancelToken()
    if info.container == FRAGMENT_CONTAINER:
        from framescope.core.fragments.source import index_store  # noqa: PLC0415

        return index_store(info.source)
    stored = store.load(info.source, info.stream_index) if store is not None else None
    if stored is not None and _is_good_enough(stored, counting):
        return stored
    packets, basis = list_packets(info, progress=progress, cancel=cancel, on_partial=on_partial)
    doubts = find_doubts(info, packets)
    if _must_decode(info, packets, doubts, counting):
        stream = CountedStream(info.source, info.stream_index, info.time_base, doubts)
        index = count_frames(stream, packets, progress=progress, cancel=cancel, on_partial=on_partial)
    else:
        index = order_frames(packets, info.time_base, basis=basis, doubts=doubts)
    index = with_unpacked_frames(info, index, cancel=cancel)
    if store is not None:
        store.save(info.source, info.stream_index, index)
    return index


def list_packets(
    info: VideoInfo,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_partial: Callable[[FrameIndex], None] | None = None,
) -> tuple[PacketTable, IndexBasis]:
    """All packets of the stream, from the file's tables where they tell everything, else by reading them.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
        OpenError: The file cannot be opened.
        IndexingError: The packets could not be listed.
    """
    cancel = cancel or CancelToken()

    def report(packets: PacketTable) -> None:
        # Numbers of a doubtful stream come from its decode only: those of its packets may be wrong.
        if on_partial is not None and not find_doubts(info, packets):
            on_partial(
                order_frames(packets, info.time_base, frames_expected=info.frame_count_declared or None)
            )

    table = _read_tables(info, progress, cancel, report)
    if table is not None:
        return table, IndexBasis.CONTAINER
    with open_container(info.source) as container:
        stream = next(one for one in container.streams.video if one.index == info.stream_index)
        table = scan_packets(container, stream, progress=progress, cancel=cancel, on_partial=report)
    return table, IndexBasis.PACKETS


def _read_tables(
    info: VideoInfo, progress: ProgressCallback, cancel: CancelToken, on_partial: PartialTable
) -> PacketTable | None:
    """What the container's own structure tells of every packet, or None where it takes a scan."""
    path = local_path(info.source)
    if path is None:
        return None
    if info.container.startswith("mov"):
        return read_mp4_tables(path, info.stream_id)
    if info.container.startswith("matroska"):
        return read_matroska_tables(
            path, info.stream_index, progress=progress, cancel=cancel, on_partial=on_partial
        )
    if info.container == "mpegts":
        return read_mpegts_tables(
            path, info.stream_id, info.codec, progress=progress, cancel=cancel, on_partial=on_partial
        )
    return None


def _is_good_enough(index: FrameIndex, counting: Counting) -> bool:
    if counting is Counting.DECODE:
        return index.basis is IndexBasis.DECODED
    return counting is Counting.AUTO or index.basis is not IndexBasis.DECODED


def _must_decode(info: VideoInfo, packets: PacketTable, doubts: tuple[str, ...], counting: Counting) -> bool:
    if counting is not Counting.AUTO:
        return counting is Counting.DECODE
    return bool(doubts) or len(packets) * info.width * info.height <= SHORT_PIXELS
