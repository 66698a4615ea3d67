"""The timing of one file in one record, with OpenCV's claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.audit.engines.catalog import find_engines
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.trial import TrialPlan, run_trial
from framescope.core.audit.verdict import loop_remark
from framescope.core.media.facts.intervals import Intervals, measure_intervals
from framescope.core.text import counted
from framescope.core.timing.errors import TimeErrors, claimed_errors, nominal_errors
from framescope.core.translation import tr

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo


@dataclass(frozen=True, slots=True, eq=False)
class TimingReport:
    """When the frames of a file are, as measured, beside what others say.

    Attributes:
        intervals: The measured intervals, rate and oddities.
        rate_declared: Frames per second by the header; None if it is silent.
        duration_declared_s: Seconds by the header; None if it is silent.
        nominal: The error of ``n / fps`` with the declared rate; None if there is none.
        opencv: The error of CAP_PROP_POS_MSEC in a sequential read; None if that was not read.
        opencv_times_s: What POS_MSEC said, in seconds, by frame; None if that was not read.
        opencv_remark: Why there is nothing of OpenCV, or what is odd about it.
    """

    intervals: Intervals
    rate_declared: Fraction | None
    duration_declared_s: float | None
    nominal: TimeErrors | None
    opencv: TimeErrors | None = None
    opencv_times_s: NDArray[np.float64] | None = None
    opencv_remark: str = ""


def measure_timing(
    info: VideoInfo, index: FrameIndex, opencv_times_s: NDArray[np.float64] | None = None, remark: str = ""
) -> TimingReport:
    """The report; quick, for nothing is decoded.

    Args:
        info: The file's declared facts.
        index: The frame index.
        opencv_times_s: What `read_opencv_times` gave, if it was asked.
        remark: What it remarked.
    """
    rate = info.average_rate or info.base_rate
    opencv = None
    if opencv_times_s is not None and len(opencv_times_s):
        opencv = claimed_errors(index, opencv_times_s, "CAP_PROP_POS_MSEC")
    return TimingReport(
        intervals=measure_intervals(index),
        rate_declared=rate,
        duration_declared_s=info.duration_s,
        nominal=None if rate is None else nominal_errors(index, float(rate)),
        opencv=opencv,
        opencv_times_s=opencv_times_s,
        opencv_remark=remark,
    )


def read_opencv_times(
    info: VideoInfo, index: FrameIndex, *, progress: ProgressCallback, cancel: CancelToken
) -> tuple[NDArray[np.float64], str]:
    """POS_MSEC after each frame of OpenCV's sequential read, in seconds, and a remark.

    It decodes the whole file, in a separate process.
    """
    (spec,) = find_engines(["opencv"])
    plan = TrialPlan(
        target=Target(info.source, info.stream_index, index.time_base),
        rounds=(),
        frame_count=len(index),
        times_s=index.times_s,
        rerun=0,
    )
    trial = run_trial(spec, plan, progress=progress, cancel=cancel)
    times = trial.sequence.times_s
    if not len(times):
        return (
            times,
            tr(
                "OpenCV returns no frame: {reason}.",
                reason=trial.reason or trial.sequence.error or tr("read() returns False"),
            ),
        )
    remarks = [loop_remark(trial.sequence)]
    if len(times) != len(index):
        remarks.append(
            tr(
                "OpenCV shows {frames} in sequence where the file has {count}.",
                frames=counted(len(times), "frame", "frames"),
                count=len(index),
            )
        )
    return times, " ".join(filter(None, remarks))
