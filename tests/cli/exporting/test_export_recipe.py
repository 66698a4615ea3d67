"""``framescope export`` by recipes and on several videos."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.recipe.recipe import load_recipe
from framescope.core.sampling.sampling import SamplingKind
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

RECIPE = """\
framescope_recipe = 1
name = "A few"
[frames]
kind = "every-nth"
step = 20
[pictures]
image_format = "png"
name_pattern = "{frame:03d}"
[output]
folders = "{number}-{stem}"
"""


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> list[Path]:
    folder = tmp_path / "videos"
    folder.mkdir()
    for name, source in (("one.mp4", "h264.mp4"), ("two.mkv", "gop_open.mkv")):
        shutil.copy(clip(source), folder / name)
    return [folder / "one.mp4", folder / "two.mkv"]


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "few.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def numbers_in(folder: Path) -> list[int | None]:
    found = []
    for path in sorted(folder.glob("*.png")):
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        found.append(None if picture is None else read_number(picture.astype(np.uint8)))
    return found


def test_a_recipe_is_followed_for_every_video(
    framescope: Callable[..., Answer], videos: list[Path], recipe: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = framescope("export", "--recipe", recipe, *videos, "-o", out)
    assert answer.status == 0, answer.err
    rows = [line.split()[:2] for line in answer.out.splitlines()]
    assert rows == [["one.mp4", "done"], ["two.mkv", "done"]]
    for name in ("1-one", "2-two"):
        assert numbers_in(out / name) == [0, 20, 40]
        assert sorted(path.name for path in (out / name).glob("*.png")) == ["000.png", "020.png", "040.png"]


def test_several_videos_at_a_time(
    framescope: Callable[..., Answer], videos: list[Path], recipe: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = framescope("export", "--recipe", recipe, *videos, "-o", out, "--jobs", 2)
    assert answer.status == 0, answer.err
    assert [line.split()[:2] for line in answer.out.splitlines()] == [
        ["one.mp4", "done"],
        ["two.mkv", "done"],
    ]
    for name in ("1-one", "2-two"):
        assert numbers_in(out / name) == [0, 20, 40]
    single = framescope("export", videos[0], "-o", tmp_path / "one", "--jobs", 2)
    assert single.status == 2
    assert "--jobs needs several videos" in single.err
    assert framescope("export", *videos, "-o", out, "--jobs", 0).status == 2


def test_a_bad_video_is_told_and_stops_nothing(
    framescope: Callable[..., Answer], videos: list[Path], recipe: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"nothing" * 99)
    arguments = ("export", "--recipe", recipe, videos[0], bad, videos[1], "-o", tmp_path / "out")
    answer = framescope(*arguments, "--json")
    assert answer.status == 1
    rows = json.loads(answer.out)["videos"]
    assert [row["state"] for row in rows] == ["done", "failed", "done"]
    assert [len(row["written"]) for row in rows] == [3, 0, 3]
    assert {row.keys() == rows[0].keys() for row in rows} == {True}
    assert rows[1]["error"]["message"]
    again = framescope(*arguments)
    assert again.status == 1
    assert again.err.count("files exist already") == 2
    assert framescope(*arguments, "--existing", "skip").out.count("3 skipped") == 2


def test_a_folder_of_videos_and_choices_of_the_command_line(
    framescope: Callable[..., Answer], videos: list[Path], tmp_path: Path
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept.toml"
    answer = framescope(
        "export", videos[0].parent, "--every", 24, "--format", "png", "-o", out, "--save-recipe", kept
    )
    assert answer.status == 0, answer.err
    assert numbers_in(out / "one") == numbers_in(out / "two") == [0, 24]
    loaded = load_recipe(kept).recipe
    assert (loaded.sampling.kind, loaded.sampling.step) == (SamplingKind.EVERY_NTH, 24)
    assert framescope("export", "--recipe", kept, videos[0], "-o", tmp_path / "again").status == 0
    assert numbers_in(tmp_path / "again") == [0, 24]


def test_unknown_keys_are_told_and_wrong_values_refused(
    framescope: Callable[..., Answer], videos: list[Path], recipe: Path, tmp_path: Path
) -> None:
    recipe.write_text(RECIPE + "zip = true\n", encoding="utf-8")
    answer = framescope("export", "--recipe", recipe, videos[0], "-o", tmp_path / "out")
    assert answer.status == 0
    assert "few.toml: output.zip is unknown" in answer.err
    recipe.write_text(RECIPE.replace("20", "-1.5"), encoding="utf-8")
    answer = framescope("export", "--recipe", recipe, videos[0], "-o", tmp_path / "out")
    assert answer.status == 1
    assert "frames.step" in answer.err


def test_choices_beside_a_recipe_are_refused(
    framescope: Callable[..., Answer], videos: list[Path], recipe: Path, tmp_path: Path
) -> None:
    for option, value in (("every", 3), ("quality", 3)):
        arguments = ("--recipe", recipe, videos[0], "-o", tmp_path / "out", f"--{option}", value)
        answer = framescope("export", *arguments)
        assert answer.status == 2
        assert f"--recipe and --{option} cannot be used together" in answer.err


def test_each_video_has_points_and_marks_of_its_own(
    framescope: Callable[..., Answer], videos: list[Path], tmp_path: Path
) -> None:
    for path, rows in zip(videos, ("3\n5\n", "4\n99999\n"), strict=False):
        (tmp_path / f"{path.stem}.csv").write_text(f"frame_number\n{rows}")
    out = tmp_path / "out"
    arguments = ("export", *videos[:2], "-o", out, "--layout", "coco", "--name", "{frame:02d}", "--json")
    answer = framescope(*arguments, "--marks", tmp_path)
    # A row was left out.
    assert answer.status == 1
    told = json.loads(answer.out)
    assert [[one["frame_number"] for one in video["written"]] for video in told["videos"]] == [[3, 5], [4]]
    (sentence,) = told["left_out"]
    assert "99" in sentence
    answer = framescope(*arguments, "--in", 5, "--out", 8, "--every", 3, "--existing", "overwrite")
    assert answer.status == 0, answer.err
    told = json.loads(answer.out)
    assert [[one["frame_number"] for one in video["written"]] for video in told["videos"]] == [[5, 8]] * 2


def test_what_is_of_one_video_only_is_refused(
    framescope: Callable[..., Answer], videos: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "one.csv").touch()
    beginning = ("export", *videos, "-o", tmp_path / "out")
    answer = framescope(*beginning, "--marks", tmp_path / "one.csv")
    assert answer.status == 2
    assert "--marks needs a folder" in answer.err
    answer = framescope(*beginning, "--in", 3, "--save-recipe", tmp_path / "a.toml")
    assert answer.status == 2
    assert "--save-recipe and --in cannot be used together" in answer.err


def test_several_videos_are_told_what_one_is_told(
    framescope: Callable[..., Answer], clip: Callable[[str], Path], tmp_path: Path
) -> None:
    paths = [str(clip(name)) for name in ("damaged_middle.mp4", "ten_bit.mp4")]
    told = []
    for place, some in enumerate([paths, paths[:1], paths[1:]]):
        answer = framescope(
            "export", *some, "-o", str(tmp_path / f"text{place}"), "--all", "--format", "jpeg"
        )
        told.append(
            {
                line.removeprefix(f"{name}: ")
                for line in answer.err.splitlines()
                for name in ("damaged_middle.mp4", "ten_bit.mp4")
                if len(some) == 1 or line.startswith(f"{name}: ")
            }
        )
        document = framescope(
            "export", *some, "-o", str(tmp_path / f"json{place}"), "--all", "--format", "jpeg", "--json"
        )
        videos = json.loads(document.out)["videos"]
        assert any(frame["is_damaged"] for frame in videos[0]["written"]) == (some != paths[1:])
        assert videos[-1]["notes"] == ["JPEG keeps 8 of the source’s 10 bits."] or some == paths[:1]
    several, damaged, deep = told
    assert several == damaged | deep
    assert any("damaged or may depend on damage" in line for line in damaged)
    assert "note: JPEG keeps 8 of the source’s 10 bits." in deep
