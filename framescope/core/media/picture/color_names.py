"""Names of colour code points (ISO/IEC 23091-2, ITU-T H.273)."""

from __future__ import annotations

from framescope.core.translation import tr

UNSPECIFIED = "unspecified"
_UNSPECIFIED_NUMBER = 2

_MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    11: "smpte2085",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
    15: "ipt-c2",
    16: "ycgco-re",
    17: "ycgco-ro",
}
_TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_RANGES = {1: "limited", 2: "full"}

_WORDS = {
    "bt709": "BT.709 (HD)",
    "bt470bg": "BT.601 (625 lines)",
    "smpte170m": "BT.601 (525 lines)",
    "smpte240m": tr("SMPTE 240M (early HD)"),
    "fcc": tr("FCC (NTSC 1953)"),
    "bt470m": tr("BT.470 M (NTSC 1953)"),
    "bt2020nc": tr("BT.2020, non-constant luminance"),
    "bt2020c": tr("BT.2020, constant luminance"),
    "bt2020": tr("BT.2020 (UHD, wide)"),
    "bt2020-10": "BT.2020, 10 bit",
    "bt2020-12": "BT.2020, 12 bit",
    "smpte2084": tr("PQ (HDR10, SMPTE 2084)"),
    "arib-std-b67": tr("HLG (broadcast HDR)"),
    "iec61966-2-1": "sRGB",
    "iec61966-2-4": "xvYCC",
    "smpte428": tr("SMPTE 428 (cinema)"),
    "smpte431": "DCI-P3",
    "smpte432": tr("Display P3"),
    "ebu3213": tr("EBU 3213"),
    "film": tr("film (Illuminant C)"),
    "gbr": tr("none (RGB)"),
    "none": tr("none (RGB)"),
    "ycgco": "YCgCo",
    "ictcp": "ICtCp",
    "linear": "linear",
    "log100": tr("logarithmic, 100:1"),
    "log316": tr("logarithmic, 316:1"),
    "bt1361e": "BT.1361",
    "limited": tr("limited (video levels)"),
    "full": tr("full (all levels)"),
    UNSPECIFIED: tr("not declared"),
}
# The same name may mean a curve or a set of primaries: these read better spelled out.
_TRANSFER_WORDS = {
    "bt709": "BT.709",
    "smpte170m": "BT.601",
    "bt470m": tr("gamma 2.2"),
    "bt470bg": tr("gamma 2.8"),
}


HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
"""FFmpeg's names of PQ and HLG."""


def matrix_name(number: int) -> str:
    """FFmpeg's name of a YUV to RGB matrix; ``unspecified`` for 2 and reserved numbers."""
    return _MATRICES.get(number, UNSPECIFIED)


def transfer_name(number: int) -> str:
    """FFmpeg's name of a transfer characteristic; ``unspecified`` for 2 and reserved numbers."""
    return _TRANSFERS.get(number, UNSPECIFIED)


def primaries_name(number: int) -> str:
    """FFmpeg's name of colour primaries; ``unspecified`` for 2 and reserved numbers."""
    return _PRIMARIES.get(number, UNSPECIFIED)


def transfer_number(name: str) -> int:
    """The number of a transfer characteristic; 2, unspecified, for names that have none."""
    return next((number for number, known in _TRANSFERS.items() if known == name), _UNSPECIFIED_NUMBER)


def primaries_number(name: str) -> int:
    """The number of colour primaries; 2, unspecified, for names that have none."""
    return next((number for number, known in _PRIMARIES.items() if known == name), _UNSPECIFIED_NUMBER)


def range_name(number: int) -> str:
    """``limited``, ``full`` or ``unspecified``."""
    return _RANGES.get(number, UNSPECIFIED)


def color_words(name: str) -> str:
    """A matrix, range or set of primaries in words; the name itself if there is no better one."""
    return _WORDS.get(name, name)


def transfer_words(name: str) -> str:
    """A transfer characteristic in words."""
    return _TRANSFER_WORDS.get(name, color_words(name))


def matrix_for_display(name: str, *, is_rgb: bool, width: int, height: int) -> str:
    """The matrix to convert with: the signalled one, or the one that players assume from the size."""
    if is_rgb:
        return "none"
    if name not in (UNSPECIFIED, "gbr"):
        return name
    return "bt709" if height >= 720 or width >= 1280 else "smpte170m"
