"""Builds the frame index in stages: stored index, container tables, packet scan, decoding."""

from __future__ import annotations

import logging
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.media.arrivals import arrivals_of
from framescope.core.media.container import is_url, open_container, source_name, video_stream
from framescope.core.media.decode_count import (
    CountedStream,
    StrictCount,
    always_go_on,
    count_frames,
    ignore_first,
)
from framescope.core.media.decoding.first_frame import frame_of
from framescope.core.media.file_state import SourceChange, change_since, check_unchanged, state_of
from framescope.core.media.frame_order import find_doubts, order_frames
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.packed_bitstream import with_unpacked_frames
from framescope.core.media.packet_scan import scan_packets
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.remote_file import changed_error, is_remote
from framescope.core.model.frame import PictureType
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.translation import tr_later

if TYPE_CHECKING:
    from collections.abc import Callable

    import av

    from framescope.core.media.index_store import IndexStore
    from framescope.core.media.tables.packet_table import PacketTable, PartialTable
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_LOG = logging.getLogger(__name__)
_DOUBTFUL_FRAMES = 64
SHORT_PIXELS = 300_000_000
"""A stream of at most this many pixels over all frames is counted by decoding: about a second."""


_OF_SEVERAL_FILES = frozenset({"hls", "dash", "concat", "image2", "imf", "webm_dash_manifest"})
"""Demuxers that read files other than the one named."""

_ARRIVED = tr_later("This source has no known end: these are the frames received so far.")
_CHANGES = {
    SourceChange.GROWN: tr_later("The file is still growing: these are the frames it had when it was read."),
    SourceChange.DELETED: tr_later("The file was deleted while it was being read."),
}


class Counting(StrEnum):
    """How to count frames."""

    AUTO = "auto"
    """From packets where these can be trusted; by decoding otherwise, and for short files."""
    PACKETS = "packets"
    """From packets always: quick, and wrong for some files."""
    DECODE = "decode"
    """By a full sequential decode: always correct."""


def build_index(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    *,
    counting: Counting = Counting.AUTO,
    store: IndexStore | None = None,
    on_partial: Callable[[FrameIndex], None] | None = None,
    on_frame: Callable[[Frame], None] | None = None,
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    give_way: Callable[[], None] = always_go_on,
) -> FrameIndex:
    """The complete index of a stream, or of the received part of an endless one.

    Args:
        info: The stream's declared facts.
        counting: How to count frames.
        store: Where finished indexes are cached; None to cache nothing.
        on_partial: Receives indexes that are correct prefixes, each longer than the previous one.
        on_frame: Receives the first frame if the frames are counted by decoding, before an index lists it.
        frames_wanted: Stop after this many frames of an endless source; None for all that arrive until
            ``cancel`` requests a stop, if the stop keeps the partial result.
        progress: Receives the progress.
        cancel: Cancels the work.
        give_way: Called between the packets of a decode; may block briefly for more urgent work.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is missing or has changed since it was probed.
        IndexingError: The packets could not be listed.
    """
    cancel = cancel or CancelToken()
    if info.container.split(",")[0] in _OF_SEVERAL_FILES:
        # The state of a playlist does not show whether the files it lists have changed.
        store = None
    before = state_of(info.source, is_sampled=True)
    stored = store.load(info.source, info.stream_index) if store is not None else None
    if stored is not None and _is_good_enough(stored, counting):
        check_unchanged(info, is_open=False)
        _log_index(info, stored, "from the index cache")
        return stored
    arrivals = arrivals_of(info.source)
    on_first = ignore_first if on_frame is None else _maker_of_first(info, on_frame)
    with ExitStack() as stack:
        begun: list[StrictCount] = []

        def begin(stream: CountedStream, listed: PacketTable) -> StrictCount:
            begun.append(stack.enter_context(StrictCount(stream, listed, on_first)))
            return begun[0]

        with nullcontext() if arrivals is None else cancel.stopping(arrivals.stop):
            packets, basis = list_packets(
                info,
                progress=progress,
                cancel=cancel,
                on_partial=on_partial,
                frames_wanted=frames_wanted,
                begin=begin,
            )
        cancel.raise_if_cancelled()
        doubts = find_doubts(info, packets)
        if _must_decode(info, packets, doubts, counting):
            index = count_frames(
                CountedStream(info.source, info.stream_index, info.time_base, doubts),
                packets,
                begun=begun[0] if begun else None,
                on_first=on_first,
                progress=progress,
                cancel=cancel,
                on_partial=on_partial,
                give_way=give_way,
            )
        else:
            index = order_frames(packets, info.time_base, basis=basis, doubts=doubts)
    check_unchanged(info, is_open=False)
    index = with_unpacked_frames(info, index, cancel=cancel)
    _log_index(info, index, "built")
    if arrivals is not None and arrivals.is_cut:
        return replace(index, notes=(*index.notes, _ARRIVED))
    change = None if before is None else change_since(before, info.source)
    if change is SourceChange.REPLACED:
        raise changed_error(source_name(info.source))
    if change is not None:
        return replace(index, notes=(*index.notes, _CHANGES[change]))
    if store is not None:
        store.save(info.source, info.stream_index, index, state=before)
    return index


