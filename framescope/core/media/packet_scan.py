"""Lists all packets of a stream by reading the whole file, without decoding."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.errors import IndexingError
from framescope.core.media.container import check_connection
from framescope.core.media.error_bound import ErrorBound
from framescope.core.media.index import NO_PTS
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.media.tables.packet_table import PacketTable
from framescope.core.model.progress import Progress
from framescope.core.pyav import demux, known_size
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.media.packet_inspect import Inspector
    from framescope.core.model.progress import CancelToken, ProgressCallback

_LOST_PACKETS_LIMIT = 200
"""Demuxer errors in a row after which the rest of the file counts as unreadable."""
_PACKETS_A_CHECK = 256
_FIRST_REPORT_S, _REPORT_S = 0.15, 0.5


def read_packets(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[av.Packet[av.video.stream.VideoStream]]:
    """The stream's packets in file order, continuing after a packet that the demuxer cannot read.

    Empty packets, which only flush decoders, are left out.

    Raises:
        OpenError: The connection to an address was lost.
    """
    bound = ErrorBound(_LOST_PACKETS_LIMIT)
    while True:
        try:
            for packet in demux(container, stream):
                if packet.size:
                    bound.note_progress()
                    yield packet
        except av.error.EOFError:
            return
        except av.error.FFmpegError as error:
            if isinstance(error, OSError):
                check_connection(container)
            # How much the demuxer skipped is unknown, so repeated errors of this kind may be progress.
            if bound.is_exceeded():
                return
        else:
            return


class _Columns:
    """Grows the columns of a packet table; they become NumPy arrays chunk by chunk."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, int, bool, bool, bool, int]] = []
        self.hidden: list[int] = []

    def table(self, *, complete: bool) -> PacketTable:
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * 8
        is_discard = np.array(columns[5], np.bool_)
        is_discard[self.hidden] = True
        return PacketTable(
            pts=np.array(columns[0], np.int64),
            dts=np.array(columns[1], np.int64),
            sizes=np.array(columns[2], np.int32),
            positions=np.array(columns[3], np.int64),
            is_keyframe=np.array(columns[4], np.bool_),
            is_discard=is_discard,
            is_corrupt=np.array(columns[6], np.bool_),
            picture_type_codes=np.array(columns[7], np.uint8),
            complete=complete,
        )

    def add(self, packet: av.Packet[av.video.stream.VideoStream], inspect: Inspector | None) -> None:
        code = 0
        if inspect is not None:
            look = inspect(memoryview(packet))
            code = look.picture_type.value
            if not look.is_shown:
                self.hidden.append(len(self.rows))
        pts, dts, position = packet.pts, packet.dts, packet.pos
        self.rows.append(
            (
                NO_PTS if pts is None else pts,
                NO_PTS if dts is None else dts,
                packet.size,
                -1 if position is None else position,
                packet.is_keyframe,
                packet.is_discard,
                packet.is_corrupt,
                code,
            )
        )


def scan_packets(
    container: av.container.InputContainer,
    stream: av.video.stream.VideoStream,
    *,
    progress: ProgressCallback,
    cancel: CancelToken,
    on_partial: Callable[[PacketTable], None] | None = None,
) -> PacketTable:
    """Read the whole file and list the stream's packets.

    A packet that the codec says is never shown (a hidden VP8 or VP9 reference picture) is marked as
    discarded, like one dropped by an edit list.

    Raises:
        Cancelled: The work was cancelled.
        IndexingError: The file could not be read at all.
    """
    inspect = inspector_for(stream.codec_context.name, stream.codec_context.extradata)
    columns = _Columns()
    total = known_size(container)
    next_report = time.monotonic() + _FIRST_REPORT_S
    try:
        for packet in read_packets(container, stream):
            columns.add(packet, inspect)
            # A live source delivers packets one by one; for a file, checking the clock each time is costly.
            if total is None or len(columns.rows) % _PACKETS_A_CHECK == 0:
                cancel.raise_if_cancelled()
                if time.monotonic() >= next_report:
                    words = (
                        tr("Reading packets")
                        if total
                        else tr(
                            "{packets}, no end known", packets=counted(len(columns.rows), "packet", "packets")
                        )
                    )
                    progress(Progress(max(packet.pos or 0, 0), total, words))
                    if on_partial is not None:
                        on_partial(columns.table(complete=False))
                    next_report = time.monotonic() + max(_REPORT_S, len(columns.rows) / 200_000)
    except OSError as error:
        raise IndexingError(tr("The file could not be read to the end: {error}", error=error)) from error
    return columns.table(complete=True)
