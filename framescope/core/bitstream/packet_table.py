"""The packets of a video as a table, a row each, read from the file as the rows are taken."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from framescope.core.bitstream.packets import PacketReader, packet_facts
from framescope.core.bitstream.units import UnitSplitter, has_units
from framescope.core.errors import FrameScopeError, OpenError, UnsupportedMediaError
from framescope.core.media.container import source_name, without_secrets
from framescope.core.tables.table import Table
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framescope.core.bitstream.units import Unit
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.tables.table import Cell

_COLUMNS = (
    *("packet_number", "frame_number", "frame_count", "pts", "dts", "duration", "size_bytes", "position"),
    *("is_keyframe", "is_discard", "is_corrupt", "is_disposable"),
)
_MOST_NAMES = 64


def check_has_packets(info: VideoInfo) -> None:
    """Refuse what is not one stream of packets.

    Raises:
        UnsupportedMediaError: The source is a fragment store, an image sequence or live.
    """
    if not info.has_packets:
        raise UnsupportedMediaError(
            tr("{name} has no packets of its own.", name=source_name(info.source)),
            hint=tr("Packets are read from a single video file."),
        )


def check_has_units(info: VideoInfo) -> None:
    """Refuse a codec whose packets cannot be split.

    Raises:
        UnsupportedMediaError: They cannot.
    """
    if not has_units(info.codec):
        raise UnsupportedMediaError(
            tr("Packets of {codec} are not split into units.", codec=info.codec_meaning),
            hint=tr("They are for H.264, HEVC, VVC, AV1, VP8, VP9 and MPEG-1, 2 and 4."),
        )


def packet_rows(
    info: VideoInfo, index: FrameIndex, *, with_units: bool = False, cancel: CancelToken | None = None
) -> Table:
    """A row per packet, in decode order: what the demuxer says of it, and the frames that come from it.

    ``frame_number`` is the first of its frames, None if none comes from it. With units, the last column
    names these, in order.

    Raises:
        UnsupportedMediaError: The source has no packets, or units are asked for and the codec has none.
    """
    check_has_packets(info)
    if with_units:
        check_has_units(info)
    total = len(index.packet_sizes)

    def rows() -> Iterator[tuple[Cell, ...]]:
        with PacketReader(info, index) as reader:
            splitter = UnitSplitter(info.codec, reader.extradata) if with_units else None
            count = 0
            for number, packet in reader.from_entry(0, cancel=cancel):
                facts = packet_facts(packet, number, index)
                frames = facts.frame_numbers
                row: tuple[Cell, ...] = (
                    *(number, frames[0] if frames else None, len(frames)),
                    *(facts.pts, facts.dts, facts.duration, facts.size_bytes, facts.position),
                    *(facts.is_keyframe, facts.is_discard, facts.is_corrupt, facts.is_disposable),
                )
                yield row if splitter is None else (*row, unit_words(splitter.split(bytes(packet)).units))
                count += 1
            if count < total:
                raise ends_early(info, count)

    columns = (*_COLUMNS, "units") if with_units else _COLUMNS
    head = {"source": without_secrets(info.source), "time_base": str(index.time_base), "packet_count": total}
    return Table("packets", columns, total, rows, head)


def ends_early(info: VideoInfo, packet_number: int) -> FrameScopeError:
    """The error for a file that no longer has a packet that was listed."""
    return OpenError(
        tr(
            "{name} ends before packet {number}.",
            name=source_name(info.source),
            number=grouped(packet_number),
        ),
        hint=tr("Open it again."),
    )


def unit_words(units: Sequence[Unit]) -> str:
    """The names of units in order, such as ``SPS, PPS, IDR slice ×4``."""
    runs = [(name, sum(1 for _ in run)) for name, run in groupby(unit.name for unit in units)]
    words = [name if count == 1 else f"{name} ×{count}" for name, count in runs[:_MOST_NAMES]]
    return ", ".join(words) + (", …" if len(runs) > _MOST_NAMES else "")
