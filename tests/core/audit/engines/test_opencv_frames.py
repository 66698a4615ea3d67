"""OpenCV sought by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.opencv_frames import OpenCVFrames
from framescope.core.audit.engines.protocol import Ask, Engine, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
