"""Describes where header, scan and OpenCV contradict each other. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.media.remote_file import is_remote
from framescope.core.model.stream_facts import LIVE_CONTAINER
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.media.facts.measured import MeasuredFacts
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo

_MOST_CREDIBLE_COUNT = 1e12
_NO_INTERLACED_OR_AV1 = "5.0."
"""These versions of OpenCV's wheel were measured, file by file, to fail on interlaced and AV1 video."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources that contradict each other, or a library that fails on this kind of video.

    Attributes:
        fact: The fact in question: ``frames``, ``rate``, ``duration``, ``size`` or ``pictures``.
        declared: Whether the header is wrong.
        opencv: Whether OpenCV is wrong.
        sentence: An explanation for display.
    """

    fact: str
    sentence: str
    declared: bool = False
    opencv: bool = False


def find_disagreements(
    info: VideoInfo, measured: MeasuredFacts | None, opencv: OpenCVFacts | None
) -> tuple[Disagreement, ...]:
    """All disagreements, most serious first. Only a complete scan can contradict anything."""
    found = [] if opencv is None else _about_opencv(info, opencv)
    scan = measured if measured is not None and measured.complete else None
    if scan is not None:
        # A library that cannot read this stream has no frame count worth comparing.
        reader = opencv if opencv is not None and not any(each.fact != "pictures" for each in found) else None
        reader = reader if reader is not None and reader.opened else None
        found += _about_counts(info, scan, reader)
        found += _about_rates(info, scan, reader)
        if _durations_differ(info.duration_s, scan):
            sentence = tr(
                "The header declares {declared_s:.3f} s; the frames cover {measured_s:.3f} s.",
                declared_s=info.duration_s,
                measured_s=scan.duration_s,
            )
            found.append(Disagreement("duration", sentence, declared=True))
    order = ("pictures", "frames", "rate", "duration", "size")
    return tuple(sorted(found, key=lambda each: order.index(each.fact)))


def _about_opencv(info: VideoInfo, opencv: OpenCVFacts) -> list[Disagreement]:
    if not opencv.opened:
        # It is not asked about a live source, and knows no object stores.
        is_unknown = info.container == LIVE_CONTAINER or is_remote(info.source)
        sentence = tr("OpenCV cannot open this file.")
        return [] if is_unknown else [Disagreement("pictures", sentence, opencv=True)]
    found = []
    sentence = _opencv_pictures_sentence(info, opencv)
    if sentence:
        found.append(Disagreement("pictures", sentence, opencv=True))
    if (opencv.width, opencv.height) not in {(info.width, info.height), (info.height, info.width)}:
        found.append(Disagreement("size", _opencv_size_sentence(info, opencv), opencv=True))
    return found


def _about_counts(info: VideoInfo, scan: MeasuredFacts, opencv: OpenCVFacts | None) -> list[Disagreement]:
    there, declared = scan.frame_count, info.frame_count_declared
    header_is_wrong = declared > 0 and declared != there
    opencv_is_wrong = opencv is not None and opencv.frame_count != there
    if opencv is not None and header_is_wrong and opencv.frame_count == declared:
        sentence = tr(
            "Header and OpenCV say {frames}; {can_be_shown}{reason} {loop}",
            frames=counted(declared, "frame", "frames"),
            can_be_shown=_can_be_shown(there),
            reason=_reason(declared, scan),
            loop=_loop_words(declared, there),
        )
        return [Disagreement("frames", sentence, declared=True, opencv=True)]
    found = []
    if header_is_wrong:
        declares = tr("The header declares {frames}", frames=counted(declared, "frame", "frames"))
        sentence = f"{declares}; {_can_be_shown(there)}{_reason(declared, scan)}"
        found.append(Disagreement("frames", sentence, declared=True))
    if opencv is not None and opencv_is_wrong:
        found.append(Disagreement("frames", _opencv_count_sentence(opencv.frame_count, there), opencv=True))
    return found


def _about_rates(info: VideoInfo, scan: MeasuredFacts, opencv: OpenCVFacts | None) -> list[Disagreement]:
    if not scan.average_rate:
        return []
    come = tr("the frames come at {rate}", rate=_rate(scan.average_rate))
    declared = None if info.average_rate is None else float(info.average_rate)
    header_is_wrong = declared is not None and _drift_s(declared, scan) > _tolerance_s(scan)
    if opencv is not None and _drift_s(opencv.fps, scan) > _tolerance_s(scan):
        if opencv.fps <= 0:
            return [
                Disagreement(
                    "rate", tr("OpenCV does not report the frame rate; {come}.", come=come), opencv=True
                )
            ]
        is_shared = header_is_wrong and declared is not None and abs(opencv.fps - declared) < 0.01
        sentence = tr(
            "{who} {rate}; {come}. Times computed as frame ÷ fps are {drift_s:.2g} s off at the end.",
            who=tr("Header and OpenCV say") if is_shared else tr("OpenCV says"),
            rate=_rate(opencv.fps),
            come=come,
            drift_s=_drift_s(opencv.fps, scan),
        )
        return [Disagreement("rate", sentence, declared=is_shared, opencv=True)]
    if header_is_wrong and declared is not None:
        sentence = tr("The header declares {rate} on average; {come}.", rate=_rate(declared), come=come)
        return [Disagreement("rate", sentence, declared=True)]
    return []


def _opencv_size_sentence(info: VideoInfo, opencv: OpenCVFacts) -> str:
    size = (opencv.width, opencv.height)
    others = [choice for choice in info.video_streams if choice.stream_index != info.stream_index]
    if any((choice.width, choice.height) == size for choice in others):
        return tr(
            "OpenCV reads another video stream of this file ({opencv_width}×{opencv_height}).",
            opencv_width=size[0],
            opencv_height=size[1],
        )
    return tr(
        "OpenCV reports {opencv_width}×{opencv_height}; the stream is {width}×{height}.",
        opencv_width=size[0],
        opencv_height=size[1],
        width=info.width,
        height=info.height,
    )


def _opencv_pictures_sentence(info: VideoInfo, opencv: OpenCVFacts) -> str:
    if not opencv.version.startswith(_NO_INTERLACED_OR_AV1):
        return ""
    if info.interlacing.startswith("interlaced"):
        return tr(
            "OpenCV {version} delivers interlaced video as black or random pixels while read() returns True.",
            version=opencv.version,
        )
    if info.codec == "av1":
        return tr("OpenCV {version} opens AV1 video but cannot read any frame of it.", version=opencv.version)
    return ""


def _opencv_count_sentence(count: float, there: int) -> str:
    if not 0 < count < _MOST_CREDIBLE_COUNT:
        return tr(
            "OpenCV cannot count the frames (FRAME_COUNT is {count:.4g}); {can_be_shown}",
            count=count,
            can_be_shown=_can_be_shown(there),
        )
    says = tr("OpenCV says {frames}", frames=counted(round(count), "frame", "frames"))
    return f"{says}; {_can_be_shown(there)} {_loop_words(round(count), there)}"


def _loop_words(count: int, there: int) -> str:
    if count > there:
        return tr("A loop up to FRAME_COUNT requests frames that do not exist.")
    missed = there - count
    last = "frame" if missed == 1 else counted(missed, "frame", "frames")
    return tr("A loop up to FRAME_COUNT misses the last {last}.", last=last)


def _can_be_shown(count: int) -> str:
    return tr("none can be shown.") if count == 0 else tr("{count} can be shown.", count=grouped(count))


def _reason(declared: int, scan: MeasuredFacts) -> str:
    if scan.packet_count == declared and scan.silent_packets:
        return tr(" The other packets do not produce a picture of their own.")
    if scan.packet_count < declared:
        return tr(" Only {packets} are in the file.", packets=counted(scan.packet_count, "packet", "packets"))
    return ""


def _drift_s(rate: float, scan: MeasuredFacts) -> float:
    """The error of the last frame's time, in seconds, if it is computed from the rate."""
    span = scan.last_start_s or 0.0
    return abs((scan.frame_count - 1) / rate - span) if rate > 0 else span


def _durations_differ(declared_s: float | None, scan: MeasuredFacts) -> bool:
    if not declared_s or not scan.duration_s:
        return False
    # Only the header knows the duration of the last frame; it may be as long as the longest interval.
    leeway = max(_tolerance_s(scan), scan.longest_step_s or 0.0)
    return abs(declared_s - scan.duration_s) > leeway


def _tolerance_s(scan: MeasuredFacts) -> float:
    # One and a half frames: headers round.
    return 1.5 / scan.average_rate if scan.average_rate else 0.0


def _rate(rate: float) -> str:
    return f"{rate:.5g} fps"
