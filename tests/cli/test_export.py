"""``framescope export`` saves the frames asked for, under the names asked for, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def number_in(path: Path) -> int | None:
    encoded = np.frombuffer(path.read_bytes(), np.uint8)
    return read_number(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8))


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (("--frames", "3,10:14,-1"), [3, 10, 11, 12, 13, 47]),
        (("--every", "20"), [0, 20, 40]),
        (("--keyframes",), [0, 12, 24, 36]),
        (("--all",), list(range(48))),
    ],
)
def test_the_pictures_carry_the_numbers_of_their_names(
    choice: tuple[str, ...],
    numbers: list[int],
    framescope: Callable[..., Answer],
    plain_clip: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new" / "frames"
    answer = framescope("export", plain_clip, "-o", folder, *choice)
    assert answer.status == 0, answer.err
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == [f"h264_{number:06d}.jpg" for number in numbers]
    assert [number_in(path) for path in files] == numbers
    assert f"{len(numbers)} frames saved" in answer.out


def test_png_and_names_of_ones_own(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    options = ("--format", "png", "--compression", "9", "--name", "é_{time}_{pts}")
    assert framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", "24", *options).status == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "é_00-00-01.000_12288.png"
    assert number_in(path) == 24


def test_json_names_every_file(framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path) -> None:
    table = framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", "3,4", "--json").json()
    written = table["written"]
    assert isinstance(written, list)
    assert [one["frame_number"] for one in written] == [3, 4]
    assert all((tmp_path / "out" / one["file"]).stat().st_size == one["size_bytes"] for one in written)
    assert table["failed"] == table["skipped"] == table["not_reached"] == []


def test_files_that_are_there_stop_it_until_one_decides(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    command = ("export", plain_clip, "-o", tmp_path / "out", "--frames", "1,2")
    assert framescope(*command).status == 0
    refused = framescope(*command)
    assert refused.status == 1
    assert "--existing" in refused.err
    assert framescope(*command, "--existing", "skip").status == 0
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert framescope(*command, "--existing", "number").status == 0
    assert len(list((tmp_path / "out").iterdir())) == 4


@pytest.mark.parametrize("choice", [(), ("--all", "--keyframes"), ("--frames", "1", "--every", "2")])
def test_one_way_of_choosing_is_needed(
    choice: tuple[str, ...], framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    assert framescope("export", plain_clip, "-o", tmp_path, *choice).status == 2


@pytest.mark.parametrize("listed", ["48", "1-5", "x", "10:3"])
def test_a_list_that_makes_no_sense_is_an_error(
    listed: str, framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", listed)
    assert answer.status == 1
    assert answer.err.startswith("error: ")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_an_error(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_bytes(b"")
    answer = framescope("export", plain_clip, "-o", tmp_path / "taken", "--keyframes")
    assert answer.status == 1
    assert "hint: " in answer.err
