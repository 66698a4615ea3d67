"""PyAV's plain seek lands on keyframes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.protocol import Ask, Engine, Nothing, Target
from framescope.core.audit.engines.pyav_plain import PyAVPlain
from framescope.core.audit.engines.read_on import pictures_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_it_gives_the_keyframe_before(
    plain_clip: Path,
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    engine = PyAVPlain(target_of(plain_clip))
    assert engine.frame_count_claimed == 48
    assert landings(engine, plain_clip) == [number // 12 * 12 for number in range(48)]
    engine.go_to_end()
    given = engine.seek_read(Ask(12))
    assert given is not None
    assert given.pts is not None
    assert given.time_s == pytest.approx(0.5)
    engine.close()


def test_pixels_are_planes_or_rgb(plain_clip: Path, target_of: Callable[[Path], Target]) -> None:
    target = target_of(plain_clip)
    plain = next(pictures_of(PyAVPlain(target).sequential()))
    assert [plane.shape for plane in plain.planes] == [(120, 160), (60, 80), (60, 80)]
    converted = Target(target.source, target.stream_index, target.time_base, convert=True)
    packed = next(pictures_of(PyAVPlain(converted).sequential()))
    assert [plane.shape for plane in packed.planes] == [(120, 160, 3)]


def test_damage_ends_nothing(clip: Callable[[str], Path], target_of: Callable[[Path], Target]) -> None:
    engine = PyAVPlain(target_of(clip("damaged_middle.mp4")))
    steps = list(engine.sequential())
    assert len(list(pictures_of(steps))) > 40
    assert all(one.words == "decode() raises InvalidDataError" for one in steps if isinstance(one, Nothing))
    engine.close()


def test_without_timestamps_it_cannot_seek(
    media_file: Callable[[str], Path], target_of: Callable[[Path], Target]
) -> None:
    engine = PyAVPlain(target_of(media_file("raw_hevc.265")))
    engine.go_to_end()
    with pytest.raises(ValueError, match="no timestamp"):
        engine.seek_read(Ask(3))
