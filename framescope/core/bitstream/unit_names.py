"""The names that the standards give to units and SEI messages. Terms of the standards, not translated."""

from __future__ import annotations

_H264_UNITS = {
    1: "non-IDR slice",
    2: "slice data partition A",
    3: "slice data partition B",
    4: "slice data partition C",
    5: "IDR slice",
    6: "SEI",
    7: "SPS",
    8: "PPS",
    9: "access unit delimiter",
    10: "end of sequence",
    11: "end of stream",
    12: "filler data",
    13: "SPS extension",
    14: "prefix NAL unit",
    15: "subset SPS",
    16: "depth parameter set",
    19: "auxiliary slice",
    20: "slice extension",
    21: "depth slice extension",
}
"""ITU-T H.264, table 7-1."""

_HEVC_UNITS = {
    0: "TRAIL_N",
    1: "TRAIL_R",
    2: "TSA_N",
    3: "TSA_R",
    4: "STSA_N",
    5: "STSA_R",
    6: "RADL_N",
    7: "RADL_R",
    8: "RASL_N",
    9: "RASL_R",
    16: "BLA_W_LP",
    17: "BLA_W_RADL",
    18: "BLA_N_LP",
    19: "IDR_W_RADL",
    20: "IDR_N_LP",
    21: "CRA_NUT",
    32: "VPS",
    33: "SPS",
    34: "PPS",
    35: "access unit delimiter",
    36: "end of sequence",
    37: "end of bitstream",
    38: "filler data",
    39: "prefix SEI",
    40: "suffix SEI",
    62: "Dolby Vision RPU",
    63: "Dolby Vision enhancement layer",
}
"""ITU-T H.265, table 7-1; the last two are of the unspecified range, as Dolby Vision uses it."""

_VVC_UNITS = {
    0: "TRAIL_NUT",
    1: "STSA_NUT",
    2: "RADL_NUT",
    3: "RASL_NUT",
    7: "IDR_W_RADL",
    8: "IDR_N_LP",
    9: "CRA_NUT",
    10: "GDR_NUT",
    12: "OPI",
    13: "DCI",
    14: "VPS",
    15: "SPS",
    16: "PPS",
    17: "prefix APS",
    18: "suffix APS",
    19: "picture header",
    20: "access unit delimiter",
    21: "end of sequence",
    22: "end of bitstream",
    23: "prefix SEI",
    24: "suffix SEI",
    25: "filler data",
}
"""ITU-T H.266, table 5."""

_AV1_UNITS = {
    1: "OBU_SEQUENCE_HEADER",
    2: "OBU_TEMPORAL_DELIMITER",
    3: "OBU_FRAME_HEADER",
    4: "OBU_TILE_GROUP",
    5: "OBU_METADATA",
    6: "OBU_FRAME",
    7: "OBU_REDUNDANT_FRAME_HEADER",
    8: "OBU_TILE_LIST",
    15: "OBU_PADDING",
}
"""AV1 specification, 6.2.2."""

_MPEG2_UNITS = {
    0x00: "picture header",
    0xB2: "user data",
    0xB3: "sequence header",
    0xB4: "sequence error",
    0xB5: "extension",
    0xB7: "sequence end",
    0xB8: "GOP header",
}
"""ISO/IEC 13818-2, table 6-1; codes 0x01 to 0xAF are slices."""

_MPEG2_EXTENSIONS = {
    1: "sequence extension",
    2: "sequence display extension",
    3: "quant matrix extension",
    4: "copyright extension",
    5: "sequence scalable extension",
    7: "picture display extension",
    8: "picture coding extension",
    9: "picture spatial scalable extension",
    10: "picture temporal scalable extension",
}
"""ISO/IEC 13818-2, table 6-2."""

_MPEG4_UNITS = {
    0xB0: "visual object sequence",
    0xB1: "visual object sequence end",
    0xB2: "user data",
    0xB3: "group of VOPs",
    0xB5: "visual object",
    0xB6: "VOP",
}
"""ISO/IEC 14496-2, table 6-3; codes up to 0x1F are video objects, 0x20 to 0x2F their layers."""

SEI_MESSAGES = {
    0: "buffering period",
    1: "picture timing",
    2: "pan-scan rectangle",
    3: "filler payload",
    4: "user data registered (ITU-T T.35)",
    5: "user data unregistered",
    6: "recovery point",
    19: "film grain characteristics",
    45: "frame packing arrangement",
    47: "display orientation",
    56: "green metadata",
    128: "structure of pictures",
    129: "active parameter sets",
    130: "decoding unit information",
    131: "temporal sub-layer zero index",
    132: "decoded picture hash",
    133: "scalable nesting",
    136: "time code",
    137: "mastering display colour volume",
    144: "content light level",
    147: "alternative transfer characteristics",
    148: "ambient viewing environment",
    149: "content colour volume",
    165: "alpha channel information",
    176: "3D reference displays",
}
"""ITU-T H.264 annex D and H.265 annex D, payload types that both or one of them define."""


def h264_name(code: int) -> str:
    """The name of an H.264 NAL unit type."""
    return _H264_UNITS.get(code, "unspecified" if code == 0 or code > 23 else "reserved")


def hevc_name(code: int) -> str:
    """The name of an HEVC NAL unit type."""
    return _HEVC_UNITS.get(code, "unspecified" if code > 47 else "reserved")


def vvc_name(code: int) -> str:
    """The name of a VVC NAL unit type."""
    return _VVC_UNITS.get(code, "unspecified" if code > 27 else "reserved")


def av1_name(code: int) -> str:
    """The name of an AV1 OBU type."""
    return _AV1_UNITS.get(code, "reserved")


def mpeg2_name(code: int, following: int) -> str:
    """The name of an MPEG-1 or MPEG-2 unit by its start code and the byte after it."""
    if 1 <= code <= 0xAF:
        return "slice"
    if code == 0xB5:
        return _MPEG2_EXTENSIONS.get(following >> 4, "extension")
    return _MPEG2_UNITS.get(code, "system start code" if code >= 0xB9 else "reserved")


def mpeg4_name(code: int) -> str:
    """The name of an MPEG-4 part 2 unit by its start code."""
    if code <= 0x1F:
        return "video object"
    if code <= 0x2F:
        return "video object layer"
    return _MPEG4_UNITS.get(code, "reserved")
