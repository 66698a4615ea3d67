"""OpenCV sought by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.opencv_frames import OpenCVFrames
from framescope.core.audit.engines.protocol import Ask, Delivered, Engine, Nothing, Target
from framescope.core.opencv import cv2
from tests.clips.remuxing import copy_packets, with_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.remuxing import VideoPacket


def test_it_reads_seeks_and_ends(
    plain_clip: Path,
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    engine = OpenCVFrames(target_of(plain_clip))
    assert engine.frame_count_claimed == 48
    assert landings(engine, plain_clip) == list(range(48))
    engine.go_to_end()
    assert engine.seek_read(Ask(48)) is None
    given = engine.seek_read(Ask(7))
    assert given is not None
    assert given.planes[0].shape == (120, 160, 3)
    assert given.position == 8
    assert given.time_s == pytest.approx(7 / 24, abs=1e-3)
    engine.close()


def test_what_is_no_video_is_refused(
    tmp_path: Path, plain_clip: Path, target_of: Callable[[Path], Target]
) -> None:
    target = target_of(plain_clip)
    nothing = Target(str(tmp_path / "nothing.mp4"), 0, target.time_base)
    with pytest.raises(OSError, match="cannot open"):
        OpenCVFrames(nothing)


def test_one_damaged_packet_is_not_the_end(
    tmp_path: Path, plain_clip: Path, target_of: Callable[[Path], Target]
) -> None:
    path = tmp_path / "damaged.mp4"

    def edit(number: int, packet: VideoPacket) -> VideoPacket:
        return with_payload(packet, b"\xff" * packet.size) if number == 20 else packet

    copy_packets(plain_clip, path, edit)
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    came = "".join("x" if capture.read()[0] else "." for _ in range(60)).rstrip(".")
    capture.release()
    assert "." in came, "this OpenCV hides the damage"
    engine = OpenCVFrames(target_of(path))
    steps = list(engine.sequential())
    engine.close()
    assert "".join("x" if isinstance(one, Delivered) else "." for one in steps).rstrip(".") == came
    assert Nothing("read() returns False") in steps
