"""Packets copied into MP4 as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.clips.remux import remux
from framescope.core.errors import Cancelled, ClipError
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def packets_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_every_packet_is_copied_and_times_begin_at_the_start(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    source = clip("h264.mkv")
    with open_video(source) as video:
        remux(video.info, tmp_path / "out.mp4", CancelToken())
    assert packets_of(tmp_path / "out.mp4") == packets_of(source)
    with open_video(clip("h264.ts")) as video:
        remux(video.info, tmp_path / "from_ts.mp4", CancelToken())
    with av.open(str(tmp_path / "from_ts.mp4")) as container:
        assert next(container.decode(video=0)).time == pytest.approx(0, abs=0.1)


def test_what_mp4_does_not_take_is_refused(clip: Callable[[str], Path], tmp_path: Path) -> None:
    with open_video(clip("utvideo.avi")) as video, pytest.raises(ClipError):
        remux(video.info, tmp_path / "out.mp4", CancelToken())


def test_a_stop_stops_it(clip: Callable[[str], Path], tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with open_video(clip("h264.ts")) as video, pytest.raises(Cancelled):
        remux(video.info, tmp_path / "out.mp4", cancel)
