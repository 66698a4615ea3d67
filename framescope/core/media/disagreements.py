"""Where the header, the scan and OpenCV contradict each other, each in a sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framescope.core.media.measured import MeasuredFacts
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo

_MOST_CREDIBLE_COUNT = 1e12
_NO_INTERLACED_OR_AV1 = "5.0."
"""OpenCV's wheel of these versions was measured to fail on interlaced and on AV1 video, file by file."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources that contradict each other, or a library that fails on this kind of video.

    Attributes:
        fact: What it is about: ``frames``, ``rate``, ``duration``, ``size`` or ``pictures``.
        declared: Whether the header is contradicted.
        opencv: Whether OpenCV is contradicted.
        sentence: What that means, for people.
    """

    fact: str
    sentence: str
    declared: bool = False
    opencv: bool = False


def find_disagreements(
    info: VideoInfo, measured: MeasuredFacts | None, opencv: OpenCVFacts | None
) -> tuple[Disagreement, ...]:
    """All of them, the gravest first. Only a complete scan contradicts."""
    found: list[Disagreement] = []
    scan = measured if measured is not None and measured.complete else None
    if scan is not None:
        found += _declared_against_scan(info, scan)
    if opencv is not None:
        found += _opencv_against_all(info, scan, opencv)
    order = ("pictures", "frames", "rate", "duration", "size")
    return tuple(sorted(found, key=lambda each: order.index(each.fact)))


def _declared_against_scan(info: VideoInfo, scan: MeasuredFacts) -> list[Disagreement]:
    found = []
    if info.frame_count_declared > 0 and info.frame_count_declared != scan.frame_count:
        found.append(Disagreement("frames", _declared_count_sentence(info, scan), declared=True))
    rate = info.average_rate
    if rate is not None and scan.average_rate and _drift_s(float(rate), scan) > _tolerance_s(scan):
        found.append(
            Disagreement(
                "rate",
                f"The header declares {_rate(float(rate))} on average; the frames come at "
                f"{_rate(scan.average_rate)}.",
                declared=True,
            )
        )
    if _durations_differ(info.duration_s, scan):
        found.append(
            Disagreement(
                "duration",
                f"The header declares {info.duration_s:.3f} s; the frames cover {scan.duration_s:.3f} s.",
                declared=True,
            )
        )
    return found


def _declared_count_sentence(info: VideoInfo, scan: MeasuredFacts) -> str:
    declared, there = info.frame_count_declared, scan.frame_count
    sentence = f"The header declares {_frames(declared)}; {_frames(there)} can be shown."
    if scan.packet_count == declared and scan.silent_packets:
        return f"{sentence} The other packets yield no picture of their own."
    if scan.packet_count < declared:
        return f"{sentence} Only {scan.packet_count} packets are in the file."
    return sentence


def _opencv_against_all(
    info: VideoInfo, scan: MeasuredFacts | None, opencv: OpenCVFacts
) -> list[Disagreement]:
    if not opencv.opened:
        return [Disagreement("pictures", "OpenCV cannot open this file.", opencv=True)]
    sizes = {(info.width, info.height), (info.height, info.width)}
    if (opencv.width, opencv.height) not in sizes:
        return [Disagreement("size", _opencv_size_sentence(info, opencv), opencv=True)]
    sentences = {"pictures": _opencv_pictures_sentence(info, opencv)}
    if scan is not None:
        sentences["frames"] = _opencv_count_sentence(opencv.frame_count, scan)
        sentences["rate"] = _opencv_rate_sentence(opencv.fps, scan)
    return [Disagreement(fact, sentence, opencv=True) for fact, sentence in sentences.items() if sentence]


def _opencv_size_sentence(info: VideoInfo, opencv: OpenCVFacts) -> str:
    size = (opencv.width, opencv.height)
    others = [choice for choice in info.video_streams if choice.stream_index != info.stream_index]
    if any((choice.width, choice.height) == size for choice in others):
        return f"OpenCV reads another video stream of this file ({size[0]}×{size[1]})."
    return f"OpenCV reports {size[0]}×{size[1]}; the stream is {info.width}×{info.height}."


def _opencv_pictures_sentence(info: VideoInfo, opencv: OpenCVFacts) -> str:
    if not opencv.version.startswith(_NO_INTERLACED_OR_AV1):
        return ""
    if info.interlacing.startswith("interlaced"):
        return (
            f"OpenCV {opencv.version} delivers interlaced video as black or random pixels while read() "
            "returns True."
        )
    if info.codec == "av1":
        return f"OpenCV {opencv.version} opens AV1 video but reads no frame of it."
    return ""


def _opencv_rate_sentence(rate: float, scan: MeasuredFacts) -> str:
    if not scan.average_rate or _drift_s(rate, scan) <= _tolerance_s(scan):
        return ""
    if rate <= 0:
        return "OpenCV does not know the frame rate."
    return (
        f"OpenCV says {_rate(rate)}; the frames come at {_rate(scan.average_rate)}. Times computed as "
        f"frame ÷ fps are {_drift_s(rate, scan):.3g} s off at the end."
    )


def _opencv_count_sentence(count: float, scan: MeasuredFacts) -> str:
    there = scan.frame_count
    if count == there:
        return ""
    if not 0 < count < _MOST_CREDIBLE_COUNT:
        return f"OpenCV does not know the number of frames (FRAME_COUNT is {count:.4g}); there are {there}."
    sentence = f"OpenCV's FRAME_COUNT is {count:.0f}; {_frames(there)} can be shown."
    if count > there:
        return f"{sentence} A loop up to FRAME_COUNT asks for frames that do not exist."
    missed = there - int(count)
    last = "frame" if missed == 1 else f"{missed} frames"
    return f"{sentence} A loop up to FRAME_COUNT misses the last {last}."


def _drift_s(rate: float, scan: MeasuredFacts) -> float:
    """How far the last frame's time is off when it is computed from the rate."""
    span = scan.last_start_s or 0.0
    return abs((scan.frame_count - 1) / rate - span) if rate > 0 else span


def _durations_differ(declared_s: float | None, scan: MeasuredFacts) -> bool:
    if not declared_s or not scan.duration_s:
        return False
    # Nobody but the header knows how long the last frame stays; it may be as long as the longest.
    leeway = max(_tolerance_s(scan), scan.longest_step_s or 0.0)
    return abs(declared_s - scan.duration_s) > leeway


def _tolerance_s(scan: MeasuredFacts) -> float:
    # One and a half frames: headers round.
    return 1.5 / scan.average_rate if scan.average_rate else 0.0


def _frames(count: int) -> str:
    return f"{count} frame" if count == 1 else f"{count} frames"


def _rate(rate: float) -> str:
    return f"{rate:.5g} fps"
