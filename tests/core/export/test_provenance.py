"""What pictures were made of and with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import ExportError
from framescope.core.export import provenance
from framescope.core.export.plan import ExportPlan, plan_export
from framescope.core.export.provenance import describe, frames_digest, source_digest, versions
from framescope.core.export.settings import OnExisting
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


def test_a_small_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"video")
    found = source_digest(str(path))
    assert found is not None
    assert found.size_bytes == 5
    assert found.digest == hashlib.sha256((5).to_bytes(8, "little") + b"video").hexdigest()


def test_a_large_file_is_sampled_from_its_first_byte_to_its_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "_SAMPLES", 3)
    monkeypatch.setattr(provenance, "_SAMPLE_BYTES", 10)
    data = np.random.default_rng(1).integers(0, 256, 101, np.uint8).tobytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    found = source_digest(str(path))
    assert found is not None
    samples = data[:10] + data[45:55] + data[91:]
    assert found.digest == hashlib.sha256((101).to_bytes(8, "little") + samples).hexdigest()
    for place, is_seen in ((0, True), (100, True), (50, True), (30, False)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        altered = source_digest(str(path))
        assert altered is not None
        assert (altered.digest != found.digest) is is_seen


@pytest.mark.parametrize("source", ["/nowhere/a.mp4", "https://example.org/a.mp4", "/"])
def test_what_cannot_be_read_has_no_digest(source: str) -> None:
    assert source_digest(source) is None


def test_the_frames_digest_knows_numbers_and_timestamps() -> None:
    numbers = np.array([1, 3])
    same = frames_digest(make_index([0, 40, 80, 120]), numbers)
    # A longer index of the same video gives the same frames.
    assert frames_digest(make_index([0, 40, 80, 120, 160]), numbers) == same
    assert frames_digest(make_index([0, 41, 80, 120]), numbers) != same
    assert frames_digest(make_index([0, 40, 80, 120]), np.array([1, 2])) != same


def test_versions_name_what_makes_the_pixels() -> None:
    found = versions()
    assert set(found) >= {"framescope", "pyav", "libavcodec", "libswscale", "opencv"}
    assert all(found.values())


def test_the_header_tells_how_the_export_began(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    settings = replace(settings, on_existing=OnExisting.NUMBER)
    taken = {"clip_000004.png", "clip_000006.png", "clip_000006-2.png"}
    plan = plan_export(info, index, [2, 4, 6], settings, existing=taken)
    header = describe(replace(plan, sampling={"kind": "list"}))
    assert header.frames == "2:7:2"
    assert header.actions == {"number": "1:3"}
    assert header.numbered == ((1, "clip_000004-2.png"), (2, "clip_000006-3.png"))
    assert header.sampling == {"kind": "list"}
    assert header.source["name"] == "clip.mp4"
    assert header.source["time_base"] == str(info.time_base)
    assert header.source["sampled_sha256"] is None
    assert header.settings["compression"] == 1
    # Nothing of the machine it was made on.
    assert "folder" not in header.settings
    assert b"/videos" not in header.as_line()


def test_a_plan_without_a_video_has_no_header(settings: ExportSettings) -> None:
    with pytest.raises(ExportError):
        describe(ExportPlan(settings, np.array([1]), ("a.png",), ()))
