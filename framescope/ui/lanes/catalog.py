"""The lanes of values that the timeline can show: their names, what they count, and where it is from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from framescope.core.text import bit_rate_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.model.stream_facts import VideoInfo

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


class Source(Enum):
    """What the values of a lane are found from."""

    INDEX = auto()
    """The sizes and times of the packets, which are known."""
    BUFFER = auto()
    """Those, and the buffer that the stream declares."""
    PIXELS = auto()
    """Every frame, decoded once for all lanes of this kind."""
    BLOCKS = auto()
    """The blocks of every frame, likewise."""


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """One kind of lane.

    Attributes:
        name: Its name in settings and tables.
        title: Its name in menus.
        label: Its name beside the lane.
        tip: What it shows, in a sentence or two.
        source: What its values are found from.
        place: Which of the values that are found together.
        color: The theme's colour of the curve.
        span: From the lowest and highest value, those at the bottom and the top of the lane.
        words: A value with its unit.
        is_low: Whether low values are the ones to look for.
    """

    name: str
    title: str
    label: str
    tip: str
    source: Source
    place: int
    color: str
    span: Callable[[float, float], tuple[float, float]]
    words: Callable[[float], str]
    is_low: bool = False


def from_zero(_low: float, high: float) -> tuple[float, float]:
    """From zero to a round value."""
    if high <= 0:
        return 0.0, 1.0
    unit = 10.0 ** math.floor(math.log10(high))
    return 0.0, unit * next(step for step in _STEPS if step * unit >= high * (1 - 1e-9))


def of_codes(_low: float, high: float) -> tuple[float, float]:
    """All code values of the least depth that has such a value."""
    return 0.0, next(float((1 << bits) - 1) for bits in (8, 10, 12, 16) if high < 1 << bits or bits == 16)


def in_fives(low: float, high: float) -> tuple[float, float]:
    """Around the values, from one multiple of five to another."""
    return 5.0 * math.floor(low / 5 - 1e-9), 5.0 * math.ceil(high / 5 + 1e-9)


def _whole_buffer(_low: float, _high: float) -> tuple[float, float]:
    return 0.0, 1.0


def _number(value: float) -> str:
    return f"{value:.4g}"


def _decibels(value: float) -> str:
    return tr("equal") if math.isinf(value) else f"{value:.1f} dB"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


LANES: tuple[LaneSpec, ...] = (
    LaneSpec(
        "bit_rate",
        tr("Bit rate by second"),
        tr("Bit rate"),
        tr("Bits of all packets of each second, counted from the first frame on."),
        *(Source.INDEX, 0, "accent", from_zero, bit_rate_words),
    ),
    LaneSpec(
        "gop_bit_rate",
        tr("Bit rate by GOP"),
        tr("GOP rate"),
        tr("Bits of all packets of each GOP, over the time from its first frame to that of the next."),
        *(Source.INDEX, 1, "p_frame", from_zero, bit_rate_words),
    ),
    LaneSpec(
        "buffer",
        tr("Decoder buffer (VBV, HRD)"),
        tr("Buffer"),
        tr("How full the declared buffer is once the packet of the frame is removed."),
        *(Source.BUFFER, 0, "success", _whole_buffer, _percent),
        is_low=True,
    ),
    LaneSpec(
        "mean_quantiser",
        tr("Mean quantiser (QP)"),
        tr("Mean QP"),
        tr("The mean of the quantisers of all blocks, by area. Higher is coarser."),
        *(Source.BLOCKS, 0, "i_frame", from_zero, _number),
    ),
    LaneSpec(
        "luma_mean",
        tr("Mean luma"),
        tr("Luma"),
        tr("The mean of luma, in code values."),
        *(Source.PIXELS, 0, "text_muted", of_codes, _number),
    ),
    LaneSpec(
        "luma_min",
        tr("Lowest luma"),
        tr("Luma low"),
        tr("The lowest value of luma."),
        *(Source.PIXELS, 1, "text_muted", of_codes, _number),
        is_low=True,
    ),
    LaneSpec(
        "luma_max",
        tr("Highest luma"),
        tr("Luma high"),
        tr("The highest value of luma."),
        *(Source.PIXELS, 2, "text_muted", of_codes, _number),
    ),
    LaneSpec(
        "saturation",
        tr("Saturation"),
        tr("Saturation"),
        tr("The mean distance of chroma from grey, in code values."),
        *(Source.PIXELS, 3, "keyframe", from_zero, _number),
    ),
    LaneSpec(
        "difference",
        tr("Change from the previous frame"),
        tr("Change"),
        tr("The mean absolute difference of luma from the previous frame, in code values."),
        *(Source.PIXELS, 4, "chosen", from_zero, _number),
    ),
    LaneSpec(
        "psnr_db",
        tr("PSNR to the previous frame"),
        tr("PSNR"),
        tr("PSNR of luma against the previous frame. Low at cuts, at the top for a repeated frame."),
        *(Source.PIXELS, 5, "sound", in_fives, _decibels),
        is_low=True,
    ),
)
"""In the order of menu and timeline."""


def why_no_lane(spec: LaneSpec, info: VideoInfo) -> str:
    """Why a video has no such lane, by its header; empty if it may have one."""
    # Imported here: menus are filled before anything of a video is known.
    from framescope.core.media.decoding.block_export import why_no_quantisers  # noqa: PLC0415
    from framescope.core.media.facts.bit_rate_facts import why_no_buffer, why_no_rates  # noqa: PLC0415
    from framescope.core.model.stream_facts import LIVE_CONTAINER  # noqa: PLC0415

    if spec.source is Source.PIXELS:
        is_live = info.container == LIVE_CONTAINER
        return tr("Frames of live sources are not measured; save a clip of it first.") if is_live else ""
    whys = {
        Source.INDEX: why_no_rates,
        Source.BUFFER: why_no_buffer,
        Source.BLOCKS: why_no_quantisers,
    }
    return whys[spec.source](info)
