"""A range and marks of each of many videos."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingMarksError, SettingsError
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe.own_choice import OwnChoice, marks_file_for
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoOutcome, VideoState, run_recipe
from framescope.core.sampling.places import InOutPlaces
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.text import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = ExportSettings(Path(), ImageFormat.PNG, compression=1, name_pattern="{frame:02d}")
EVERY_10TH = Recipe(Sampling(SamplingKind.EVERY_NTH, step=10, only_in_out=True), PNG)
ALL = Recipe(Sampling(SamplingKind.ALL), PNG)


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> list[str]:
    """One of 48 frames at 24 a second, and one of 24."""
    folder = tmp_path / "videos"
    folder.mkdir()
    shutil.copy(clip("h264.mp4"), folder / "long.mp4")
    shutil.copy(clip("small_h264.ts"), folder / "short.ts")
    return [str(folder / "long.mp4"), str(folder / "short.ts")]


def run(videos: list[str], recipe: Recipe, own: OwnChoice) -> tuple[VideoOutcome, ...]:
    folder = Path(videos[0]).parent.parent / "out"
    return run_recipe(recipe, videos, folder, request=RunRequest(own=own))


def saved(outcome: VideoOutcome) -> list[int]:
    assert outcome.result is not None
    return [one.frame_number for one in outcome.result.written]


def test_each_video_has_the_range(videos: list[str]) -> None:
    time = parse_time("1.5s")
    long, short = run(videos, EVERY_10TH, OwnChoice(places=InOutPlaces(5, time)))
    assert saved(long) == [5, 15, 25, 35]
    # It is over by then.
    assert short.state is VideoState.FAILED
    assert isinstance(short.error, SettingsError)
    assert "There is no frame at" in short.error.message


def test_a_range_alone_is_all_of_its_frames(videos: list[str]) -> None:
    own = OwnChoice(SamplingKind.IN_OUT, InOutPlaces(-3, None))
    assert [saved(one) for one in run(videos, ALL, own)] == [[45, 46, 47], [21, 22, 23]]


def test_each_video_has_marks_of_its_own(videos: list[str], tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "long.csv").write_text("frame_number,label\n7,cat\n3,dog\n")
    (tmp_path / "marks" / "short.ts.csv").write_text("frame_number\n2\n4000\n")
    long, short = run(videos, ALL, OwnChoice(SamplingKind.MARKED, marks=tmp_path / "marks"))
    assert saved(long) == [3, 7]
    assert saved(short) == [2]
    assert long.left_out == ()
    (sentence,) = short.left_out
    assert "4" in sentence
    (tmp_path / "marks" / "long.csv").write_text("frame_number\n9999\n")
    (tmp_path / "marks" / "short.ts.csv").unlink()
    failed = run(videos, ALL, OwnChoice(SamplingKind.MARKED, marks=tmp_path / "marks"))
    assert [type(one.error) for one in failed] == [SettingsError, MissingMarksError]
    assert failed[1].error is not None
    assert "short.csv" in failed[1].error.hint


def test_the_file_of_marks_is_found_by_the_name_of_the_video(tmp_path: Path) -> None:
    assert marks_file_for(tmp_path / "one.csv", "any.mp4") == tmp_path / "one.csv"
    for name in ("cats/one.json", "one.csv", "two.mp4.coco.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = {"/v/cats/one.mp4": "cats/one.json", "/v/dogs/one.mp4": "one.csv", "two.mp4": "two.mp4.coco.json"}
    for video, name in found.items():
        assert marks_file_for(tmp_path, video) == tmp_path / name
    with pytest.raises(MissingMarksError) as caught:
        marks_file_for(tmp_path, "three.mp4")
    assert "three.csv" in caught.value.hint
