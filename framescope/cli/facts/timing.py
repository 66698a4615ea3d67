"""``framescope timing``: measures frame times, and the error of computed times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import (
    WholeType,
    counting_option,
    csv_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_json, echo_rows, echo_table, plain
from framescope.cli.progress_bar import long_work
from framescope.core.media.container import without_secrets
from framescope.core.sampling.frame_list import frame_at
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.tables.video_tables import timing_rows
from framescope.core.text import counted, rate_words
from framescope.core.timing.identity import TITLES, IdentityField, IdentityTranslator
from framescope.core.timing.report import measure_timing, read_opencv_times
from framescope.core.timing.telecine import find_telecine
from framescope.core.translation import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index_builder import Counting
    from framescope.core.timing.errors import TimeErrors
    from framescope.core.timing.report import TimingReport
    from framescope.core.timing.telecine import Telecine

_MOST_NUMBERS = 8


@click.command()
@video_argument
@click.option(
    "--opencv/--no-opencv", default=True, show_default=True, help=tr("Also read the file with OpenCV.")
)
@click.option(
    "--telecine/--no-telecine",
    default=True,
    show_default=True,
    help=tr("Also decode parts of the video, and look for telecine in them."),
)
@click.option(
    "--frame", type=WholeType(), metavar="N", help=tr("Show every number and timestamp of frame N.")
)
@stream_option
@counting_option
@csv_option
@json_option
def timing(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    opencv: bool,
    telecine: bool,
    frame: int | None,
    stream_index: int | None,
    counting: Counting,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Measure the presentation times of the frames of VIDEO.

    Shows whether the frame rate is constant or variable, whether fields or frames repeat as in telecine, and
    how wrong n / fps and OpenCV's POS_MSEC are.
    With --csv, one row per frame: time, interval, anomalies, and the error of n / fps.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    for other in ("frame", "opencv", "telecine"):
        refuse_together(typed_flags("as_csv", other))
    with (
        long_work(tr("Measuring")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        info, index = opened.info, opened.index
        times, remark = None, ""
        if as_csv:
            echo_table(timing_rows(info, index), TableFormat.CSV)
            return
        found = find_telecine(opened, progress=progress, cancel=cancel) if telecine else None
        if opencv:
            times, remark = read_opencv_times(info, index, progress=progress, cancel=cancel)
        if frame is not None:
            frame_at(frame, len(index))
    report = measure_timing(info, index, times, remark)
    translator = IdentityTranslator(index, times, timecode_start=info.timecode_start)
    names = None if frame is None else translator.identity(frame)
    if as_json:
        echo_json(
            {
                "source": without_secrets(video),
                **_table(report),
                "telecine": plain(found),
                "identity": plain(names),
            }
        )
        return
    _echo(report, info.pulldown, found)
    if names is not None:
        echo_rows(
            tr("Frame {frame}", frame=frame), [(TITLES[field], names.text(field)) for field in IdentityField]
        )


def _echo(report: TimingReport, pulldown: str, telecine: Telecine | None) -> None:
    intervals = report.intervals
    rate = "" if intervals.rate is None else f"{rate_words(intervals.rate)} ({intervals.rate})"
    declared = "" if report.rate_declared is None else rate_words(report.rate_declared)
    echo_rows(
        tr("Timing"),
        [
            (tr("rate"), intervals.decision),
            (tr("nominal rate"), rate),
            (tr("mean rate"), "" if math.isnan(intervals.mean_rate) else rate_words(intervals.mean_rate)),
            (tr("declared rate"), declared),
            (tr("intervals"), _interval_words(report)),
            (tr("pulldown"), pulldown),
            (tr("telecine"), "" if telecine is None else telecine.words),
            (tr("duration"), _number(intervals.duration_s, "s")),
            (tr("declared duration"), _number(report.duration_declared_s, "s")),
            (tr("duplicates"), _numbers(intervals.duplicates)),
            (tr("gaps before"), _numbers(intervals.gaps)),
            (tr("going back"), _numbers(intervals.backward)),
            (tr("no timestamp"), _numbers(intervals.missing)),
        ],
    )
    right = (
        tr("the right frame wherever read() gives one")
        if report.opencv_remark
        else tr("always the right frame")
    )
    echo_rows(
        tr("Errors of computed times"),
        [
            ("n / fps", "" if report.nominal is None else _error_words(report.nominal)),
            (
                tr("OpenCV POS_MSEC"),
                "" if report.opencv is None else _error_words(report.opencv, right),
            ),
            ("OpenCV", report.opencv_remark),
        ],
    )


def _interval_words(report: TimingReport) -> str:
    intervals = report.intervals
    if math.isnan(intervals.median_s):
        return ""
    return tr(
        "median {median_s:.3f} ms, {shortest_s:.3f} to {longest_s:.3f} ms",
        median_s=intervals.median_s * 1000,
        shortest_s=intervals.shortest_s * 1000,
        longest_s=intervals.longest_s * 1000,
    )


def _error_words(errors: TimeErrors, right: str = tr("always the right frame")) -> str:
    if errors.worst_frame is None:
        return tr("not known")
    if not errors.wrong_frames:
        return tr("at most {worst_ms:.3f} ms off; {right}", worst_ms=abs(errors.worst_ms), right=right)
    return tr(
        "up to {worst_ms:+.3f} ms (at frame {worst_frame}), up to {worst_frames:+d}"
        " frames; {frames} would be mistaken for another one",
        worst_ms=errors.worst_ms,
        worst_frame=errors.worst_frame,
        worst_frames=errors.worst_frames,
        frames=counted(errors.wrong_frames, "frame", "frames"),
    )


def _number(value: float | None, unit: str) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.6g} {unit}"


def _numbers(numbers: NDArray[np.int64]) -> str:
    if not len(numbers):
        return ""
    listed = ", ".join(str(number) for number in numbers[:_MOST_NUMBERS].tolist())
    return tr(
        "{count}: frames {listed}{more}",
        count=len(numbers),
        listed=listed,
        more=", …" if len(numbers) > _MOST_NUMBERS else "",
    )


def _table(report: TimingReport) -> dict[str, Any]:
    intervals = report.intervals
    return {
        "frame_count": intervals.frame_count,
        "is_constant": intervals.is_constant,
        "decision": intervals.decision,
        "rate": plain(intervals.rate),
        "mean_rate": intervals.mean_rate,
        "rate_declared": plain(report.rate_declared),
        "duration_s": intervals.duration_s,
        "duration_declared_s": report.duration_declared_s,
        "interval_median_s": intervals.median_s,
        "interval_shortest_s": intervals.shortest_s,
        "interval_longest_s": intervals.longest_s,
        "exceptions": intervals.exceptions,
        "duplicates": intervals.duplicates.tolist(),
        "gaps": intervals.gaps.tolist(),
        "backward": intervals.backward.tolist(),
        "missing": intervals.missing.tolist(),
        "nominal_error": _error_table(report.nominal),
        "opencv_error": _error_table(report.opencv),
        "opencv_remark": report.opencv_remark,
    }


def _error_table(errors: TimeErrors | None) -> dict[str, Any] | None:
    if errors is None:
        return None
    return {
        "source": without_secrets(errors.source),
        "worst_ms": errors.worst_ms,
        "worst_frame": errors.worst_frame,
        "worst_frames": errors.worst_frames,
        "wrong_frames": errors.wrong_frames,
    }
