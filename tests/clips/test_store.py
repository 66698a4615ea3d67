"""The clips themselves: each is written once, decodes, and carries the numbers the catalogue says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.synth.number_blocks import read_number
from tests.clips.oddities import ALL_CLIPS
from tests.clips.truth import decode_in_sequence, true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import av

    from tests.clips.catalog import Clip


def upright_number(frame: av.VideoFrame) -> int | None:
    rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    return read_number(np.ascontiguousarray(np.rot90(rgb, frame.rotation // 90)))


@pytest.mark.parametrize("entry", ALL_CLIPS, ids=lambda entry: entry.name)
def test_a_sequential_decode_gives_the_promised_numbers(entry: Clip, clip: Callable[[str], Path]) -> None:
    numbers = tuple(upright_number(frame) for frame in decode_in_sequence(clip(entry.name)))
    if entry.numbers is None:
        assert len(numbers) > 0
    else:
        assert numbers == entry.numbers


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(entry.name for entry in ALL_CLIPS).items() if count > 1] == []


def test_the_truth_tells_frames_apart(plain_clip: Path) -> None:
    frames = true_frames(plain_clip)
    assert len({frame.digest for frame in frames}) == len(frames) == 48
    assert [n for n, frame in enumerate(frames) if frame.is_keyframe] == [0, 12, 24, 36]
    assert {frame.picture_type for frame in frames} == {"I", "P", "B"}


def test_a_clip_is_written_once(clip: Callable[[str], Path]) -> None:
    before = clip("h264.mp4").stat()
    assert clip("h264.mp4").stat() == before
