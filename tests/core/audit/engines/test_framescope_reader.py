"""FrameScope's own reader against a decode that knows nothing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.framescope_reader import FrameScopeReader
from framescope.core.audit.engines.protocol import Ask, Engine, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("name", ["h264.mp4", "gop_open.mp4", "h264.ts"])
def test_it_is_exact(
    name: str,
    clip: Callable[[str], Path],
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    path = clip(name)
    engine = FrameScopeReader(target_of(path))
    assert engine.frame_count_claimed == 48
    assert landings(engine, path) == list(range(48))
    engine.go_to_end()
    with pytest.raises(IndexError):
        engine.seek_read(Ask(48))
    engine.close()


def test_for_its_speed_it_converts_and_keeps(plain_clip: Path, target_of: Callable[[Path], Target]) -> None:
    engine = FrameScopeReader(replace(target_of(plain_clip), convert=True, keeps_frames=True))
    pictures = list(engine.sequential())
    assert len(pictures) == 48
    assert pictures[0].planes[0].shape == (120, 160, 3)
    engine.close()