def _maker_of_first(
    info: VideoInfo, on_frame: Callable[[Frame], None]
) -> Callable[[av.VideoFrame, FrameIndex], None]:
    """What passes the first picture of a count on as a frame."""
    rule = DisplayRule.of(info)

    def take(picture: av.VideoFrame, index: FrameIndex) -> None:
        on_frame(
            frame_of(
                index,
                0,
                PictureType(int(index.picture_type_codes[0])),
                AvPicture(picture, rule),
                is_damaged=0 in index.damaged_numbers,
            )
        )

    return take


def _log_index(info: VideoInfo, index: FrameIndex, how: str) -> None:
    _LOG.info(
        "%s: index %s; %d frames, %d keyframes, basis %s%s%s",
        *(info.source, how, len(index), len(index.keyframes), index.basis.value),
        "".join(f"; doubt: {doubt}" for doubt in index.doubts),
        "".join(f"; note: {note}" for note in index.notes),
    )


def list_packets(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_partial: Callable[[FrameIndex], None] | None = None,
    frames_wanted: int | None = None,
    begin: Callable[[CountedStream, PacketTable], StrictCount] = StrictCount,
) -> tuple[PacketTable, IndexBasis]:
    """All packets of the stream, from the file's tables if these suffice, else by reading them.

    ``begin`` starts a count by decoding, which gives the first frame before all packets are listed.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file cannot be opened.
        IndexingError: The packets could not be listed.
    """
    cancel = cancel or CancelToken()
    arrivals = arrivals_of(info.source)
    has_begun = False

    def report(packets: PacketTable) -> None:
        nonlocal has_begun
        is_awaited = arrivals is not None and frames_wanted is not None
        if on_partial is None and not is_awaited:
            return
        index = order_frames(packets, info.time_base, frames_expected=info.frame_count_declared or None)
        doubts = find_doubts(info, packets)
        if on_partial is not None and not doubts:
            on_partial(index)
        elif on_partial is not None and arrivals is None and not has_begun:
            # In a doubtful stream, frame numbers must come from decoding: those from packets may be wrong.
            # The first frame need not wait until the last packet has been read.
            has_begun = True
            stream = CountedStream(info.source, info.stream_index, info.time_base, doubts)
            first = begin(stream, packets).begin(cancel)
            if first is not None:
                on_partial(first)
        # A decode may output fewer frames than there are packets.
        enough = (frames_wanted or 0) + (_DOUBTFUL_FRAMES if doubts else 0)
        if arrivals is not None and is_awaited and len(index) >= enough:
            arrivals.stop()

    table = _read_tables(info, progress, cancel, report)
    if table is not None:
        return table, IndexBasis.CONTAINER
    with open_container(info.source) as container:
        stream = video_stream(container, info.source, info.stream_index)
        table = scan_packets(container, stream, progress=progress, cancel=cancel, on_partial=report)
    return table, IndexBasis.PACKETS


def _read_tables(
    info: VideoInfo, progress: ProgressCallback, cancel: CancelToken, on_partial: PartialTable
) -> PacketTable | None:
    """The packet table from the container's own tables, or None if a scan is needed."""
    if is_url(info.source) and not is_remote(info.source):
        return None
    # Import only the one that this kind of file needs.
    if info.container.startswith("mov"):
        from framescope.core.media.tables.mp4_tables import read_mp4_tables  # noqa: PLC0415

        return read_mp4_tables(info.source, info.stream_id)
    if info.container.startswith("matroska"):
        from framescope.core.media.tables.matroska_tables import read_matroska_tables  # noqa: PLC0415

        return read_matroska_tables(
            info.source, info.stream_index, progress=progress, cancel=cancel, on_partial=on_partial
        )
    if info.container == "mpegts":
        from framescope.core.media.tables.mpegts_tables import read_mpegts_tables  # noqa: PLC0415

        return read_mpegts_tables(
            info.source, info.stream_id, info.codec, progress=progress, cancel=cancel, on_partial=on_partial
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
