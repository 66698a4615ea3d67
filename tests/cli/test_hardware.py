"""``framescope hardware`` and ``--hwaccel``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framescope.cli import hardware as module
from framescope.core.hardware.examining import FoundDevice
from framescope.core.hardware.verdicts import Subject, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo
    from tests.cli.conftest import Answer


@pytest.fixture(autouse=True)
def devices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Two kinds of device, the first of which is there and has no fault; the names of those tried."""
    tried: list[str] = []

    def examine(info: VideoInfo, name: str, **_options: object) -> tuple[Verdict, bool]:
        tried.append(name)
        is_good = name == "cuda"
        reason = "" if is_good else "frame 3: 1 of 9 samples differ, by up to 1"
        return Verdict(Subject.of(name, info), is_good, 60 if is_good else 3, reason), True

    found = (FoundDevice("cuda", ("h264", "hevc")), FoundDevice("vaapi", ("h264",), "no such file"))
    monkeypatch.setattr("framescope.core.hardware.verdicts.cache_folder", lambda: tmp_path)
    monkeypatch.setattr("framescope.core.hardware.devices.device_kinds", lambda: ("cuda", "vaapi"))
    monkeypatch.setattr(
        "framescope.core.hardware.devices.device_formats", lambda _: {"cuda": "cuda", "vaapi": "vaapi"}
    )
    monkeypatch.setattr(module, "find_devices", lambda _cancel: found)
    monkeypatch.setattr("framescope.core.hardware.use.examine", examine)
    return tried


def test_devices_are_listed(framescope: Callable[..., Answer]) -> None:
    answer = framescope("hardware")
    assert answer.status == 0
    assert "NVIDIA (NVDEC): h264, hevc" in answer.out
    assert "VA-API: not found (no such file)" in answer.out
    found: Any = framescope("hardware", "--json").json()["devices"]
    first, second = found[0], found[1]
    assert (first["device"], first["is_available"], first["codecs"]) == ("cuda", True, ["h264", "hevc"])
    assert (second["is_available"], second["reason"]) == (False, "no such file")


def test_without_a_device_that_is_said(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_devices", lambda _cancel: ())
    answer = framescope("hardware")
    assert answer.status == 0
    assert answer.out == "There is no device to decode with: videos are decoded in software.\n"


def test_a_video_is_tried_once(
    framescope: Callable[..., Answer], plain_clip: Path, devices: list[str]
) -> None:
    answer = framescope("hardware", plain_clip)
    assert answer.status == 0
    assert answer.out.splitlines() == [
        "NVIDIA (NVDEC): trusted, 60 frames are the same bit for bit.",
        "VA-API: not trusted, frame 3: 1 of 9 samples differ, by up to 1.",
    ]
    verdicts: Any = framescope("hardware", plain_clip, "--json").json()["verdicts"]
    good, bad = verdicts[0], verdicts[1]
    assert (good["device"], good["is_trusted"], good["frames_compared"]) == ("cuda", True, 60)
    assert (bad["is_trusted"], bad["codec"], bad["pixel_format"]) == (False, "h264", "yuv420p")
    assert devices == ["cuda", "vaapi"]
    framescope("hardware", plain_clip, "--again")
    assert devices == ["cuda", "vaapi"] * 2


def test_one_device_is_tried_alone(
    framescope: Callable[..., Answer], plain_clip: Path, devices: list[str]
) -> None:
    answer = framescope("hardware", plain_clip, "--device", "vaapi:/dev/dri/renderD129")
    assert answer.status == 1
    assert devices == ["vaapi:/dev/dri/renderD129"]


def test_a_codec_without_a_device_is_named(
    framescope: Callable[..., Answer], plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framescope.core.hardware.devices.device_formats", lambda _: {})
    answer = framescope("hardware", plain_clip)
    assert answer.status == 1
    assert answer.out == "No device can decode with h264, FFmpeg's decoder for it.\n"


def test_an_export_says_what_decoded(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framescope.core.hardware.devices.device_formats", lambda _: {})
    answer = framescope("export", plain_clip, "-o", tmp_path / "a", "--every", 24, "--hwaccel", "auto")
    assert answer.status == 0
    assert "Decoder: software: no device of this FFmpeg decodes with h264" in answer.err
    answer = framescope("export", plain_clip, "-o", tmp_path / "b", "--every", 24)
    assert "Decoder" not in answer.err
