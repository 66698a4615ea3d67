"""What formats are sold as, and the HDR formats that a stream follows, where that is certain. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from framescope.core.model.stream_facts import ColorFacts, DolbyVision

_BY_PROFILE = {
    ("prores", "Proxy"): "Apple ProRes 422 Proxy",
    ("prores", "LT"): "Apple ProRes 422 LT",
    ("prores", "Standard"): "Apple ProRes 422",
    ("prores", "HQ"): "Apple ProRes 422 HQ",
    ("prores", "4444"): "Apple ProRes 4444",
    ("prores", "XQ"): "Apple ProRes 4444 XQ",
    ("dnxhd", "DNXHD"): "Avid DNxHD",
    ("dnxhd", "DNXHR LB"): "Avid DNxHR LB",
    ("dnxhd", "DNXHR SQ"): "Avid DNxHR SQ",
    ("dnxhd", "DNXHR HQ"): "Avid DNxHR HQ",
    ("dnxhd", "DNXHR HQX"): "Avid DNxHR HQX",
    ("dnxhd", "DNXHR 444"): "Avid DNxHR 444",
    ("eac3", "Dolby Digital Plus + Dolby Atmos"): "Dolby Digital Plus with Dolby Atmos",
    ("truehd", "Dolby TrueHD + Dolby Atmos"): "Dolby TrueHD with Dolby Atmos",
    ("dts", "DTS"): "DTS",
    ("dts", "DTS-ES"): "DTS-ES",
    ("dts", "DTS 96/24"): "DTS 96/24",
    ("dts", "DTS-HD HRA"): "DTS-HD High Resolution Audio",
    ("dts", "DTS-HD MA"): "DTS-HD Master Audio",
    ("dts", "DTS-HD MA + DTS:X"): "DTS-HD Master Audio with DTS:X",
    ("dts", "DTS-HD MA + DTS:X IMAX"): "DTS-HD Master Audio with DTS:X, IMAX Enhanced",
    ("dts", "DTS Express"): "DTS Express",
    ("aac", "HE-AAC"): "HE-AAC",
    ("aac", "HE-AACv2"): "HE-AAC v2",
}
_BY_CODEC = {
    "ac3": "Dolby Digital",
    "eac3": "Dolby Digital Plus",
    "truehd": "Dolby TrueHD",
    "ac4": "Dolby AC-4",
    "dolby_e": "Dolby E",
    "mlp": "Meridian Lossless Packing",
    "mp3": "MP3",
    "alac": "Apple Lossless",
}
PRODUCTS = {
    "apco": "Apple ProRes 422 Proxy",
    "apcs": "Apple ProRes 422 LT",
    "apcn": "Apple ProRes 422",
    "apch": "Apple ProRes 422 HQ",
    "ap4h": "Apple ProRes 4444",
    "ap4x": "Apple ProRes 4444 XQ",
    "aprn": "Apple ProRes RAW",
    "aprh": "Apple ProRes RAW HQ",
    "icod": "Apple Intermediate Codec",
    "cfhd": "GoPro CineForm",
}
"""The names of products, by QuickTime's tag."""
_BY_TAG = {
    **PRODUCTS,
    **dict.fromkeys(("ai5p", "ai5q", "ai52", "ai53", "ai55", "ai56"), "AVC-Intra 50"),
    **dict.fromkeys(("ai1p", "ai1q", "ai12", "ai13", "ai15", "ai16"), "AVC-Intra 100"),
    "aivx": "XAVC",
    **dict.fromkeys((f"hdv{letter}" for letter in "123456789a"), "HDV"),
    **dict.fromkeys(("mx5p", "mx5n"), "IMX 50"),
    **dict.fromkeys(("mx4p", "mx4n"), "IMX 40"),
    **dict.fromkeys(("mx3p", "mx3n"), "IMX 30"),
    **dict.fromkeys((f"xd5{letter}" for letter in "1459abcdef"), "XDCAM HD422"),
    "xdh2": "XDCAM HD422",
    **dict.fromkeys((f"xdv{letter}" for letter in "1459abcdef"), "XDCAM EX"),
    **dict.fromkeys((f"xdv{letter}" for letter in "23678"), "XDCAM HD"),
    "xdhd": "XDCAM HD",
    "dvpp": "DVCPRO",
    **dict.fromkeys(("dv5n", "dv5p"), "DVCPRO50"),
    **dict.fromkeys(("dvh2", "dvh3", "dvh5", "dvh6", "dvhp", "dvhq"), "DVCPRO HD"),
}
"""QuickTime's tags, as FFmpeg's list of them explains them."""
_PAL_LINES = 576
DOLBY_VISION_BASES = {1: "HDR10", 2: "SDR (BT.709)", 4: "HLG", 6: "Ultra HD Blu-ray (HDR10)"}
"""Values of ``dv_bl_signal_compatibility_id``; the others are reserved."""
_DYNAMIC = {"DYNAMIC_HDR_PLUS": "HDR10+", "DYNAMIC_HDR_VIVID": "HDR Vivid"}
"""FFmpeg's kinds of side data that are metadata of single frames."""
_PQ_BITS = 10


def commercial_name(
    codec: str, profile: str | None, *, fourcc: str = "", height: int = 0, pixel_format: str = ""
) -> str:
    """What a format is sold as; empty where that is not certain, or it has no other name than the codec's.

    Args:
        codec: FFmpeg's name of the codec.
        profile: FFmpeg's name of the profile.
        fourcc: The codec's tag.
        height: Rows of the picture.
        pixel_format: FFmpeg's name of the pixel format.
    """
    if codec == "dvvideo":
        return _BY_TAG.get(fourcc.casefold()) or _dv_name(height, pixel_format)
    return (
        _BY_TAG.get(fourcc.casefold()) or _BY_PROFILE.get((codec, profile or "")) or _BY_CODEC.get(codec, "")
    )


def _dv_name(height: int, pixel_format: str) -> str:
    """SMPTE 314M and 370M: only DVCPRO50 has 4:2:2 in standard definition; DV and DVCAM have 4:2:0 in PAL."""
    if height > _PAL_LINES:
        return "DVCPRO HD"
    if pixel_format == "yuv422p":
        return "DVCPRO50"
    return "DVCPRO" if height == _PAL_LINES and pixel_format == "yuv411p" else ""


def hdr_formats(
    color: ColorFacts,
    *,
    bit_depth: int,
    has_static_metadata: bool,
    dolby_vision: DolbyVision | None,
    side_data: Collection[str],
) -> tuple[str, ...]:
    """The names of the HDR formats that a stream follows; empty if it is none.

    Args:
        color: What the stream signals.
        bit_depth: Bits per sample.
        has_static_metadata: Whether a mastering display or light levels are declared.
        dolby_vision: What the container declares of it.
        side_data: FFmpeg's kinds of side data of the first frame.
    """
    names = [] if dolby_vision is None else ["Dolby Vision"]
    # CTA-861.3 and ETSI TS 101 154: both are PQ in BT.2020; HDR10 with static metadata, PQ10 without.
    if (color.transfer, color.primaries) == ("smpte2084", "bt2020") and bit_depth >= _PQ_BITS:
        names += [name for kind, name in _DYNAMIC.items() if kind in side_data]
        names += ["HDR10"] if has_static_metadata else ["PQ10"] if bit_depth == _PQ_BITS else []
    elif color.transfer == "arib-std-b67":
        names.append("HLG")
    return tuple(names)
