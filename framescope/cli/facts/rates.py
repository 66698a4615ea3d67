"""The bit rate over time and the decoder's buffer, as ``framescope packets --rate`` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.cli.output import echo_rows, echo_table
from framescope.cli.progress_bar import long_work
from framescope.core.bitstream.bit_rate import bit_rates, rate_rows
from framescope.core.bitstream.decoder_buffer import (
    buffer_levels,
    buffer_rows,
    declared_buffer,
)
from framescope.core.errors import UnsupportedMediaError
from framescope.core.media.facts.bit_rate_facts import why_no_buffer, why_no_rates
from framescope.core.text import bit_rate_words, clock, counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.bitstream.bit_rate import RateSpans
    from framescope.core.bitstream.decoder_buffer import BufferLevels
    from framescope.core.media.video import Video
    from framescope.core.tables.table import TableFormat

_MOST_PEAKS = 8


def echo_rates(video: Video, kind: str, table_format: TableFormat | None) -> None:
    """Write the rate by ``second`` or ``gop``, or the ``buffer``, in a few lines if there is no format.

    Raises:
        UnsupportedMediaError: The source has no packets, its frames have no times, or it declares no buffer.
    """
    if why := why_no_rates(video.info):
        raise UnsupportedMediaError(why)
    if kind == "buffer":
        levels = _levels(video)
        if table_format is None:
            _echo_buffer(levels)
        else:
            echo_table(buffer_rows(levels), table_format)
        return
    rates = bit_rates(video.index)
    if rates is None:
        raise _without_times()
    spans = rates.gops if kind == "gop" else rates.seconds
    if table_format is None:
        _echo_peaks(rates.mean, spans, is_gops=kind == "gop")
    else:
        echo_table(rate_rows(spans, kind), table_format)


def _levels(video: Video) -> BufferLevels:
    if why := why_no_buffer(video.info):
        raise UnsupportedMediaError(why)
    with long_work(tr("Reading packets")) as (_, cancel):
        declared = declared_buffer(video.info, video.index, cancel=cancel)
    if declared is None:
        raise UnsupportedMediaError(tr("The stream declares no decoder buffer."))
    levels = buffer_levels(video.index, declared)
    if levels is None:
        raise _without_times()
    return levels


def _without_times() -> UnsupportedMediaError:
    return UnsupportedMediaError(tr("Its packets have no timestamps: there is no bit rate over time."))


def _echo_peaks(mean: float, spans: RateSpans, *, is_gops: bool) -> None:
    rates = spans.rates
    rows = [(tr("mean"), bit_rate_words(mean))]
    for place in spans.highest(_MOST_PEAKS).tolist():
        words = tr(
            "{rate} at {time}, from frame {frame} on: {frames}, {size}",
            rate=bit_rate_words(float(rates[place])),
            time=clock(float(spans.starts_s[place])),
            frame=grouped(int(spans.first_frames[place])),
            frames=counted(int(spans.frame_counts[place]), "frame", "frames"),
            size=size_words(int(spans.sizes_bytes[place])),
        )
        number = grouped(place if is_gops else int(spans.starts_s[place]))
        label = tr("GOP {number}", number=number) if is_gops else tr("second {number}", number=number)
        rows.append((label, words))
    echo_rows(tr("Bit rate by GOP, the highest") if is_gops else tr("Bit rate by second, the highest"), rows)


def _echo_buffer(levels: BufferLevels) -> None:
    declared = levels.declared
    lowest, highest = int(levels.after.argmin()), int(levels.before.argmax())
    echo_rows(
        tr("Decoder buffer"),
        [
            (tr("declared"), levels.sentence),
            (tr("lowest"), _level(levels, lowest, float(levels.after[lowest]))),
            (tr("highest"), _level(levels, highest, float(levels.before[highest]))),
            (tr("underflows"), grouped(len(levels.underflows))),
            (tr("overflows"), grouped(len(levels.overflows)) if declared.is_constant else ""),
        ],
    )


def _level(levels: BufferLevels, packet_number: int, level: float) -> str:
    return tr(
        "{share:.0f} % at packet {packet}, frame {frame}",
        share=100 * level / levels.declared.size_bytes,
        packet=grouped(packet_number),
        frame=grouped(int(levels.frames[packet_number])),
    )
