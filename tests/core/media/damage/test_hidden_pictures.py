"""Damage to pictures that an edit list hides is told by the frames that are predicted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.index_builder import Counting
from framescope.core.source.ahead import SourceAhead
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.frame import Frame

CLIP = "edit_list_inside_gop.mp4"


def planes_of(frame: Frame) -> bytes:
    return b"".join(plane.tobytes() for plane in frame.planes())


def frames_of(path: Path, counting: Counting) -> dict[int, Frame]:
    """The frames that can be shown, by time."""
    found: dict[int, Frame] = {}
    with open_video(path, use_index_cache=False, counting=counting) as video:
        for number in range(len(video.index)):
            try:
                frame = video.frame(number)
            except FrameUnavailableError:
                continue
            found[frame.pts or 0] = frame
    return found


def damaged_copies(path: Path, folder: Path) -> list[Path]:
    """One bit of a hidden packet is wrong in each."""
    with av.open(str(path)) as container:
        hidden = [
            (packet.pos or 0, packet.size)
            for packet in container.demux(video=0)
            if packet.size and packet.is_discard
        ]
    assert len(hidden) > 2
    copies: list[Path] = []
    for position, size in hidden[1:]:
        for share in (0.4, 0.7):
            data = bytearray(path.read_bytes())
            data[position + round(size * share)] ^= 0x10
            copies.append(folder / f"{len(copies)}{path.suffix}")
            copies[-1].write_bytes(data)
    return copies


@pytest.mark.parametrize("counting", Counting)
def test_frames_predicted_from_a_damaged_hidden_picture_are_marked(
    counting: Counting, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    sound = {pts: planes_of(frame) for pts, frame in frames_of(clip(CLIP), counting).items()}
    differ = 0
    for path in damaged_copies(clip(CLIP), tmp_path):
        for pts, frame in frames_of(path, counting).items():
            if planes_of(frame) != sound[pts]:
                differ += 1
                assert frame.is_damaged, (path, pts)
    assert differ


def test_the_first_picture_ahead_is_marked_too(clip: Callable[[str], Path], tmp_path: Path) -> None:
    sound = planes_of(frames_of(clip(CLIP), Counting.AUTO)[0])
    marked = 0
    for path in damaged_copies(clip(CLIP), tmp_path):
        there = SourceAhead(str(path), 0).take_picture(60)
        if there is not None and planes_of(there[1]) != sound:
            assert there[1].is_damaged
            marked += 1
    assert marked
