"""What the values of syntax elements mean, in the standards' terms: profiles, levels, slice types."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from framescope.core.bitstream.unit_names import SEI_MESSAGES
from framescope.core.media.picture.color_names import UNSPECIFIED, matrix_name, primaries_name, transfer_name
from framescope.core.media.side_data import gop_timecode
from framescope.core.media.stream_details import level_name
from framescope.core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WRITERS = {
    "dc45e9bd-e6d9-48b7-962c-d820d923eeef": "x264",
    "2ca2de09-b517-47db-bb55-a4fe7fc2fc4e": "x265",
    "47564adc-5c4c-433f-94ef-c5113cd143a8": "Apple",
}
"""Who writes user data under these UUIDs."""

_MOST_LETTERS = 4000
_LEAST_TEXT = 0.9

_H264_PROFILES = {
    44: "CAVLC 4:4:4 Intra",
    66: "Baseline",
    77: "Main",
    88: "Extended",
    100: "High",
    110: "High 10",
    118: "Multiview High",
    122: "High 4:2:2",
    128: "Stereo High",
    244: "High 4:4:4 Predictive",
}
_HEVC_PROFILES = {
    1: "Main",
    2: "Main 10",
    3: "Main Still Picture",
    4: "Format range extensions",
    5: "High throughput",
    6: "Multiview Main",
    7: "Scalable Main",
    9: "Screen content coding",
}
_CHROMA = {0: "4:0:0", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}
_VIDEO_FORMATS = {0: "component", 1: "PAL", 2: "NTSC", 3: "SECAM", 4: "MAC", 5: UNSPECIFIED}
_ASPECTS = {1: "1:1", 2: "12:11", 3: "10:11", 4: "16:11", 5: "40:33", 6: "24:11", 7: "20:11", 8: "32:11"}
_ASPECTS |= {9: "80:33", 10: "18:11", 11: "15:11", 12: "64:33", 13: "160:99", 14: "4:3", 15: "3:2", 16: "2:1"}
_ASPECTS |= {0: UNSPECIFIED, 255: "as given by sar_width and sar_height"}
_H264_SLICES = {0: "P", 1: "B", 2: "I", 3: "SP", 4: "SI"}
_HEVC_SLICES = {0: "B", 1: "P", 2: "I"}
_STRUCTURES = {
    0: "frame",
    1: "top field",
    2: "bottom field",
    3: "top, bottom",
    4: "bottom, top",
    5: "top, bottom, top repeated",
    6: "bottom, top, bottom repeated",
    7: "frame doubled",
    8: "frame tripled",
}
_MPEG2_RATES = {
    1: "24000/1001",
    2: "24",
    3: "25",
    4: "30000/1001",
    5: "30",
    6: "50",
    7: "60000/1001",
    8: "60",
}
_MPEG2_PROFILES = {1: "High", 2: "Spatially Scalable", 3: "SNR Scalable", 4: "Main", 5: "Simple"}
_MPEG2_LEVELS = {4: "High", 6: "High 1440", 8: "Main", 10: "Low"}


def _of(names: Mapping[int, str]) -> Callable[[int], str]:
    return lambda value: names.get(value, "")


def _plus(number: int, unit: str, *, times: int = 1) -> Callable[[int], str]:
    return lambda value: f"{(value + number) * times}{unit}"


def _times(factor: float, unit: str, decimals: int) -> Callable[[int], str]:
    return lambda value: f"{value * factor:.{decimals}f}{unit}"


def _level(codec: str) -> Callable[[int], str]:
    return lambda value: level_name(codec, None, value)


def _mpeg2_profile(value: int) -> str:
    profile, level = _MPEG2_PROFILES.get(value >> 4 & 7, ""), _MPEG2_LEVELS.get(value & 15, "")
    return f"{profile} @ {level}" if profile and level else ""


_ANY_CODEC: dict[str, Callable[[int], str]] = {
    "aspect_ratio_idc": _of(_ASPECTS),
    "video_format": _of(_VIDEO_FORMATS),
    "colour_primaries": primaries_name,
    "color_primaries": primaries_name,
    "transfer_characteristics": transfer_name,
    "preferred_transfer_characteristics": transfer_name,
    "matrix_coefficients": matrix_name,
    "matrix_coeffs": matrix_name,
    "chroma_format_idc": _of(_CHROMA),
    "sps_chroma_format_idc": _of(_CHROMA),
    "bit_depth_luma_minus8": _plus(8, " bit"),
    "bit_depth_chroma_minus8": _plus(8, " bit"),
    "sps_bitdepth_minus8": _plus(8, " bit"),
    "display_primaries_x": _times(0.00002, "", 4),
    "display_primaries_y": _times(0.00002, "", 4),
    "white_point_x": _times(0.00002, "", 4),
    "white_point_y": _times(0.00002, "", 4),
    "max_display_mastering_luminance": _times(0.0001, " cd/m²", 4),
    "min_display_mastering_luminance": _times(0.0001, " cd/m²", 4),
    "max_content_light_level": _plus(0, " cd/m²"),
    "max_pic_average_light_level": _plus(0, " cd/m²"),
    "pic_struct": _of(_STRUCTURES),
}
_AV1_FRAMES = {0: "KEY_FRAME", 1: "INTER_FRAME", 2: "INTRA_ONLY_FRAME", 3: "SWITCH_FRAME"}
_AV1_METADATA = {1: "HDR_CLL", 2: "HDR_MDCV", 3: "SCALABILITY", 4: "ITUT_T35", 5: "TIMECODE"}
_MPEG2: dict[str, Callable[[int], str]] = {
    "picture_coding_type": _of({1: "I", 2: "P", 3: "B", 4: "D"}),
    "picture_structure": _of({1: "top field", 2: "bottom field", 3: "frame"}),
    "aspect_ratio_information": _of({1: "1:1 samples", 2: "4:3", 3: "16:9", 4: "2.21:1"}),
    "frame_rate_code": _of(_MPEG2_RATES),
    "chroma_format": _of(_CHROMA),
    "profile_and_level_indication": _mpeg2_profile,
    "bit_rate_value": _plus(0, " bit/s", times=400),
    "time_code": gop_timecode,
    "intra_dc_precision": _plus(8, " bit"),
}
_BY_CODEC: dict[str, dict[str, Callable[[int], str]]] = {
    "h264": {
        "profile_idc": _of(_H264_PROFILES),
        "level_idc": _level("h264"),
        "slice_type": lambda value: _H264_SLICES.get(value % 5, ""),
        "entropy_coding_mode_flag": _of({0: "CAVLC", 1: "CABAC"}),
        "pic_width_in_mbs_minus1": _plus(1, " px", times=16),
        "pic_init_qp_minus26": _plus(26, ""),
    },
    "hevc": {
        "general_profile_idc": _of(_HEVC_PROFILES),
        "general_level_idc": _level("hevc"),
        "general_tier_flag": _of({0: "Main tier", 1: "High tier"}),
        "slice_type": _of(_HEVC_SLICES),
        "init_qp_minus26": _plus(26, ""),
    },
    "vvc": {
        "general_level_idc": _level("vvc"),
        "general_tier_flag": _of({0: "Main tier", 1: "High tier"}),
        "sh_slice_type": _of(_HEVC_SLICES),
    },
    "av1": {
        "frame_type": _of(_AV1_FRAMES),
        "metadata_type": _of(_AV1_METADATA),
        "seq_profile": _of({0: "Main", 1: "High", 2: "Professional"}),
        "seq_level_idx": _level("av1"),
        "seq_tier": _of({0: "Main tier", 1: "High tier"}),
        "max_frame_width_minus_1": _plus(1, " px"),
        "max_frame_height_minus_1": _plus(1, " px"),
        "primary_chromaticity_x": _times(1 / 65536, "", 4),
        "primary_chromaticity_y": _times(1 / 65536, "", 4),
        "white_point_chromaticity_x": _times(1 / 65536, "", 4),
        "white_point_chromaticity_y": _times(1 / 65536, "", 4),
        "luminance_max": _times(1 / 256, " cd/m²", 4),
        "luminance_min": _times(1 / 16384, " cd/m²", 4),
        "max_cll": _plus(0, " cd/m²"),
        "max_fall": _plus(0, " cd/m²"),
    },
    "vp9": {
        "frame_type": _of({0: "KEY_FRAME", 1: "NON_KEY_FRAME"}),
        "frame_width_minus_1": _plus(1, " px"),
        "frame_height_minus_1": _plus(1, " px"),
    },
    "vp8": {"frame_type": _of({0: "key frame", 1: "interframe"})},
    "mpeg2video": _MPEG2,
    "mpeg1video": _MPEG2,
}
_KINDS = frozenset({"slice_type", "sh_slice_type", "frame_type", "picture_coding_type", "metadata_type"})
"""The elements that best tell the kind of a unit."""


def meaning(codec: str, name: str, value: str) -> str:
    """What a value means, empty where that is not known or the number says it.

    Args:
        codec: FFmpeg's name of the codec.
        name: The element's name, with or without indices.
        value: As text; several numbers are not looked up.
    """
    base = name.partition("[")[0]
    look_up = _BY_CODEC.get(codec, {}).get(base) or _ANY_CODEC.get(base)
    values = value.split(", ")
    if look_up is None or len(values) > 4:
        return ""
    try:
        return ", ".join(word for one in values if (word := look_up(int(one))))
    except ValueError:
        return ""


def says_kind(name: str) -> bool:
    """Whether an element says what kind of slice, frame or message its unit is."""
    return name in _KINDS


def message_name(payload_type: int) -> str:
    """The name of an SEI message; its number where it has none here."""
    return SEI_MESSAGES.get(payload_type, f"payload type {payload_type}")


def bytes_meaning(name: str, content: bytes) -> str:
    """What an array of bytes says: text, or who it is from; empty if it is neither."""
    if name.startswith("uuid") and len(content) == 16:
        identity = str(uuid.UUID(bytes=content))
        writer = _WRITERS.get(identity)
        return identity if writer is None else f"{identity} ({writer})"
    return text_in(content)


def text_in(content: bytes) -> str:
    """The text that bytes hold, with control characters escaped; empty if they are hardly text."""
    text = content.rstrip(b"\x00").decode("utf-8", "replace")
    letters = sum(letter.isprintable() and letter != "\N{REPLACEMENT CHARACTER}" for letter in text)
    if len(text) < 4 or letters < _LEAST_TEXT * len(text):
        return ""
    return printable(text[:_MOST_LETTERS]) + ("…" if len(text) > _MOST_LETTERS else "")
