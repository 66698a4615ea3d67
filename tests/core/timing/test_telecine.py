"""Telecine is named by what repeats in the pictures: film is put through pulldown, field by field."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.core.timing.telecine import TelecineKind, find_telecine
from tests.core.compare.moving import Shot, film, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framescope.core.timing.telecine import Telecine
    from tests.core.compare.moving import Picture

FILM, NTSC = Fraction(24000, 1001), Fraction(30000, 1001)
SHOTS = (Shot(70, 3.0), Shot(30, 0.0, 0), Shot(100, 2.0, 2), Shot(100, 5.0))


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return film(SHOTS)


def telecined(frames: Sequence[Picture], *, bottom_first: bool = False) -> list[Picture]:
    """2:3 pulldown: the fields of film frames shown twice and three times in turn, woven in pairs."""
    fields = [number for number in range(len(frames)) for _ in range(2 + number % 2)]
    made = []
    for first, second in zip(fields[::2], fields[1::2], strict=False):
        upper, lower = (second, first) if bottom_first else (first, second)
        woven = frames[upper].copy()
        woven[1::2] = frames[lower][1::2]
        made.append(woven)
    return made


def found_in(path: Path) -> Telecine | None:
    with open_video(path, use_index_cache=False) as video:
        return find_telecine(video)


@pytest.mark.parametrize("bottom_first", [False, True])
@pytest.mark.parametrize(("crf", "pixel_format"), [(18, "yuv420p"), (28, "yuv420p"), (20, "yuv420p10le")])
def test_hard_telecine_is_named(
    frames: list[Picture], crf: int, pixel_format: str, tmp_path: Path, *, bottom_first: bool
) -> None:
    made = telecined(frames, bottom_first=bottom_first)
    path = write(tmp_path / "a.mp4", made, rate=NTSC, crf=crf, pixel_format=pixel_format)
    found = found_in(path)
    assert found is not None
    assert (found.kind, found.film_rate) == (TelecineKind.FIELDS, FILM)
    assert found.words.startswith("Hard telecine (2:3 pulldown)")
    assert "23.976 fps" in found.words


def test_an_edit_after_the_pulldown_changes_nothing(frames: list[Picture], tmp_path: Path) -> None:
    made = telecined(frames)
    found = found_in(write(tmp_path / "a.mp4", [*made[:122], *made[125:]], rate=NTSC))
    assert found is not None
    assert found.kind is TelecineKind.FIELDS


@pytest.mark.parametrize(
    ("rate", "kind"), [(30, TelecineKind.FRAMES), (60, TelecineKind.FRAMES_60)], ids=["30", "60"]
)
def test_film_frames_shown_twice(
    rate: int, kind: TelecineKind, frames: list[Picture], tmp_path: Path
) -> None:
    made = [frames[number * 24 // rate] for number in range(len(frames) * rate // 24)]
    found = found_in(write(tmp_path / "a.mp4", made, rate=Fraction(rate)))
    assert found is not None
    assert (found.kind, found.film_rate) == (kind, Fraction(24))


def interlaced(frames: Sequence[Picture]) -> list[Picture]:
    """As a video camera takes them: each field of another moment."""
    made = []
    for first, second in zip(frames[::2], frames[1::2], strict=True):
        woven = first.copy()
        woven[1::2] = second[1::2]
        made.append(woven)
    return made


def test_ordinary_video_has_none(frames: list[Picture], tmp_path: Path) -> None:
    still = film((Shot(300, 0.0, 0),))
    doubled = [frames[number] for number in range(0, len(frames), 2) for _ in range(2)]
    for name, made in (
        ("film", frames),
        ("video", interlaced([*frames, *frames])),
        ("still", still),
        ("every frame twice", doubled),
        ("24 to 25", [frames[number * 24 // 25] for number in range(300)]),
        ("noise", list(np.random.default_rng(1).integers(0, 255, (200, 90, 160, 3), np.uint8))),
        ("short", frames[:30]),
    ):
        assert found_in(write(tmp_path / "a.mp4", made, rate=NTSC)) is None, name


def test_it_can_be_stopped(frames: list[Picture], tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with open_video(write(tmp_path / "a.mp4", frames[:80])) as video, pytest.raises(Cancelled):
        find_telecine(video, cancel=cancel)
