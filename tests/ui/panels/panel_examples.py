"""Indexes and facts for the panels' tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from framescope.core.media.frame_order import order_frames
from framescope.core.model.stream_facts import OpenCVFacts
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.stand_ins import StandInController, make_info

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

OPENCV = OpenCVFacts("5.0.0", opened=True, fourcc="h264", fps=25.0, frame_count=12.0, width=64, height=48)


def gop_index(*, complete: bool = True) -> FrameIndex:
    """Three GOPs in display order: IBBP at 0, IBBPP at 4, and BI with its keyframe at 10."""
    pts = [0, 3, 1, 2, 4, 7, 5, 6, 8, 10, 9, 11]
    codes = [1, 2, 3, 3, 1, 2, 3, 3, 2, 1, 3, 2]
    return order_frames(packet_table(pts, [0, 4, 9], codes=codes, complete=complete), TIME_BASE)


def gop_info(**changes: object) -> VideoInfo:
    """The facts of the video that ``gop_index`` lists."""
    info = make_info(frame_count_declared=12, duration_s=12 / 25)
    return replace(info, **changes)  # type: ignore[arg-type]


def open_video(session: StandInController, index: FrameIndex | None = None, **changes: object) -> None:
    """Pretend that this video was opened and listed."""
    session.index = gop_index() if index is None else index
    session.open(gop_info(**changes), frame_total=len(session.index))
    session.index_updated.emit()
