"""The codecs that a video can be made with."""

from __future__ import annotations

import av.codec
import pytest

from framescope.core.errors import SettingsError
from framescope.core.synth.codecs import (
    CODECS,
    CONTAINERS,
    QualityScale,
    VideoCodec,
    codec_named,
    fourcc_named,
)

BY_ID = {codec.codec_id: codec for codec in CODECS}


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.codec_id)
def test_pixel_formats_are_those_of_the_encoder(codec: VideoCodec) -> None:
    known = {one.name for one in av.codec.Codec(codec.encoder, "w").video_formats or ()}
    assert set(codec.pixel_formats) <= known
    assert set(codec.containers) <= set(CONTAINERS)
    assert all(len(fourcc) == 4 for fourcc in codec.fourccs)


@pytest.mark.parametrize(
    ("name", "codec_id"),
    [("h264", "h264"), ("AVC1", "h264"), ("mp4v", "mpeg4"), ("xvid", "mpeg4"), ("MJPG", "mjpeg")],
)
def test_names_and_fourccs_lead_to_a_codec(name: str, codec_id: str) -> None:
    assert codec_named(name).codec_id == codec_id


@pytest.mark.parametrize(
    ("name", "fourcc"),
    [("XVID", "XVID"), ("xvid", "XVID"), ("av01", "av01"), ("AV01", "AV01"), ("h264", ""), ("theora", "")],
)
def test_a_name_that_is_a_fourcc_asks_for_it(name: str, fourcc: str) -> None:
    assert fourcc_named(name) == fourcc


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="theora") as caught:
        codec_named("theora")
    assert "h264" in caught.value.hint


def test_quality_runs_from_worst_to_best() -> None:
    scale = QualityScale("crf", 0, 51)
    assert [scale.figure(quality) for quality in (0, 50, 100)] == [51, 26, 0]
