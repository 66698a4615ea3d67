"""Which files form a sequence, by any of its names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingFileError, OpenError
from framescope.core.sequence.naming import NamePattern, find_sequence, is_sequence

if TYPE_CHECKING:
    from pathlib import Path


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("names", "pattern", "numbers"),
    [
        (("shot_0007.png", "shot_0009.png", "shot_0010.png"), "shot_%04d.png", (7, 9, 10)),
        (("x0.jpg", "x1.jpg", "x10.jpg", "x2.jpg"), "x%d.jpg", (0, 1, 2, 10)),
        (("1.tif", "2.tif"), "%d.tif", (1, 2)),
        (("098.exr", "099.exr", "100.exr", "1000.exr"), "%03d.exr", (98, 99, 100, 1000)),
        (("a.1001.left.dpx", "a.1002.left.dpx"), "a.%d.left.dpx", (1001, 1002)),
        (("v2_take3_001.png", "v2_take3_002.png"), "v2_take3_%03d.png", (1, 2)),
        (("Größe 100%_01.PNG", "Größe 100%_02.PNG"), "Größe 100%_%02d.PNG", (1, 2)),
        # A width of its own: 01.png is not the file of number 1 here.
        (("0001.png", "0002.png", "3.png"), "%04d.png", (1, 2)),
        (("1403636579763555584.jpg", "1403636579813555456.jpg"), None, ()),
    ],
)
def test_a_folder_is_the_sequence_of_its_numbered_pictures(
    tmp_path: Path, names: tuple[str, ...], pattern: str | None, numbers: tuple[int, ...]
) -> None:
    _touch(tmp_path, *names, "notes.txt", ".hidden_1.png", ".hidden_2.png", "cover.png")
    if pattern is None:
        # The first digits of a longer number belong to the text before it.
        found = find_sequence(tmp_path)
        assert [found.path_of(number).name for number in range(len(found.numbers))] == sorted(names)
        return
    found = find_sequence(tmp_path)
    assert (str(found.pattern), found.numbers) == (pattern, numbers)
    assert all(found.path_of(number).is_file() for number in range(len(numbers)))


@pytest.mark.parametrize("name", ["s_%03d.png", "s_###.png", "s_001.png", "s_%03d.png#fps=24"])
def test_a_pattern_and_the_first_file_mean_the_same(tmp_path: Path, name: str) -> None:
    _touch(tmp_path, "s_001.png", "s_002.png", "s_005.png")
    assert is_sequence(tmp_path / name)
    found = find_sequence(tmp_path / name)
    assert found.numbers == (1, 2, 5)
    assert found.gaps == [(3, 4)]
    assert found.rate == (24 if "#fps" in name else 25)
    assert found.is_rate_given is ("#fps" in name)


def test_any_other_file_of_it_is_a_picture(tmp_path: Path) -> None:
    _touch(tmp_path, "s_001.png", "s_002.png", "alone_7.png", "without.png", "clip1.mp4", "clip2.mp4")
    for name in ("s_002.png", "alone_7.png", "without.png", "clip1.mp4", "gone_1.png", "clip%d.mp4"):
        assert not is_sequence(tmp_path / name), name
        with pytest.raises(MissingFileError):
            find_sequence(tmp_path / name)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    _touch(tmp_path, "s_%d.png", "s_1.png", "s_2.png", "q#fps=24", "r_1.png#fps=30")
    assert not is_sequence(tmp_path / "s_%d.png")
    assert not is_sequence(tmp_path / "r_1.png#fps=30")


def test_several_sequences_are_named(tmp_path: Path) -> None:
    _touch(tmp_path, "a_1.png", "a_2.png", "a_3.png", "b_01.png", "b_02.png")
    with pytest.raises(OpenError, match=r"2 image sequences: a_%d\.png and b_%02d\.png"):
        find_sequence(tmp_path)
    assert find_sequence(tmp_path / "b_01.png").numbers == (1, 2)


def test_numbers_of_other_widths_are_not_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "s_0001.png", "s_0002.png", "s_000003.png", "s_000004.png", "s_9.png", "s_10.png")
    with pytest.raises(OpenError, match=r"3 image sequences: s_%04d\.png, s_%06d\.png and s_%d\.png"):
        find_sequence(tmp_path)
    assert find_sequence(tmp_path / "s_9.png").numbers == (9, 10)


def test_what_cannot_be_a_picture_hides_no_picture(tmp_path: Path) -> None:
    _touch(tmp_path, "s_1.png", "s_2.png")
    (tmp_path / "s_3.png").mkdir()
    try:
        (tmp_path / "s_4.png").symlink_to("s_5.png")
        (tmp_path / "s_5.png").symlink_to("s_4.png")
        (tmp_path / "s_6.png").symlink_to("gone.png")
    except OSError:
        pytest.skip("no links on this file system")
    for name in ("", "s_%d.png", "s_1.png"):
        assert is_sequence(tmp_path / name)
        assert find_sequence(tmp_path / name).numbers == (1, 2)


@pytest.mark.parametrize("name", ["", "#fps=24", "a\0b", "http://host/s_%d.png", "gone/s_%d.png", "x" * 5000])
def test_no_name_raises_or_means_one(tmp_path: Path, name: str) -> None:
    assert not is_sequence(name if name.startswith("http") else str(tmp_path / "empty" / name))


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [("24", Fraction(24)), ("23.976", Fraction("23.976")), ("30000/1001", Fraction(30000, 1001))],
)
def test_a_rate_is_whole_decimal_or_a_fraction(tmp_path: Path, rate: str, wanted: Fraction) -> None:
    _touch(tmp_path, "s_1.png", "s_2.png")
    assert find_sequence(f"{tmp_path}#fps={rate}").rate == wanted


@pytest.mark.parametrize("rate", ["0", "0/1", "1/0", "-1", "x", "1e9", "9" * 40])
def test_an_impossible_rate_names_nothing(tmp_path: Path, rate: str) -> None:
    _touch(tmp_path, "s_1.png", "s_2.png")
    assert not is_sequence(f"{tmp_path}#fps={rate}")


def test_only_ascii_digits_count(tmp_path: Path) -> None:
    _touch(tmp_path, "s_٣.png", "s_٤.png", "t²1.png", "t²2.png")
    pattern = NamePattern("s_", 1, ".png")
    assert pattern.number_of("s_٣.png") is None
    assert pattern.number_of("s_.png") is None
    assert find_sequence(tmp_path).numbers == (1, 2)
