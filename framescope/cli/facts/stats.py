"""``framescope stats``: brightness, saturation and change of every frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import numpy as np

from framescope.cli.options import (
    counting_option,
    csv_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_rows, echo_table
from framescope.cli.progress_bar import long_work
from framescope.core.source.opening import open_video
from framescope.core.statistics.measure import FrameStatistics, measure_statistics, statistics_rows
from framescope.core.tables.table import TableFormat
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index_builder import Counting

_MOST_NUMBERS = 8


@click.command()
@video_argument
@stream_option
@counting_option
@csv_option
@json_option
def stats(video: str, *, stream_index: int | None, counting: Counting, as_csv: bool, as_json: bool) -> None:
    """Measure brightness, saturation and change of every frame of VIDEO.

    With --csv or --json, one row per frame: mean, lowest and highest luma, mean saturation, mean absolute
    difference of luma from the previous frame, and PSNR against it (empty where the two are equal).
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    with (
        long_work(tr("Measuring frames")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        measured = measure_statistics(opened, progress=progress, cancel=cancel)
        index = opened.index
    if as_csv or as_json:
        table_format = TableFormat.CSV if as_csv else TableFormat.JSON
        echo_table(statistics_rows(measured, index, range(len(measured))), table_format)
    else:
        _echo(measured)


def _echo(measured: FrameStatistics) -> None:
    echo_rows(
        tr("Frames"),
        [
            (tr("measured"), grouped(int(np.isfinite(measured.luma_mean).sum()))),
            (tr("mean luma"), _span(measured.luma_mean)),
            (tr("lowest luma"), _span(measured.luma_min)),
            (tr("highest luma"), _span(measured.luma_max)),
            (tr("saturation"), _span(measured.saturation)),
            (tr("change"), _span(measured.difference)),
            (tr("repeated"), _numbers(np.flatnonzero(measured.difference == 0))),
            (tr("most changed"), _numbers(_most_changed(measured.difference))),
        ],
    )


def _span(values: NDArray[np.float32]) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return ""
    return tr(
        "{mean:.2f} on average, {low:.2f} to {high:.2f}",
        mean=float(known.mean()),
        low=float(known.min()),
        high=float(known.max()),
    )


def _most_changed(values: NDArray[np.float32]) -> NDArray[np.int64]:
    known = np.flatnonzero(np.isfinite(values) & (values > 0))
    return np.sort(known[np.argsort(-values[known], kind="stable")][:_MOST_NUMBERS])


def _numbers(numbers: NDArray[np.int64]) -> str:
    if not len(numbers):
        return ""
    listed = ", ".join(grouped(number) for number in numbers[:_MOST_NUMBERS].tolist())
    if len(numbers) <= _MOST_NUMBERS:
        return listed
    return tr("{count} frames: {listed}, …", count=grouped(len(numbers)), listed=listed)
