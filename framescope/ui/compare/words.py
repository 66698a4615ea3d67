"""The words on two compared pictures: which frames they are, how they are paired, in which form compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from framescope.core.compare.choices import AlignBy
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.session.compare_look import CompareMode

if TYPE_CHECKING:
    from framescope.core.compare.counterpart import Counterpart
    from framescope.core.compare.difference_picture import DifferencePicture
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.comparing import Comparing
    from framescope.session.state import ShownFrame
    from framescope.session.time_words import TimeWords


def frame_words(name: str, shown: ShownFrame, times: TimeWords) -> str:
    """Which frame a picture shows: ``A  120 · 0:05.000 · P``; of a provisional one only the number."""
    if shown.frame is not None:
        return _exact_words(name, shown.frame, times)
    if shown.pictured_number is None:
        return name
    return tr("{name}  {number} · approximate", name=name, number=grouped(shown.pictured_number))


def _exact_words(name: str, frame: Frame, times: TimeWords) -> str:
    parts = [grouped(frame.frame_number)]
    if math.isfinite(frame.time_s):
        parts.append(times.of(frame.frame_number, frame.time_s))
    parts.append(frame.picture_type.letter)
    if frame.is_damaged:
        parts.append(tr("damaged"))
    return f"{name}  {' · '.join(parts)}"


def difference_words(a: Frame, a_times: TimeWords, b: Frame, b_times: TimeWords) -> str:
    """Which frames a difference is of."""
    return f"{_exact_words(tr('A'), a, a_times)}   −   {_exact_words(tr('B'), b, b_times)}"


def absence_words(counterpart: Counterpart, a_number: int) -> tuple[str, str, str]:
    """The card where B has no frame: what happened, to which frame, and what is not done about it."""
    sentence = tr("Frame {number} of A is not in B.", number=grouped(a_number))
    return counterpart.absence, sentence, tr("No other frame of B is shown instead.")


def repeat_words(counterpart: Counterpart | None) -> str:
    """That B shows a frame several times; empty if it does not."""
    if counterpart is None or not counterpart.repeats:
        return ""
    numbers = ", ".join(grouped(number) for number in counterpart.repeats[:4])
    more = "…" if len(counterpart.repeats) > 4 else ""
    return tr("in B {count} times: {numbers}", count=len(counterpart.repeats), numbers=numbers + more)


def state_words(comparing: Comparing, a_info: VideoInfo | None, found: DifferencePicture | None) -> str:
    """The line below the pictures: pairing, scaling and form of comparison, or why there is none."""
    if not comparing.is_active or comparing.error is not None:
        return ""
    if comparing.info is None:
        return tr("Opening B…")
    parts = _pairing_words(comparing)
    if comparing.is_same_stream:
        parts.append(tr("A and B are the same video"))
    if comparing.look.mode is CompareMode.DIFFERENCE and found is not None:
        parts.append(tr("compared in {space}", space=found.space))
    else:
        parts += _form_words(comparing, a_info, comparing.info)
    return "   ·   ".join(parts)


def _pairing_words(comparing: Comparing) -> list[str]:
    if comparing.is_held:
        return [tr("B is shown by itself until A moves")]
    if comparing.pairing_error:
        return [comparing.pairing_error]
    if comparing.align_by is AlignBy.NUMBER and comparing.offset:
        return [tr("B = A {offset:+d}", offset=comparing.offset).replace("-", "−")]
    return []


def _form_words(comparing: Comparing, a_info: VideoInfo | None, b_info: VideoInfo) -> list[str]:
    parts = []
    sizes = comparing.sizes
    if sizes is not None and sizes[0] != sizes[1]:
        parts.append(scaling_words(*sizes))
    if a_info is not None and a_info.pixel_format != b_info.pixel_format:
        parts.append(
            tr("{a} and {b}, both shown as 8-bit R'G'B'", a=a_info.pixel_format, b=b_info.pixel_format)
        )
    return parts


def scaling_words(a: tuple[int, int], b: tuple[int, int]) -> str:
    """Which of two sizes is scaled to the other."""
    is_b = a[0] * a[1] >= b[0] * b[1]
    (width, height), small = (a, b) if is_b else (b, a)
    text = tr(
        "{name} scaled from {small} to {width} × {height} by area averaging",
        name=tr("B") if is_b else tr("A"),
        small=f"{small[0]} × {small[1]}",
        width=width,
        height=height,
    )
    is_stretched = abs(small[0] * height / (small[1] * width) - 1) > 0.01
    return tr("{text}, stretched", text=text) if is_stretched else text


def figure_words(found: DifferencePicture) -> str:
    """The figures of a difference: in which planes, how large, in how many samples."""
    plane = found.plane or ", ".join(found.planes)
    if not found.largest:
        return tr("{plane}: identical", plane=plane)
    return tr(
        "{plane}: up to {largest} of {peak}, in {share} of samples",
        plane=plane,
        largest=found.largest,
        peak=found.peak,
        share=_percent(found.share),
    )


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 0.01:
        return tr("less than 0.01 %")
    return f"{percent:.2f} %" if percent < 10 else f"{percent:.0f} %"
