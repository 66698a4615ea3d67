"""Formats have the name that they are sold as, where that is certain."""

from __future__ import annotations

import pytest

from framescope.core.media.facts.format_names import commercial_name


@pytest.mark.parametrize(
    ("codec", "profile", "fourcc", "name"),
    [
        ("eac3", None, "", "Dolby Digital Plus"),
        ("eac3", "Dolby Digital Plus + Dolby Atmos", "", "Dolby Digital Plus with Dolby Atmos"),
        ("ac3", None, "", "Dolby Digital"),
        ("dts", "DTS-HD MA", "", "DTS-HD Master Audio"),
        ("dts", None, "", ""),
        ("truehd", "?", "", "Dolby TrueHD"),
        ("aac", "LC", "", ""),
        ("aac", "HE-AACv2", "", "HE-AAC v2"),
        ("prores", "HQ", "", "Apple ProRes 422 HQ"),
        ("prores", "?", "apcn", "Apple ProRes 422"),
        ("dnxhd", "DNXHR HQX", "AVdh", "Avid DNxHR HQX"),
        ("h264", "High 10 Intra", "ai5q", "AVC-Intra 50"),
        ("h264", "High 4:2:2 Intra", "AI15", "AVC-Intra 100"),
        ("h264", "High 4:2:2 Intra", "avc1", ""),
        ("mpeg2video", "Main", "xdv2", "XDCAM HD"),
        ("mpeg2video", "Main", "xdvb", "XDCAM EX"),
        ("mpeg2video", "4:2:2", "xd5c", "XDCAM HD422"),
        ("mpeg2video", "Main", "hdv3", "HDV"),
        ("mpeg2video", "4:2:2", "mx5p", "IMX 50"),
        ("mpeg2video", "Main", "", ""),
    ],
)
def test_names(codec: str, profile: str | None, fourcc: str, name: str) -> None:
    assert commercial_name(codec, profile, fourcc=fourcc) == name


@pytest.mark.parametrize(
    ("fourcc", "height", "pixel_format", "name"),
    [
        ("dvhq", 720, "yuv422p", "DVCPRO HD"),
        ("", 1080, "yuv422p", "DVCPRO HD"),
        ("", 576, "yuv422p", "DVCPRO50"),
        ("", 576, "yuv411p", "DVCPRO"),
        ("dvcp", 576, "yuv420p", ""),
        ("dvc", 480, "yuv411p", ""),
    ],
)
def test_kinds_of_dv(fourcc: str, height: int, pixel_format: str, name: str) -> None:
    found = commercial_name("dvvideo", None, fourcc=fourcc, height=height, pixel_format=pixel_format)
    assert found == name
