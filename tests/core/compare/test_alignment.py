"""Frames are matched rightly whatever was done to them, and what was dropped or doubled is named."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from framescope.core.compare.alignment import align_by_content, align_by_number, align_by_time
from framescope.core.compare.differences import DifferenceKind
from framescope.core.compare.fingerprints import CELLS, LEVEL, Fingerprints
from framescope.core.errors import Cancelled, SettingsError
from framescope.core.model.progress import CancelToken
from tests.core.compare.conftest import fingerprints_of
from tests.core.compare.moving import HEIGHT, WIDTH, Shot, film, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from framescope.core.compare.alignment import Alignment
    from tests.core.compare.moving import Picture

TOTAL = 400
ALL = list(range(TOTAL))
DROPPED, DOUBLED = (30, 200, 390), (20, 130)
DEFECTS = [n for n in ALL if n not in DROPPED for _ in range(1 + (n in DOUBLED))]


FILM, NTSC = Fraction(24000, 1001), Fraction(30000, 1001)


def converted(rate: Fraction | int, other: Fraction | int) -> list[int]:
    """Which frame of the film each frame shows after a change from one rate to another."""
    return [
        min(int(number * rate / Fraction(other)), TOTAL - 1) for number in range(int(TOTAL * other / rate))
    ]


def with_logo(picture: Picture) -> Picture:
    picture = picture.copy()
    cv2.rectangle(picture, (250, 10), (310, 40), (255, 255, 255), -1)
    cv2.putText(picture, "TV", (255, 35), 0, 0.8, (200, 0, 0), 2)
    return picture


def cropped(picture: Picture, left: int = 16, top: int = 9, right: int = 16, bottom: int = 9) -> Picture:
    part = picture[top : HEIGHT - bottom, left : WIDTH - right]
    return np.asarray(cv2.resize(part, (WIDTH, HEIGHT)), np.uint8)


def small(picture: Picture) -> Picture:
    return np.asarray(cv2.resize(picture, (192, 108), interpolation=cv2.INTER_AREA), np.uint8)


def brighter(picture: Picture) -> Picture:
    return np.asarray(np.clip(picture * 0.8 + 30.0, 0, 255), np.uint8)


def paler(picture: Picture) -> Picture:
    return np.asarray(255 * (picture / 255) ** 0.7, np.uint8)


def everything(picture: Picture) -> Picture:
    return small(cropped(with_logo(paler(picture)), 12, 6, 10, 8))


def unchanged(picture: Picture) -> Picture:
    return picture


def aligned(  # noqa: PLR0913 - each is named at the call
    path: Path,
    source: Fingerprints,
    frames: Sequence[Picture],
    change: Callable[[Picture], Picture] = unchanged,
    *,
    crf: int = 26,
    rate: Fraction = Fraction(24),
) -> Alignment:
    return align_by_content(source, fingerprints_of(write(path, map(change, frames), crf=crf, rate=rate)))


def right_share(found: Alignment, origins: Sequence[int], frames: Sequence[Picture]) -> float:
    """The share of frames of B that are matched to their origin, or to a picture that is the same."""
    return float(
        np.mean(
            [
                one == origin or (min(one, origin) >= 0 and np.array_equal(frames[one], frames[origin]))
                for one, origin in zip(found.a_of_b.tolist(), origins, strict=True)
            ]
        )
    )


@pytest.mark.parametrize(
    ("change", "crf"),
    [
        (unchanged, 23),
        (unchanged, 40),
        (with_logo, 26),
        (cropped, 26),
        (lambda picture: cropped(picture, 24, 0, 0, 9), 26),
        (small, 26),
        (brighter, 26),
        (paler, 26),
        (everything, 30),
    ],
    ids=["clean", "bad", "logo", "crop", "crop at one side", "small", "bright", "pale", "everything"],
)
def test_a_complete_copy_has_every_frame(
    change: Callable[[Picture], Picture],
    crf: int,
    frames: list[Picture],
    source_prints: Fingerprints,
    tmp_path: Path,
) -> None:
    found = aligned(tmp_path / "b.mp4", source_prints, frames, change, crf=crf)
    assert found.differences == ()
    assert right_share(found, ALL, frames) == 1


@pytest.mark.parametrize(("change", "crf"), [(unchanged, 23), (everything, 28)], ids=["clean", "everything"])
def test_dropped_and_doubled_frames_are_named(
    change: Callable[[Picture], Picture],
    crf: int,
    frames: list[Picture],
    source_prints: Fingerprints,
    tmp_path: Path,
) -> None:
    found = aligned(tmp_path / "b.mp4", source_prints, [frames[n] for n in DEFECTS], change, crf=crf)
    named = [(one.kind, one.a.start, one.count) for one in found.differences]
    assert [(a, n) for kind, a, n in named if kind is DifferenceKind.DROPPED] == [(n, 1) for n in DROPPED]
    assert [(a, n) for kind, a, n in named if kind is DifferenceKind.DOUBLED] == [(n, 1) for n in DOUBLED]
    assert len(named) == 5
    assert right_share(found, DEFECTS, frames) == 1


@pytest.mark.parametrize(
    ("origins", "rate", "kind", "share"),
    [
        ([n * 24 // 25 for n in range(416)], 25, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(1, 25)),
        ([n * 4 // 5 for n in range(500)], 30, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(1, 5)),
        ([n * 2 // 5 for n in range(1000)], 60, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(3, 5)),
        ([n * 5 // 4 for n in range(320)], 24, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 5)),
        ([n * 25 // 24 for n in range(384)], 24, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 25)),
        (ALL[::2], 12, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 2)),
        (converted(24, NTSC), NTSC, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(1, 5)),
        (converted(FILM, 25), 25, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(1, 24)),
        (converted(25, NTSC), NTSC, DifferenceKind.REPEATS_IN_RHYTHM, Fraction(1, 6)),
        (converted(NTSC, 25), 25, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 6)),
        (converted(25, FILM), FILM, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 24)),
        (converted(NTSC, FILM), FILM, DifferenceKind.DROPS_IN_RHYTHM, Fraction(1, 5)),
    ],
    ids=[
        *("24 to 25", "pulldown", "24 to 60", "30 to 24", "25 to 24", "half", "24 to 29.97", "23.976 to 25"),
        *("25 to 29.97", "29.97 to 25", "25 to 23.976", "29.97 to 23.976"),
    ],
)
def test_another_rate_is_one_difference(  # noqa: PLR0913, PLR0917 - a case, and fixtures
    origins: list[int],
    rate: Fraction | int,
    kind: DifferenceKind,
    share: Fraction,
    frames: list[Picture],
    source_prints: Fingerprints,
    tmp_path: Path,
) -> None:
    found = aligned(tmp_path / "b.mp4", source_prints, [frames[n] for n in origins], rate=Fraction(rate))
    (rhythm,) = (one for one in found.differences if one.kind is kind)
    assert rhythm.share == share
    assert right_share(found, origins, frames) >= 0.995
    # At the end, a frame more or less is a matter of rounding.
    others = [one for one in found.differences if one is not rhythm and one.a.start < TOTAL - 5]
    assert len(others) <= 1


def test_a_frame_dropped_within_a_rhythm_is_named(
    frames: list[Picture], source_prints: Fingerprints, tmp_path: Path
) -> None:
    origins = [n for n in (n * 4 // 5 for n in range(500)) if n != 210]
    found = aligned(tmp_path / "b.mp4", source_prints, [frames[n] for n in origins], rate=Fraction(30))
    (dropped,) = (one for one in found.differences if one.kind is DifferenceKind.DROPPED)
    assert (dropped.a, dropped.count) == (range(210, 211), 1)


def test_cut_and_trimmed(frames: list[Picture], source_prints: Fingerprints, tmp_path: Path) -> None:
    origins = [*range(37, 100), *range(180, 380)]
    found = aligned(tmp_path / "b.mp4", source_prints, [frames[n] for n in origins])
    assert [(one.kind, one.a) for one in found.differences] == [
        (DifferenceKind.STARTS_LATER, range(37)),
        (DifferenceKind.CUT, range(100, 180)),
        (DifferenceKind.ENDS_EARLIER, range(380, 400)),
    ]
    assert right_share(found, origins, frames) == 1


def test_inserted_frames(frames: list[Picture], source_prints: Fingerprints, tmp_path: Path) -> None:
    others = film([Shot(5)] * 7 + [Shot(40, 2.0)])[-40:]
    pictures = [*others[:10], *frames[:60], *others[10:12], *frames[60:300], *others[12:], *frames[300:]]
    found = aligned(tmp_path / "b.mp4", source_prints, pictures)
    assert [(one.kind, one.a, one.b) for one in found.differences] == [
        (DifferenceKind.LEAD_IN, range(0), range(10)),
        (DifferenceKind.INSERTED, range(60, 60), range(70, 72)),
        (DifferenceKind.ADDED, range(300, 300), range(312, 340)),
    ]


def test_still_scenes_do_not_invent_drops(
    frames: list[Picture], source_prints: Fingerprints, tmp_path: Path
) -> None:
    """One frame is missing in the still scene from 70 to 114: which one, nobody can tell."""
    found = aligned(tmp_path / "b.mp4", source_prints, [frames[n] for n in ALL if n != 90])
    (one,) = found.differences
    assert (one.kind, one.count, one.between) == (DifferenceKind.DROPPED, 1, range(70, 115))
    assert not one.is_certain


def test_periodic_pictures_are_followed(tmp_path: Path) -> None:
    """Every 20th picture is the same; without a gap is simpler than with several."""
    period = film([Shot(20, 4.0)], grain=0)
    pictures = period * 8
    source = fingerprints_of(write(tmp_path / "a.mp4", pictures, crf=16))
    assert aligned(tmp_path / "b.mp4", source, pictures).differences == ()
    found = aligned(tmp_path / "c.mp4", source, pictures[:90] + pictures[91:])
    assert [(one.kind, one.a) for one in found.differences] == [(DifferenceKind.DROPPED, range(90, 91))]


def test_a_long_loop_is_followed() -> None:
    random = np.random.default_rng(3)
    total, period = 4000, 89
    loop = random.normal(120, 25, (period, CELLS))
    # Each round is as the one before it, but for a little that is its own.
    pictures = loop[np.arange(total) % period] + random.normal(0, 0.5, (total, CELLS))
    kept = [number for number in range(total) if number not in {700, 701, 2900}]

    def prints(numbers: Sequence[int]) -> Fingerprints:
        noisy = pictures[list(numbers)] + random.normal(0, 0.2, (len(numbers), CELLS))
        cells = (np.clip(noisy, 0, 255) * LEVEL).astype(np.uint16)
        return Fingerprints(cells, np.ones(len(cells), np.bool_), np.arange(len(cells)) / 25)

    found = align_by_content(prints(range(total)), prints(kept))
    assert np.mean(found.a_of_b == np.array(kept)) >= 0.995
    assert [(one.kind, one.a, one.count) for one in found.differences] == [
        (DifferenceKind.DROPPED, range(700, 702), 2),
        (DifferenceKind.DROPPED, range(2900, 2901), 1),
    ]


def test_something_on_top_of_the_picture_drops_nothing(
    frames: list[Picture], source_prints: Fingerprints, tmp_path: Path
) -> None:
    pictures = [picture.copy() for picture in frames]
    for picture in pictures[100:140]:
        cv2.putText(picture, "A subtitle, shown a while", (20, 160), 0, 0.6, (255, 255, 255), 2)
    assert aligned(tmp_path / "b.mp4", source_prints, pictures).differences == ()


def test_other_videos_have_nothing_in_common(source_prints: Fingerprints, tmp_path: Path) -> None:
    other = film([Shot(3)] * 9 + [Shot(60, 2.0)] * 2)[-120:]
    found = aligned(tmp_path / "b.mp4", source_prints, other)
    assert [one.kind for one in found.differences] == [DifferenceKind.NOTHING_IN_COMMON]
    assert len(found.pairs) == 0


def test_what_cannot_be_decoded_is_not_dropped(source_prints: Fingerprints) -> None:
    cells, is_available = source_prints.cells.copy(), source_prints.is_available.copy()
    for number in (30, 200, 201):
        cells[number], is_available[number] = cells[number - 1], False
    other = replace(source_prints, cells=cells, is_available=is_available)
    for a, b in ((source_prints, other), (other, source_prints)):
        found = align_by_content(a, b)
        assert found.differences == ()
        assert found.b_of_a.tolist() == ALL


def test_pins_are_kept(source_prints: Fingerprints) -> None:
    found = align_by_content(source_prints, source_prints, pins=[(200, 203), (10, 10)])
    assert found.b_of_a[200] == 203
    assert found.a_of_b[10] == 10
    for pins in ([(0, 400)], [(10, 20), (20, 15)], [(-1, 0)]):
        with pytest.raises(SettingsError):
            align_by_content(source_prints, source_prints, pins=pins)


def test_cancelling(source_prints: Fingerprints) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        align_by_content(source_prints, source_prints, cancel=cancel)


def test_by_number() -> None:
    found = align_by_number(5, 3)
    assert found.pairs.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert [(one.kind, one.a) for one in found.differences] == [(DifferenceKind.ENDS_EARLIER, range(3, 5))]
    assert [(one.kind, one.b) for one in align_by_number(3, 5).differences] == [
        (DifferenceKind.LEAD_OUT, range(3, 5))
    ]


def test_by_time() -> None:
    a_s = np.arange(10) / 24
    found = align_by_time(a_s, np.delete(a_s, 4))
    assert [(one.kind, one.a) for one in found.differences] == [(DifferenceKind.DROPPED, range(4, 5))]
    assert found.a_of_b.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    with pytest.raises(SettingsError):
        align_by_time(a_s, np.full(3, np.nan))
